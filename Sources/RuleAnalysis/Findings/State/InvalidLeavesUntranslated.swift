// 4009: packets that belong to no connection leave with their inner source.

import NetfilterModel
import Simulator

/// 4009: FORWARD lets INVALID packets through, which table nat does not translate (kubernetes#74839).
enum InvalidLeavesUntranslated: LintCheck {
  static let code = LintCode(
    4009, "nat-no-invalid-drop", .info, "Invalid packets leave without their translation", basis: .packet,
    page: LintPage(
      problematic: LintPage.nat("-A POSTROUTING -s 192.168.1.0/24 -o eth0 -j MASQUERADE")
        + LintPage.filter("-A FORWARD -s 192.168.1.0/24 -i eth1 -o eth0 -j ACCEPT", input: "ACCEPT"),
      correct: LintPage.nat("-A POSTROUTING -s 192.168.1.0/24 -o eth0 -j MASQUERADE")
        + LintPage.filter(
          """
          -A FORWARD -m conntrack --ctstate INVALID -j DROP
          -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
          -A FORWARD -s 192.168.1.0/24 -i eth1 -o eth0 -j ACCEPT
          """, input: "ACCEPT"),
      why: """
        Table nat only sees packets of connections. One that belongs to none, such as the end of a connection that
        the host has forgotten, keeps its inner source, and leaves with it. The other side answers it with a reset
        or not at all. Drop INVALID in FORWARD.
        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let nat = subject.nat, let filter = subject.filter, let chain = filter.place(of: .forward),
      !filter.rules[chain].isEmpty || filter.chain(chain).policy == .drop
    else { return }
    var invalid = PacketSet(subject.family)
    invalid.limit(.state, to: StateValues.numbers(.invalid))
    guard filter.mayAccept(invalid, at: .forward) else { return }
    let neutral = subject.prober.neutral
    for rule in nat.rules(from: .postrouting) where rule.translation?.end(at: .postrouting) == .source {
      var set = nat.packets(at: rule)
      set.limit(.protocolNumber, to: IntervalSet(6, 6))
      for input in neutral.named.prefix(4) + [neutral.interface] {
        set = set.without(.input)
        guard let sample = SamplePacket(in: set, neutral), !sample.output.isNone, sample.output != input,
          !neutral.sources.contains(sample.source)
        else { continue }
        let way = "in on \(input) \(sample.text) forward out \(sample.output)"
        let late = way.replacing("[S] mss=1460", with: "[FA]")
        guard let first = subject.prober.walk([way]), source(first) != sample.source, first.isThrough,
          let answer = subject.prober.walk([late]), answer.isThrough, source(answer) == sample.source
        else { continue }
        sink.add(
          code, atChain: chain, in: filter,
          "invalid packets leave with their inner source: table nat does not see them",
          help: "add `-A FORWARD -m conntrack --ctstate INVALID -j DROP` near the top",
          notes: rule.note(nat, "translates the others"), proof: subject.prober.proof(answer))
        return
      }
    }
  }

  private static func source(_ answer: Prober.Answer) -> IPAddress? {
    answer.walks.last?.emitted.first.flatMap { IPHeader($0.packet.bytes)?.source }
  }
}
