// 6010: a prefix that runs into the record.

import NetfilterModel

/// 6010: the prefix of a log record runs into what the kernel writes behind it.
enum LogPrefixWithoutSeparator: LintCheck {
  static let code = LintCode(
    6010, "log-prefix-no-separator", .style, "The prefix of a log record runs into the record",
    page: LintPage(
      problematic: LintPage.server("-A INPUT -m limit --limit 5/min -j LOG --log-prefix \"denied\""),
      correct: LintPage.server("-A INPUT -m limit --limit 5/min -j LOG --log-prefix \"denied: \""),
      why: "The kernel writes `IN=` directly behind the prefix: `deniedIN=eth0`. End the prefix with a blank."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    var said: Set<String> = []
    for view in subject.views {
      for rule in view.rules.joined() where view.owner(rule.position.chain) == nil {
        guard let prefix = rule.logRecord?.prefix, let last = prefix.utf8.last,
          last >= 0x30 && last <= 0x39 || last >= 0x41 && last <= 0x5a || last >= 0x61 && last <= 0x7a,
          said.insert(prefix).inserted
        else { continue }
        sink.add(
          code, at: rule, in: view, word: rule.targetName, "the log will say `\(prefix)IN=`",
          help: "end the prefix with a blank")
      }
    }
  }
}
