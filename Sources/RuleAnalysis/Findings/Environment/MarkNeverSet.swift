// 5011: a mark that nothing sets.

import NetfilterModel

/// 5011: a rule asks for a mark that nothing in the file sets.
enum MarkNeverSet: LintCheck {
  static let code = LintCode(
    5011, "partial-tables", .info, "A rule asks for a mark that nothing in the file sets",
    page: LintPage(
      problematic: LintPage.router("-A FORWARD -m mark --mark 0x7 -j ACCEPT"),
      correct: LintPage.router("-A FORWARD -m mark --mark 0x7 -j ACCEPT")
        + """
        *mangle
        :PREROUTING ACCEPT [0:0]
        :INPUT ACCEPT [0:0]
        :FORWARD ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        :POSTROUTING ACCEPT [0:0]
        -A PREROUTING -i wg0 -j MARK --set-mark 7
        COMMIT

        """,
      why: """
        No rule of the file sets a mark, so that the rule matches only what something else marked. Often the tables
        that set marks were forgotten when the rules were saved.
        """,
      exceptions: "IPsec, WireGuard, a container runtime or a program sets the mark."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    let isSet = subject.views.contains { view in
      view.rules.contains {
        $0.contains { rule in
          rule.effects.contains {
            switch $0 {
            case .mark, .connectionMark: true
            default: false
            }
          }
        }
      }
    }
    guard !isSet else { return }
    for view in subject.views {
      for rule in view.reachedRules where view.owner(rule.position.chain) == nil {
        guard rule.conditions.contains(where: { $0.field == .mark && !$0.isInverted }),
          !(rule.set[.mark]?.contains(0) ?? false)
        else { continue }
        sink.add(
          code, at: rule, in: view, "no rule of the file sets a mark, and this one asks for one",
          help: "add the table that sets it, if a rule does")
        return
      }
    }
  }
}
