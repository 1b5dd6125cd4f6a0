// 6008: LOG without a limit.

import NetfilterModel

/// 6008: a rule logs every packet, without a limit on its path.
enum LogUnlimited: LintCheck {
  static let code = LintCode(
    6008, "log-unlimited", .info, "A rule logs without a limit",
    page: LintPage(
      problematic: LintPage.server("-A INPUT -j LOG --log-prefix \"denied: \"\n-A INPUT -j DROP"),
      correct: LintPage.server(
        "-A INPUT -m limit --limit 5/min -j LOG --log-prefix \"denied: \"\n-A INPUT -j DROP"),
      why: "Whoever sends many packets fills the log, and the disk below it. A limit keeps the log readable.",
      exceptions: "What logs is rare by itself, or the log is limited elsewhere."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    var found: (rule: RuleView, view: TableView)?
    var count = 0
    for view in subject.views where view.kind != .nat {
      for rule in view.reachedRules where rule.logRecord != nil && !rule.counts {
        guard view.owner(rule.position.chain) == nil, !isLimitedAbove(rule.position.chain, view, depth: 0) else {
          continue
        }
        found = found ?? (rule, view)
        count += 1
      }
    }
    guard let found else { return }
    let others =
      count == 2 ? ", and another rule of the file does so too" : ", and \(count - 1) other rules of the file do so too"
    sink.add(
      code, at: found.rule, in: found.view, word: found.rule.targetName,
      "this logs every packet that comes here" + (count > 1 ? others : ""), help: "add `-m limit --limit 5/min`")
  }

  /// Whether all that leads to a chain is limited, or asks whether an address was seen before.
  private static func isLimitedAbove(_ chain: Int, _ view: TableView, depth: Int) -> Bool {
    let callers = view.callers[chain]
    guard depth < 8, !callers.isEmpty else { return false }
    return callers.allSatisfy { view.rule($0).counts || isLimitedAbove($0.chain, view, depth: depth + 1) }
  }
}
