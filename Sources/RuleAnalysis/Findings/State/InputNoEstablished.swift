// 4001: replies to the host's own connections are dropped in INPUT.

import NetfilterModel
import Simulator

/// 4001: a reply to a connection that the rules let the host begin is dropped in INPUT.
enum InputNoEstablished: LintCheck {
  static let code = LintCode(
    4001, "input-no-established", .error, "Replies to the host's own connections are dropped in INPUT", basis: .packet,
    page: LintPage(
      problematic: LintPage.filter("-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"),
      correct: LintPage.filter(
        """
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
        """
      ),
      why: """
        OUTPUT lets the host begin connections, and no rule of INPUT accepts what is answered: names are not
        resolved, no update is loaded. Accept packets of state ESTABLISHED, and RELATED for errors, near the top of
        INPUT.
        """,
      exceptions: "A host that is only asked and never asks; then OUTPUT should not let it either."))

  /// What hosts ask for mostly.
  private static let usual: [(ProtocolNumber, UInt16)] = [(.udp, 53), (.tcp, 443), (.tcp, 80), (.udp, 123)]

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let filter = subject.filter, let chain = filter.place(of: .input),
      !filter.rules[chain].isEmpty || filter.chain(chain).policy == .drop
    else { return }
    var answers = PacketSet(subject.family)
    answers.limit(.state, to: StateValues.numbers(.established))
    answers.limit(.input, to: PacketSet.outside)
    guard !accepts(answers, filter, subject) else { return }
    for (number, port) in usual {
      guard let failed = failure(number, port, subject) else { continue }
      if let proof = failed.proof {
        sink.add(
          code, atChain: chain, in: filter,
          "replies to the host's own connections are dropped in INPUT: \(number) port \(port), for one",
          help: "add `-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT` near the top", proof: proof)
      }
      return
    }
  }

  /// Whether a rule of INPUT may accept answers: by their state, by their source port, or all of an interface.
  private static func accepts(_ answers: PacketSet, _ filter: TableView, _ subject: LintSubject) -> Bool {
    guard let chain = filter.place(of: .input) else { return true }
    if filter.chain(chain).policy == .accept, !filter.takesEverything(chain) { return true }
    // What is accepted for a service of the host itself is no answer: its destination port is below those of clients.
    return filter.rules(from: .input).contains { rule in
      guard rule.outcome == .accept || rule.outcome == .queue || rule.outcome == .unknown else { return false }
      let set = filter.packets(at: rule)
      guard set.intersects(answers) else { return false }
      if rule.outcome != .accept { return true }
      if set[.icmpType] != nil { return false }
      let number = set[.protocolNumber]
      if let number, number.intersection(IntervalSet(6, 17)).isEmpty { return false }
      // Answers come to whatever port a client was given: a few ports are those of services.
      if let ports = set[.destinationPort] {
        let clients = ports.intersection(IntervalSet(32_768, 60_999)).parts.reduce(UInt128(0)) {
          $0 + $1.upper - $1.lower + 1
        }
        if clients < 1000 { return false }
      }
      return true
    }
  }

  private static func failure(_ number: ProtocolNumber, _ port: UInt16, _ subject: LintSubject) -> (
    proof: LintProof?, Bool
  )? {
    let neutral = subject.prober.neutral
    guard let far = neutral.sources.first else { return nil }
    var first: Prober.Answer?
    for interface in neutral.named.prefix(8) + [neutral.interface] {
      let packet = SamplePacket.text(number, neutral.own, NeutralValues.clientPort, far, port)
      guard let start = subject.prober.walk(["local \(packet) out \(interface)"]), start.isThrough else { continue }
      guard let answer = subject.prober.walk(["local \(packet) out \(interface)", "reply"]) else { continue }
      guard let place = answer.denier, !answer.isUnknown, place.table == .filter else { return (nil, false) }
      first = first ?? answer
    }
    return first.map { (subject.prober.proof($0), true) }
  }
}
