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
        sample.protocolNumber == .tcp || sample.protocolNumber == .udp
      else { continue }
      let ways = ways(of: set, subject.prober.neutral)
      guard let way = ways.first(where: { !filter.mayAccept(answer(sample, $0, set), at: .forward) }) else { continue }
      let packet = "in on \(way.input) \(sample.text) forward out \(way.output)"
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

  /// How many interfaces are tried for each end.
  private static let mostInterfaces = 8

  /// From where to where packets of a set may go: between interfaces that rules name, or where they name none that fits,
  /// another one.
  private static func ways(of set: PacketSet, _ neutral: NeutralValues) -> [(
    input: InterfaceName, output: InterfaceName
  )] {
    func names(_ dimension: Dimension) -> [InterfaceName] {
      let numbers = set.numbers(dimension)
      let named = neutral.named.prefix(mostInterfaces).filter { numbers.contains(PacketSet.single($0).lowest) }
      return named.isEmpty && numbers.contains(PacketSet.single(neutral.interface).lowest) ? [neutral.interface] : named
    }
    let (inputs, outputs) = (names(.input), names(.output))
    let ways = inputs.flatMap { input in outputs.filter { $0 != input }.map { (input: input, output: $0) } }
    if !ways.isEmpty || inputs.isEmpty || outputs.isEmpty { return ways }
    // One interface fits both ends, and a packet goes out by another one than it came in by.
    return set[.output] == nil
      ? [(inputs[0], neutral.interface)] : set[.input] == nil ? [(neutral.interface, outputs[0])] : []
  }

  /// What comes back to a packet on a way.
  private static func answer(
    _ sample: SamplePacket, _ way: (input: InterfaceName, output: InterfaceName), _ set: PacketSet
  ) -> PacketSet {
    var answer = PacketSet(set.family)
    let number = UInt128(sample.protocolNumber.rawValue)
    answer.limit(.protocolNumber, to: IntervalSet(number, number))
    answer.limit(.state, to: StateValues.numbers(.established))
    answer.limit(.input, to: PacketSet.single(way.output))
    answer.limit(.output, to: PacketSet.single(way.input))
    answer.limit(.sourcePort, to: IntervalSet(UInt128(sample.destinationPort), UInt128(sample.destinationPort)))
    if sample.protocolNumber == .tcp { answer.limit(.tcpFlags, to: IntervalSet(0x12, 0x12)) }
    return answer
  }
}
