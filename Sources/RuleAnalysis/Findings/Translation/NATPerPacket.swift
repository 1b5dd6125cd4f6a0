// 3014: LOG in table nat.

import NetfilterModel

/// 3014: a rule that logs in table nat, which sees one packet of a connection.
enum NATPerPacket: LintCheck {
  static let code = LintCode(
    3014, "nat-per-packet", .info, "A rule logs in table nat, which sees one packet of each connection",
    page: LintPage(
      problematic: LintPage.nat("-A PREROUTING -i eth0 -p tcp -m tcp --dport 22 -j LOG --log-prefix \"ssh: \""),
      correct: LintPage.server(
        "-A INPUT -p tcp -m tcp --dport 22 -m limit --limit 5/min -j LOG --log-prefix \"ssh: \""),
      why:
        "Only the first packet of a connection is asked about in table nat. A rule that logs there misses all others.",
      exceptions: "One line for each connection is what is wanted."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let nat = subject.nat else { return }
    let rules = nat.reachedRules.filter { rule in
      rule.logRecord != nil && !rule.isLimited && nat.owner(rule.position.chain) == nil
    }
    guard let rule = rules.first else { return }
    let others =
      rules.count == 2 ? ", as does another rule of the table" : ", as do \(rules.count - 1) other rules of the table"
    sink.add(
      code, at: rule, in: nat, word: rule.targetName,
      "this logs the first packet of each connection only" + (rules.count > 1 ? others : ""),
      help: "log in table filter or mangle to see every packet")
  }
}
