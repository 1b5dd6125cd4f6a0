// 2010: a rule that no packet can match.

import NetfilterModel

/// 2010: a rule that no packet can match, with the conditions of every path that leads to it.
enum NeverMatches: LintCheck {
  static let code = LintCode(
    2010, "never-matches", .warning, "No packet can match a rule",
    page: LintPage(
      problematic: LintPage.filter(
        """
        :udp-in - [0:0]
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -p udp -j udp-in
        -A udp-in -p udp -m udp --dport 53 -j ACCEPT
        -A udp-in -p tcp -m tcp --dport 53 -j ACCEPT
        """
      ),
      correct: LintPage.filter(
        """
        :dns - [0:0]
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -j dns
        -A dns -p udp -m udp --dport 53 -j ACCEPT
        -A dns -p tcp -m tcp --dport 53 -j ACCEPT
        """
      ),
      why: """
        The conditions of the rule exclude each other, or those of the rules that lead to its chain: a jump for UDP
        brings no TCP, and packets in INPUT have no output interface. The rule has never matched and never will.
        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    for view in subject.views {
      for dead in subject.dead[view.kind] ?? [] {
        guard case .neverMatches = dead.reason else { continue }
        sink.add(
          code, at: dead.rule, in: view, "no packet can match this rule: " + why(dead.rule, view),
          help: "take it away, or correct its conditions or those of the rules that lead here")
      }
    }
  }

  private static func why(_ rule: RuleView, _ view: TableView) -> String {
    if rule.set.isEmpty { return "its own conditions exclude each other" }
    let there = view.packets[rule.position.chain]
    for field in rule.set.fields {
      guard let possible = there[field.dimension], !possible.intersects(field.numbers) else { continue }
      switch field.dimension {
      case .input where possible.single == 0: return "packets have no input interface in `\(chain(rule, view))`"
      case .output where possible.single == 0: return "packets have no output interface in `\(chain(rule, view))`"
      default:
        let option =
          rule.conditions.first { Dimension($0.field) == field.dimension }.map { rule.rule.text(of: $0) } ?? ""
        return "the rules that lead to `\(chain(rule, view))` let nothing with `\(option)` come here"
      }
    }
    return "the rules that lead to `\(chain(rule, view))` let no such packet come here"
  }

  private static func chain(_ rule: RuleView, _ view: TableView) -> String { view.name(rule.position.chain) }
}
