// 2009: a rule that only counts.

import NetfilterModel

/// 2009: a rule without a target and without a side effect.
enum RuleWithoutTarget: LintCheck {
  static let code = LintCode(
    2009, "rule-without-target", .info, "A rule has no target and only counts",
    page: LintPage(
      problematic: LintPage.server("-A INPUT -p tcp -m tcp --dport 22"),
      correct: LintPage.server("-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"),
      why: "Without `-j` a rule counts packets and does nothing else. A forgotten target is not an error for iptables.",
      exceptions: "Accounting: rules whose counters somebody reads."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    for view in subject.views {
      for chain in view.rules.indices where view.owner(chain) == nil {
        let idle = view.rules[chain].filter {
          if case .none = $0.rule.action { !$0.counts && !$0.keepsState } else { false }
        }
        // A chain of nothing but such rules is there to count.
        guard let first = idle.first, idle.count < view.rules[chain].count || idle.count == 1, idle.count <= 3 else {
          continue
        }
        let more =
          idle.count == 1
          ? "" : idle.count == 2 ? ", as does another of its chain" : ", as do \(idle.count - 1) others of its chain"
        sink.add(
          code, at: first, in: view, "the rule has no target: it counts packets and does nothing else\(more)",
          help: "add `-j`, or leave it when its counters are read")
      }
    }
  }
}
