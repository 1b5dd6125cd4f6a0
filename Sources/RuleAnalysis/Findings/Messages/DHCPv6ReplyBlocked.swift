// 7007: a client of DHCPv6 does not get its answers.

import NetfilterModel

/// 7007: answers of DHCPv6 are dropped, which come from a link-local address, not from the group that was asked (RFC 8415).
enum DHCPv6ReplyBlocked: LintCheck {
  static let code = LintCode(
    7007, "dhcpv6-reply-blocked", .info, "Answers of DHCPv6 are dropped", basis: .packet,
    page: LintPage(
      problematic: client(""),
      correct: client("-A INPUT -s fe80::/10 -p udp -m udp --dport 546 -j ACCEPT\n"),
      why: """
        A client asks the group ff02::1:2. The server answers from its own link-local address, so that the answer does
        not belong to the client's connection: it is NEW, not ESTABLISHED. Accept UDP port 546 from fe80::/10.
        """, family: .ipv6))

  private static func client(_ line: String) -> String {
    LintPage.filter(
      """
      -A INPUT -i lo -j ACCEPT
      -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
      -A INPUT -p ipv6-icmp -j ACCEPT
      \(line)-A OUTPUT -o lo -j ACCEPT
      -A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
      -A OUTPUT -p ipv6-icmp -j ACCEPT
      -A OUTPUT -p udp -m udp --sport 546 --dport 547 -j ACCEPT
      """, output: "DROP")
  }

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard subject.family == .ipv6, let filter = subject.filter, let chain = filter.place(of: .input) else { return }
    // The file must show that the host is a client.
    let client = filter.reachedRules.first { rule in
      rule.outcome == .accept
        && (rule.set[.destinationPort]?.single == 547 && rule.set[.sourcePort]?.single == 546
          || rule.set[.destinationPort]?.single == 546)
    }
    guard let client else { return }
    let neutral = subject.prober.neutral
    for interface in neutral.named.prefix(6) + [neutral.interface] {
      let host = ["iface \(interface) fe80::2/64"]
      let packet = "in on \(interface) udp [fe80::1]:547 > [fe80::2]:546"
      guard let answer = subject.prober.walk([packet], on: host), !answer.isUnknown else { return }
      guard let place = answer.denier, place.table == .filter else { return }
      if interface != neutral.interface { continue }
      sink.add(
        code, atChain: chain, in: filter, "answers of DHCPv6 servers (UDP port 546 from fe80::/10) are dropped",
        help: "add `-A INPUT -s fe80::/10 -p udp -m udp --dport 546 -j ACCEPT`",
        notes: client.note(filter, "shows that the host asks for addresses"), proof: subject.prober.proof(answer))
    }
  }
}
