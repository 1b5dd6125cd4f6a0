// 2005: a guard below the ACCEPT of what it should guard.

import NetfilterModel

/// 2005: a jump to a ban chain, or a rule that counts, below the ACCEPT of what it should guard.
enum GuardAfterAccept: LintCheck {
  static let code = LintCode(
    2005, "guard-after-accept", .warning, "A guard stands below the rule that accepts what it should guard",
    page: LintPage(
      problematic: LintPage.server(
        """
        -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
        -A INPUT -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m recent --update --seconds 60 --hitcount 4 \
        --name ssh -j DROP
        -A INPUT -p tcp -m tcp --dport 80 -m conntrack --ctstate NEW -m recent --set --name ssh -j ACCEPT
        """
      ),
      correct: LintPage.server(
        """
        -A INPUT -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m recent --update --seconds 60 --hitcount 4 \
        --name ssh -j DROP
        -A INPUT -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m recent --set --name ssh -j ACCEPT
        """
      ),
      why: """
        A guard, such as a jump to a chain of bans or a rule with recent or limit, sees only the packets that no
        rule before it accepted. Below the ACCEPT of its service it sees none, and guards nothing.
        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    for view in subject.views {
      for dead in subject.dead[view.kind] ?? [] {
        guard case .shadowed(let cover) = dead.reason,
          ShadowedOpposite.kind(dead.rule, cover, view) == code.id
        else { continue }
        sink.add(
          code, at: dead.rule, in: view, "this guards nothing: " + ShadowedOpposite.words(cover, view) + " before",
          help: "move it above the rule that accepts",
          notes: cover.takers.prefix(4).flatMap { view.rule($0).note(view, "accepts its packets") })
      }
    }
  }

  /// Whether a rule guards a service: it jumps to a chain of bans, or counts and denies.
  static func isGuard(_ rule: RuleView, _ view: TableView) -> Bool {
    if case .calls(let target) = rule.outcome, view.owner(target)?.bans == true { return true }
    return rule.counts && rule.outcome != .accept
  }
}
