// 4004: the host cannot talk to itself.

import NetfilterModel

/// 4004: a new connection over loopback is dropped.
enum NoLoopbackAccept: LintCheck {
  static let code = LintCode(
    4004, "no-loopback-accept", .warning, "Connections of the host to itself are dropped", basis: .packet,
    page: LintPage(
      problematic: LintPage.filter(
        "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"),
      correct: LintPage.server("-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"),
      why: """
        Programs of a host talk to each other over the interface lo, and their packets go through OUTPUT and INPUT
        as all others do. Nothing accepts them here: local resolvers, databases and many desktops do not work.
        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let filter = subject.filter else { return }
    let loopback = PacketSet.single(.loopback)
    for hook in [Hook.input, .output] {
      guard let chain = filter.place(of: hook), !filter.rules[chain].isEmpty || filter.chain(chain).policy == .drop
      else { continue }
      // A host that denies everything, and accepts nothing, is closed on purpose.
      guard filter.rules(from: HookSet(hook)).contains(where: { $0.outcome == .accept }) || hook == .output else {
        continue
      }
      var set = PacketSet(subject.family)
      set.limit(.state, to: StateValues.numbers(.new))
      set.limit(hook == .input ? .input : .output, to: loopback)
      let address = IPAddress.loopback(subject.family)
      let isSpoken = filter.rules(from: HookSet(hook)).contains { rule in
        guard rule.outcome == .accept || rule.outcome == .unknown || rule.outcome == .queue else { return false }
        let packets = filter.packets(at: rule)
        guard packets.intersects(set) else { return false }
        // What speaks of loopback, or takes all that is new, counts; what opens a port does not.
        let speaks = (rule.set[.input] ?? rule.set[.output]).map { $0.contains(loopback) } ?? false
        let hasAddress = [rule.set[.source], rule.set[.destination]].contains {
          $0?.contains(PacketSet.single(address).lowest) ?? false
        }
        return speaks || hasAddress
          || packets[.destinationPort] == nil && packets[.protocolNumber] == nil
            && packets[.sourcePort] == nil && packets[.source] == nil && packets[.destination] == nil
      }
      if isSpoken { continue }
      let packet = SamplePacket.text(.tcp, address, NeutralValues.clientPort, address, subject.prober.neutral.port)
      guard let walk = subject.prober.walk(["local \(packet) out lo"]), !walk.isUnknown, let place = walk.denier,
        place.table == .filter, place.chain == hook.chainName || hook == .output || place.chain != "OUTPUT"
      else { continue }
      let option = hook == .input ? "-i" : "-o"
      sink.add(
        code, atChain: chain, in: filter, "connections of the host to itself are dropped in \(hook.chainName)",
        help: "add `-A \(hook.chainName) \(option) lo -j ACCEPT` near the top", proof: subject.prober.proof(walk))
      return
    }
  }
}
