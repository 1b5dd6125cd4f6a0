// 7005: the protocol icmp in rules for IPv6.

import NetfilterModel

/// 7005: rules for IPv6 ask for the protocol of ICMP for IPv4.
enum ICMPWrongFamily: LintCheck {
  static let code = LintCode(
    7005, "icmp-wrong-family", .error, "A rule for IPv6 asks for the ICMP of IPv4",
    page: LintPage(
      problematic: LintPage.server("-A INPUT -p ipv6-icmp -j ACCEPT\n-A INPUT -p icmp -j ACCEPT"),
      correct: LintPage.server("-A INPUT -p ipv6-icmp -j ACCEPT"),
      why: """
        `-p icmp` is protocol 1, which belongs to IPv4. IPv6 has protocol 58, `ipv6-icmp`. ip6tables takes the rule,
        and no packet of a real network ever matches it.
        """, family: .ipv6))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard subject.family == .ipv6 else { return }
    for view in subject.views {
      for rule in view.rules.joined() {
        guard let number = rule.rule.header.protocolNumber, number.value == .icmp, !number.inverted else { continue }
        sink.add(
          code, at: rule, in: view, "`-p icmp` is the ICMP of IPv4: over IPv6 no packet has it",
          help: "write `-p ipv6-icmp`")
      }
    }
  }
}
