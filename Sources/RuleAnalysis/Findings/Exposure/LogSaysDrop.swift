// 6011: a record that says dropped of what is accepted.

import NetfilterModel

/// 6011: a log prefix says that packets are dropped, and they are accepted.
enum LogSaysDrop: LintCheck {
  static let code = LintCode(
    6011, "log-says-drop", .info, "A log prefix says that packets are dropped, and they are accepted",
    page: LintPage(
      problematic: LintPage.filter(
        """
        -A INPUT -i lo -j ACCEPT
        -A INPUT -p tcp -m tcp --dport 23 -m limit --limit 5/min -j LOG --log-prefix "DROP telnet: "
        -A INPUT -p tcp -m tcp --dport 135 -j DROP
        """,
        input: "ACCEPT"),
      correct: LintPage.filter(
        """
        -A INPUT -i lo -j ACCEPT
        -A INPUT -p tcp -m tcp --dport 23 -m limit --limit 5/min -j LOG --log-prefix "DROP telnet: "
        -A INPUT -p tcp -m tcp --dport 23 -j DROP
        """,
        input: "ACCEPT"),
      why: """
        LOG lets packets go on. Behind this rule nothing drops them, so that the log says that something was dropped
        which went through.
        """))

  private static let words = ["drop", "denied", "deny", "reject", "block"]

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let filter = subject.filter else { return }
    for rule in filter.reachedRules where filter.owner(rule.position.chain) == nil {
      guard let prefix = rule.logRecord?.prefix.lowercased(), words.contains(where: { prefix.contains($0) }),
        let fate = filter.fate(of: filter.packets(at: rule), behind: rule.position), fate.outcome == .accept
      else { continue }
      let who = fate.rule.map { filter.place($0) } ?? "the policy"
      sink.add(
        code, at: rule, in: filter, word: rule.targetName,
        "the log will say `\(rule.logRecord?.prefix ?? "")` of packets that \(who) accepts",
        help: "add a rule that drops the same packets behind it",
        notes: fate.rule.map { filter.rule($0).note(filter, "accepts them") } ?? [])
    }
  }
}
