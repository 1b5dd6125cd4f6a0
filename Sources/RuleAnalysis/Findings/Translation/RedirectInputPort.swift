// 3003: REDIRECT to a port that INPUT does not open.

import NetfilterModel

/// 3003: REDIRECT sends connections to a port that INPUT drops, while it opens the one from before.
enum RedirectInputPort: LintCheck {
  static let code = LintCode(
    3003, "redirect-input-port", .error, "INPUT opens the port before REDIRECT, not the one behind it", basis: .packet,
    page: LintPage(
      problematic: LintPage.nat("-A PREROUTING -i eth0 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8080")
        + LintPage.server("-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT"),
      correct: LintPage.nat("-A PREROUTING -i eth0 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8080")
        + LintPage.server("-A INPUT -p tcp -m tcp --dport 8080 -j ACCEPT"),
      why: """
        REDIRECT changes the port in PREROUTING, before INPUT is asked. INPUT meets the new port, and must open that
        one.
        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let nat = subject.nat, let filter = subject.filter else { return }
    for rule in nat.rules(from: .prerouting) {
      guard let translation = rule.translation, translation.address == .thisHost,
        let new = translation.range.ports?.lowerBound, let old = rule.set[.destinationPort]?.single, old != UInt128(new)
      else { continue }
      let set = nat.packets(at: rule)
      guard let sample = SamplePacket(in: set, subject.prober.neutral) else { continue }
      var after = PacketSet(subject.family)
      let number = UInt128(sample.protocolNumber.rawValue)
      after.limit(.protocolNumber, to: IntervalSet(number, number))
      after.limit(.state, to: StateValues.numbers { $0.contains([.new, .destinationNAT]) })
      after.limit(.input, to: set.numbers(.input).intersection(PacketSet.outside))
      var before = after
      after.limit(.destinationPort, to: IntervalSet(UInt128(new), UInt128(new)))
      before.limit(.destinationPort, to: IntervalSet(old, old))
      guard !filter.mayAccept(after, at: .input), let opener = filter.accepts(before, from: .input),
        opener.set[.destinationPort] != nil,
        let answer = subject.prober.walk(["in on \(sample.input) \(sample.text) deliver"]), !answer.isUnknown,
        let place = answer.denier, place.table == .filter, place.chain != "FORWARD"
      else { continue }
      sink.add(
        code, at: rule, in: nat,
        "connections are redirected to port \(new), which INPUT drops: it opens port \(old) only",
        help: "open port \(new) in filter/INPUT", notes: opener.note(filter, "opens port \(old)"),
        proof: subject.prober.proof(answer))
    }
  }
}
