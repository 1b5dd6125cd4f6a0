// 5007: an interface that the host does not have.

import NetfilterModel

/// 5007: a rule names an interface that the host does not have.
enum UnknownInterface: LintCheck {
  static let code = LintCode(
    5007, "unknown-interface-named", .warning, "A rule names an interface that the host does not have", basis: .host,
    page: LintPage(
      problematic: LintPage.server("-A INPUT -i eht0 -p tcp -m tcp --dport 443 -j ACCEPT"),
      correct: LintPage.server("-A INPUT -i eth0 -p tcp -m tcp --dport 443 -j ACCEPT"),
      why: "A rule for an interface that is not there never matches. Mostly the name is misspelled, or has changed.",
      exceptions: "An interface that comes and goes, as those of tunnels and containers do.",
      host: "iface eth0 203.0.113.2/24\nroute default via 203.0.113.1 dev eth0\n"))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let host = subject.host else { return }
    let names = host.interfaces.map { $0.name }
    var said: Set<InterfacePattern> = []
    for view in subject.views {
      for rule in view.reachedRules where view.owner(rule.position.chain) == nil {
        for pattern in [rule.rule.header.input?.value, rule.rule.header.output?.value] {
          guard let pattern, !names.contains(where: { pattern.matches($0) }), said.insert(pattern).inserted else {
            continue
          }
          let nearest = Spelling.nearest(to: pattern.text, among: names.map { $0.description })
          sink.add(
            code, at: rule, in: view, word: pattern.text, "the host has no interface `\(pattern.text)`",
            help: nearest.map { "did you mean `\($0)`?" }
              ?? "the host has " + names.map { $0.description }.joined(separator: ", "))
        }
      }
    }
  }
}
