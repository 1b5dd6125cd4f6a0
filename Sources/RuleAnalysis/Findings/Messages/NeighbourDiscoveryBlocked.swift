// 7003: neighbour discovery is dropped.

import NetfilterModel

/// 7003: neighbour discovery is dropped, without which IPv6 does not work (RFC 4861, RFC 4890 §4.4.1).
enum NeighbourDiscoveryBlocked: LintCheck {
  static let code = LintCode(
    7003, "ndp-blocked", .error, "Neighbour discovery is dropped", basis: .packet,
    page: LintPage(
      problematic: LintPage.server("-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 128 -j ACCEPT"),
      correct: LintPage.server("-A INPUT -p ipv6-icmp -j ACCEPT"),
      why: """
        IPv6 finds the neighbours of a link with ICMPv6 types 135 and 136, as IPv4 does with ARP. These messages are
        not tracked, so that accepting ESTABLISHED does not help. Where they are dropped the host is cut off.
        """, family: .ipv6))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard subject.family == .ipv6, let filter = subject.filter, let chain = filter.place(of: .input) else { return }
    guard filter.rules(from: .input).contains(where: { $0.outcome == .accept }) else { return }
    for (type, name) in [(UInt128(135), "neighbour solicitations"), (136, "neighbour advertisements")] {
      var set = PacketSet(.ipv6)
      set.limit(.protocolNumber, to: IntervalSet(58, 58))
      set.limit(.icmpType, to: IntervalSet(type << 8, type << 8 | 0xff))
      set.limit(.input, to: PacketSet.outside)
      set.limit(.state, to: StateValues.numbers(.untracked))
      guard !filter.mayAccept(set, at: .input), let far = subject.prober.neutral.sources.first else { continue }
      let neutral = subject.prober.neutral
      let payload = neutral.own.bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
      let packet = "in on \(neutral.interface) icmp6 \(type) \(far) > \(neutral.own) ttl=255 hex=\(payload) deliver"
      guard let answer = subject.prober.walk([packet]), !answer.isUnknown, let place = answer.denier,
        place.table == .filter
      else { continue }
      sink.add(
        code, atChain: chain, in: filter,
        "\(name) (ICMPv6 type \(type)) are dropped: the host cannot be reached over IPv6",
        help: "add `-A INPUT -p ipv6-icmp -j ACCEPT`, or accept types 133 to 136", proof: subject.prober.proof(answer))
      return
    }
  }
}
