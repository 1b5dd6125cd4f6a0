// 4002: replies of the host's services are dropped in OUTPUT.

import NetfilterModel

/// 4002: a reply to a connection that INPUT lets in is dropped in OUTPUT.
enum OutputNoEstablished: LintCheck {
  static let code = LintCode(
    4002, "output-no-established", .error, "Replies of the host's services are dropped in OUTPUT", basis: .packet,
    page: LintPage(
      problematic: LintPage.filter(
        """
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
        -A OUTPUT -o lo -j ACCEPT
        -A OUTPUT -p udp -m udp --dport 53 -j ACCEPT
        """,
        output: "DROP"),
      correct: LintPage.filter(
        """
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
        -A OUTPUT -o lo -j ACCEPT
        -A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A OUTPUT -p udp -m udp --dport 53 -j ACCEPT
        """,
        output: "DROP"),
      why: """
        INPUT lets a connection in, and no rule of OUTPUT accepts what the host answers: the client sees a time-out.
        Accept packets of state ESTABLISHED near the top of OUTPUT.
        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let filter = subject.filter, filter.place(of: .output) != nil else { return }
    for rule in filter.rules(from: .input) where rule.outcome == .accept && !rule.keepsState {
      let set = filter.packets(at: rule)
      guard let port = set[.destinationPort]?.lowest, set[.protocolNumber]?.single != nil,
        let sample = SamplePacket(in: set, subject.prober.neutral)
      else { continue }
      var answer = PacketSet(subject.family)
      let number = UInt128(sample.protocolNumber.rawValue)
      answer.limit(.protocolNumber, to: IntervalSet(number, number))
      answer.limit(.sourcePort, to: IntervalSet(port, port))
      answer.limit(.state, to: StateValues.numbers(.established))
      // A server answers with SYN and ACK; rules for resets are none for it.
      if sample.protocolNumber == .tcp { answer.limit(.tcpFlags, to: IntervalSet(0x12, 0x12)) }
      answer.limit(.output, to: PacketSet.outside)
      guard !filter.mayAccept(answer, at: .output) else { continue }
      let packet = "in on \(sample.input) \(sample.text) deliver"
      guard let walk = subject.prober.walk([packet, "reply"]), !walk.isUnknown, let place = walk.denier,
        place.table == .filter
      else { continue }
      sink.add(
        code, at: rule, in: filter,
        "connections that this accepts get no answer: OUTPUT drops replies from port \(port)",
        help: "add `-A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT` near the top",
        proof: subject.prober.proof(walk))
      return
    }
  }
}
