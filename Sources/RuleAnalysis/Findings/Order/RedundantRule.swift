// 2003: a rule whose packets earlier rules take, with the same verdict.

import NetfilterModel

/// 2003: a rule all of whose packets earlier rules take, with the same verdict.
enum RedundantRule: LintCheck {
  static let code = LintCode(
    2003, "redundant", .info, "Earlier rules do the same with all packets of a rule",
    page: LintPage(
      problematic: LintPage.server(
        "-A INPUT -p tcp -m multiport --dports 80,443 -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT"),
      correct: LintPage.server("-A INPUT -p tcp -m multiport --dports 80,443 -j ACCEPT"),
      why: """
        Every packet of this rule is taken by an earlier one, or by several together, with the same verdict. The
        rule can go: nothing changes, and the next reader has less to understand.
        """,
      exceptions: "A rule whose counters somebody reads; but the counters of this one stay at zero."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    for view in subject.views {
      for dead in subject.dead[view.kind] ?? [] {
        guard case .repeated(let cover) = dead.reason else { continue }
        sink.add(
          code, at: dead.rule, in: view,
          "this rule changes nothing: " + ShadowedOpposite.words(cover, view) + " before",
          help: "take it away", notes: cover.takers.prefix(4).flatMap { view.rule($0).note(view, "takes its packets") },
          fix: dead.rule.rule.location.map {
            LintFix(summary: "take the rule away", edits: [LintEdit(line: $0.line, columns: nil, text: nil)])
          })
      }
    }
  }
}
