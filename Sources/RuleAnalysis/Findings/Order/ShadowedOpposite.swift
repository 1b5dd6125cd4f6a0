// 2002: a rule whose packets earlier rules take, with another verdict.

import NetfilterModel

/// 2002: a rule all of whose packets earlier rules take, with another verdict.
enum ShadowedOpposite: LintCheck {
  static let code = LintCode(
    2002, "shadowed-opposite", .warning, "Earlier rules take all packets of a rule and do something else with them",
    page: LintPage(
      problematic: LintPage.server(
        """
        -A INPUT -s 198.51.100.0/24 -p tcp -m tcp --dport 443 -j ACCEPT
        -A INPUT -s 198.51.100.66/32 -p tcp -m tcp --dport 443 -j DROP
        """
      ),
      correct: LintPage.server(
        """
        -A INPUT -s 198.51.100.66/32 -p tcp -m tcp --dport 443 -j DROP
        -A INPUT -s 198.51.100.0/24 -p tcp -m tcp --dport 443 -j ACCEPT
        """
      ),
      why: """
        The first rule that matches decides. All packets of this rule match an earlier one, or several earlier ones
        together, which decide otherwise: the rule changes nothing, although its author wanted it to.
        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    for view in subject.views {
      for dead in subject.dead[view.kind] ?? [] {
        guard case .shadowed(let cover) = dead.reason, kind(dead.rule, cover, view) == code.id else { continue }
        sink.add(
          code, at: dead.rule, in: view, "no packet comes to this rule: " + words(cover, view),
          help: "move it above, or take one of them away",
          notes: cover.takers.prefix(4).flatMap { view.rule($0).note(view, "takes its packets") })
      }
    }
  }

  /// What takes the packets, as a sentence.
  static func words(_ cover: TableView.Cover, _ view: TableView) -> String {
    let places = cover.takers.prefix(4).map { view.place($0) }.joined(separator: ", ")
    let verb = cover.outcomes.count == 1 ? cover.outcomes[0].words : "takes"
    if cover.takers.count == 1 { return "\(places) \(verb) them all" }
    let more = cover.takers.count > 4 ? " and \(cover.takers.count - 4) more" : ""
    return "\(places)\(more) take them all"
  }

  /// Under which code a rule is reported whose packets others take.
  static func kind(_ rule: RuleView, _ cover: TableView.Cover, _ view: TableView) -> DiagnosticID? {
    if rule.outcome == .passes, rule.effects.isEmpty, !rule.keepsState { return nil }
    if rule.outcome == .passes, rule.logRecord != nil, cover.outcomes.allSatisfy({ $0.denies }) {
      return LogAfterTerminal.code.id
    }
    if cover.outcomes.allSatisfy({ $0 == .accept }), GuardAfterAccept.isGuard(rule, view) {
      return GuardAfterAccept.code.id
    }
    return code.id
  }
}
