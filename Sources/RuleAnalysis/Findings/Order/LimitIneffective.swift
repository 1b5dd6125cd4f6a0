// 2012: a limited ACCEPT whose excess is accepted too.

import NetfilterModel

/// 2012: a limited ACCEPT whose excess a later rule or the policy accepts too.
enum LimitIneffective: LintCheck {
  static let code = LintCode(
    2012, "limit-ineffective", .warning, "What a limit holds back is accepted by a later rule or the policy",
    page: LintPage(
      problematic: LintPage.server(
        "-A INPUT -p icmp -m icmp --icmp-type 8 -m limit --limit 1/sec -j ACCEPT\n-A INPUT -p icmp -j ACCEPT"),
      correct: LintPage.server("-A INPUT -p icmp -m icmp --icmp-type 8 -m limit --limit 1/sec -j ACCEPT"),
      why: """
        A limited rule does not match what comes too fast; that goes on to the next rules. Here the next one that
        takes it, or the policy, accepts it as well, so that nothing is limited.
        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let view = subject.filter else { return }
    for rule in view.reachedRules
    where rule.isLimited && rule.outcome == .accept && view.owner(rule.position.chain) == nil {
      guard let fate = view.fate(of: view.packets(at: rule), behind: rule.position), fate.outcome == .accept else {
        continue
      }
      let who = fate.rule.map { view.place($0) } ?? "the policy"
      sink.add(
        code, at: rule, in: view, "the limit holds nothing back: \(who) accepts what comes too fast",
        help: "drop the same packets in the next rule",
        notes: fate.rule.map { view.rule($0).note(view, "accepts what the limit holds back") } ?? [])
    }
  }
}
