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
    for view in subject.views where view.kind != .nat {
      var first: RuleView?
      var count = 0
      for rule in view.reachedRules where rule.logRecord != nil && !rule.counts {
        guard view.owner(rule.position.chain) == nil, !isLimitedAbove(rule.position.chain, view, depth: 0) else { continue }
        first = first ?? rule
        count += 1
      }
      guard let first else { continue }
      sink.add(
        code, at: first, in: view, word: "LOG",
        "every packet that comes here is logged" + (count > 1 ? ", as by \(count - 1) more rules of the table" : ""),
        help: "add `-m limit --limit 5/min`")
    }
  }

  /// Whether all that leads to a chain is limited, or asks whether an address was seen before.
  private static func isLimitedAbove(_ chain: Int, _ view: TableView, depth: Int) -> Bool {
    let callers = view.callers[chain]
    guard depth < 8, !callers.isEmpty else { return false }
    return callers.allSatisfy { view.rule($0).counts || isLimitedAbove($0.chain, view, depth: depth + 1) }
  }
}
