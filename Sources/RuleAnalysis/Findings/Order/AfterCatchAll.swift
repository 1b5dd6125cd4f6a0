// 2001: rules behind one that takes every packet.

import NetfilterModel

/// 2001: rules behind one, or behind a jump, that takes every packet.
enum AfterCatchAll: LintCheck {
  static let code = LintCode(
    2001, "after-catch-all", .warning, "Rules stand behind one that takes every packet",
    page: LintPage(
      problematic: LintPage.server("-A INPUT -j DROP\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"),
      correct: LintPage.server("-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n-A INPUT -j DROP"),
      why: """
        Rules are asked in order, and a rule without conditions takes every packet that gets to it. What stands
        behind it is never asked. The same holds for a jump to a chain that no packet comes back from.
        """,
      exceptions: "Rules that are kept for later; they are better kept as comments."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    for view in subject.views {
      for dead in subject.dead[view.kind] ?? [] {
        guard case .behindAll(let cover, let others) = dead.reason, let taker = cover.takers.first else { continue }
        let more = others == 0 ? "" : ", and \(others) rule\(others == 1 ? "" : "s") behind it"
        sink.add(
          code, at: dead.rule, in: view,
          "no packet comes to this rule\(more): \(view.place(taker)) takes every packet",
          help: "move it above that rule, or take it away",
          notes: view.rule(taker).note(view, "takes every packet"))
      }
    }
  }
}
