// 5003: a mark that comes too late.

import NetfilterModel

/// 5003: a mark that is set behind the routing decision that it may be meant for, and that nothing asks for.
enum MarkTooLate: LintCheck {
  static let code = LintCode(
    5003, "mark-too-late", .warning, "A mark is set where nothing can use it any more",
    page: LintPage(
      problematic:
        """
        *mangle
        :PREROUTING ACCEPT [0:0]
        :INPUT ACCEPT [0:0]
        :FORWARD ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        :POSTROUTING ACCEPT [0:0]
        -A INPUT -p tcp -m tcp --dport 80 -j MARK --set-mark 1
        COMMIT

        """,
      correct:
        """
        *mangle
        :PREROUTING ACCEPT [0:0]
        :INPUT ACCEPT [0:0]
        :FORWARD ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        :POSTROUTING ACCEPT [0:0]
        -A PREROUTING -p tcp -m tcp --dport 80 -j MARK --set-mark 1
        COMMIT

        """,
      why: """
        Routing asks for the mark behind PREROUTING, and once more behind OUTPUT. A mark that is set in INPUT comes
        behind that, and no rule asks for it.
        """,
      exceptions: "A program or IPsec asks for the mark behind INPUT."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    let isAsked = subject.views.contains { view in
      view.rules.contains { $0.contains { rule in rule.conditions.contains { $0.field == .mark } || savesMark(rule) } }
    }
    guard !isAsked, let mangle = subject[.mangle] else { return }
    for rule in mangle.rules(from: .input) {
      guard mangle.graph.hooks[rule.position.chain] == .input,
        rule.effects.contains(where: { if case .mark = $0 { true } else { false } })
      else { continue }
      sink.add(
        code, at: rule, in: mangle, word: rule.targetName, "nothing asks for this mark any more behind INPUT",
        help: "set it in PREROUTING")
    }
  }

  private static func savesMark(_ rule: RuleView) -> Bool {
    rule.effects.contains { if case .connectionMark = $0 { true } else { false } }
  }
}
