// 7006: a rule expects a connection state of messages that have none.

import NetfilterModel

/// 7006: a rule for neighbour discovery asks for a state that its messages never have: they are UNTRACKED.
enum NeighbourDiscoveryUntracked: LintCheck {
  static let code = LintCode(
    7006, "v6-nd-untracked", .info, "Messages of neighbour discovery are UNTRACKED: the rule's state never holds",
    page: LintPage(
      problematic: LintPage.server(
        "-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 135 -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT"),
      correct: LintPage.server(
        "-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 135 -j ACCEPT\n-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 136 -j ACCEPT"
      ),
      why: """
        The kernel does not track solicitations and advertisements of neighbours and routers: their state is
        UNTRACKED, neither NEW nor ESTABLISHED, and not INVALID either. A rule that asks for these never meets them.
        """, family: .ipv6))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard subject.family == .ipv6 else { return }
    for view in subject.views {
      for rule in view.reachedRules {
        guard let types = rule.set[.icmpType], let states = rule.set[.state],
          !states.intersects(StateValues.numbers(.untracked)),
          types.highest >> 8 == types.lowest >> 8
        else { continue }
        let type = ICMPv6Type(UInt8(truncatingIfNeeded: types.lowest >> 8))
        guard type.isOfNeighbourDiscovery else { continue }
        sink.add(
          code, at: rule, in: view, "messages of type \(type.rawValue) are UNTRACKED: this never matches",
          help: "leave the state out")
      }
    }
  }
}
