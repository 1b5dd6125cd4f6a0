// 4014: ICMP types that never begin anything.

import NetfilterModel

/// 4014: state NEW with ICMP types that are never NEW.
enum ICMPNeverNew: LintCheck {
  static let code = LintCode(
    4014, "icmp-never-new", .warning, "A rule asks for state NEW with an ICMP type that is never NEW",
    page: LintPage(
      problematic: LintPage.server("-A INPUT -p icmp -m icmp --icmp-type 3 -m conntrack --ctstate NEW -j ACCEPT"),
      correct: LintPage.server("-A INPUT -p icmp -m icmp --icmp-type 3 -m conntrack --ctstate RELATED -j ACCEPT"),
      why: """
        ICMP errors (3, 4, 5, 11, 12) are RELATED to the connection that they are about, and an echo reply (0) is
        ESTABLISHED; without one they are INVALID. None of them is ever NEW.
        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard subject.family == .ipv4 else { return }
    let never = IntervalSet(
      [0, 3, 4, 5, 11, 12].map { IntervalSet.Part(lower: $0 << 8, upper: $0 << 8 | 0xff) })
    for view in subject.views {
      for rule in view.reachedRules {
        let set = view.packets(at: rule)
        guard let types = set[.icmpType], never.contains(types), let states = set[.state], !states.isEmpty,
          StateValues.numbers(.new).contains(states)
        else { continue }
        sink.add(
          code, at: rule, in: view, "ICMP of type \(types.lowest >> 8) is never NEW, so this never matches",
          help: "ask for RELATED, or ESTABLISHED for an echo reply")
      }
    }
  }
}
