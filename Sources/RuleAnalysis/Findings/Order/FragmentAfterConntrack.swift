// 2019: a rule for fragments where there are none any more.

import NetfilterModel

/// 2019: a rule for fragments where connection tracking has put them together before.
enum FragmentAfterConntrack: LintCheck {
  static let code = LintCode(
    2019, "fragment-after-conntrack", .info, "A rule for fragments sees none, as connection tracking put them together",
    page: LintPage(
      problematic: LintPage.server("-A INPUT -f -j DROP\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"),
      correct: LintPage.server("-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"),
      why: """
        Where a rule asks for a connection's state, or table nat is used, the kernel puts fragments together before
        any table sees them. A rule with `-f` then never matches.
        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard subject.family == .ipv4, subject.isTracked else { return }
    for view in subject.views {
      for rule in view.reachedRules {
        guard let fragment = rule.rule.header.fragment, !fragment.inverted else { continue }
        sink.add(
          code, at: rule, in: view, word: "-f",
          "no fragment comes here: connection tracking, which other rules turn on, puts them together first",
          help: "take the rule away")
      }
    }
  }
}
