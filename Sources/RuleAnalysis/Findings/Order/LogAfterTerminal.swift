// 2011: a LOG rule behind the rule that drops what it should record.

import NetfilterModel

/// 2011: a LOG rule behind the rule that drops what it should record.
enum LogAfterTerminal: LintCheck {
  static let code = LintCode(
    2011, "log-after-terminal", .warning, "A rule that logs stands behind the one that drops what it should log",
    page: LintPage(
      problematic: LintPage.server(
        """
        -A INPUT -p tcp -m tcp --dport 23 -j DROP
        -A INPUT -p tcp -m tcp --dport 23 -m limit --limit 5/min -j LOG --log-prefix "telnet: "
        """
      ),
      correct: LintPage.server(
        """
        -A INPUT -p tcp -m tcp --dport 23 -m limit --limit 5/min -j LOG --log-prefix "telnet: "
        -A INPUT -p tcp -m tcp --dport 23 -j DROP
        """
      ),
      why: "LOG lets packets go on, DROP ends them: the rule that logs must stand before the one that drops."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    for view in subject.views {
      for dead in subject.dead[view.kind] ?? [] {
        guard case .shadowed(let cover) = dead.reason,
          ShadowedOpposite.kind(dead.rule, cover, view) == code.id
        else { continue }
        sink.add(
          code, at: dead.rule, in: view, "this logs nothing: " + ShadowedOpposite.words(cover, view) + " before",
          help: "move it above the rule that drops",
          notes: cover.takers.prefix(4).flatMap { view.rule($0).note(view, "drops its packets") })
      }
    }
  }
}
