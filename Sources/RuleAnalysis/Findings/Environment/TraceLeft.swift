// 5014: TRACE was forgotten.

import NetfilterModel

/// 5014: a TRACE rule in a saved file.
enum TraceLeft: LintCheck {
  static let code = LintCode(
    5014, "trace-left", .info, "A rule with TRACE is in the file",
    page: LintPage(
      problematic:
        """
        *raw
        :PREROUTING ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        -A PREROUTING -p tcp -m tcp --dport 80 -j TRACE
        COMMIT

        """,
      correct: "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n",
      why:
        "TRACE records every rule that a packet meets. It is for looking for a mistake, and costs much when it stays."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    for view in subject.views {
      for rule in view.rules.joined() where rule.effects.contains(.trace) {
        sink.add(
          code, at: rule, in: view, word: rule.targetName, "TRACE records every further rule for these packets",
          help: "take the rule away when the search is over")
      }
    }
  }
}
