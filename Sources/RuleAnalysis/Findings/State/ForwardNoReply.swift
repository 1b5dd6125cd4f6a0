// 4003: replies of forwarded connections are dropped.

import NetfilterModel

/// 4003: the reply of a connection that FORWARD lets through is dropped.
enum ForwardNoReply: LintCheck {
  static let code = LintCode(
    4003, "forward-no-reply", .error, "Replies of forwarded connections are dropped in FORWARD", basis: .packet,
    page: LintPage(
      problematic: LintPage.server("-A FORWARD -i eth1 -o eth0 -j ACCEPT"),
      correct: LintPage.server(
        "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A FORWARD -i eth1 -o eth0 -j ACCEPT"),
      why: """
        A rule lets connections through in one direction, and no rule accepts what comes back. Accept packets of
        state ESTABLISHED near the top of FORWARD.
        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let filter = subject.filter, filter.place(of: .forward) != nil else { return }
    for rule in filter.rules(from: .forward) where rule.outcome == .accept && !rule.keepsState {
      let set = filter.packets(at: rule)
      guard let sample = SamplePacket(in: set, subject.prober.neutral),
        sample.protocolNumber == .tcp || sample.protocolNumber == .udp,
        sample.input != sample.output, !sample.output.isNone
      else { continue }
      var answer = PacketSet(subject.family)
      let number = UInt128(sample.protocolNumber.rawValue)
      answer.limit(.protocolNumber, to: IntervalSet(number, number))
      answer.limit(.state, to: StateValues.numbers(.established))
      answer.limit(.input, to: PacketSet.single(sample.output))
      answer.limit(.output, to: PacketSet.single(sample.input))
      answer.limit(.sourcePort, to: IntervalSet(UInt128(sample.destinationPort), UInt128(sample.destinationPort)))
      if sample.protocolNumber == .tcp { answer.limit(.tcpFlags, to: IntervalSet(0x12, 0x12)) }
      guard !filter.mayAccept(answer, at: .forward) else { continue }
      let packet = "in on \(sample.input) \(sample.text) forward out \(sample.output)"
      guard let walk = subject.prober.walk([packet, "reply"]), !walk.isUnknown, let place = walk.denier,
        place.table == .filter
      else { continue }
      sink.add(
        code, at: rule, in: filter, "connections that this lets through get no answer: FORWARD drops the replies",
        help: "add `-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT` near the top",
        proof: subject.prober.proof(walk))
      return
    }
  }
}
