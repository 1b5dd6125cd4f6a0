// 3006: MASQUERADE or SNAT for every interface.

import NetfilterModel

/// 3006: MASQUERADE or SNAT that does not say for which way out.
enum SNATWithoutOutput: LintCheck {
  static let code = LintCode(
    3006, "snat-no-out-iface", .warning, "MASQUERADE or SNAT does not say for which way out",
    page: LintPage(
      problematic: LintPage.nat("-A POSTROUTING -j MASQUERADE"),
      correct: LintPage.nat("-A POSTROUTING -o eth0 -j MASQUERADE"),
      why: """
        Without `-o` or `-d` the source of every connection is replaced, also towards the inner network: servers
        there see the router as the client, and logs and access lists become useless.
        """,
      exceptions: "A host with one interface, or where inner hosts must answer through this one."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let nat = subject.nat else { return }
    for rule in nat.rules(from: .postrouting) where nat.owner(rule.position.chain) == nil {
      guard let translation = rule.translation, translation.end(at: .postrouting) == .source else { continue }
      let set = nat.packets(at: rule)
      guard set[.output] == nil, set[.destination] == nil, set[.mark] == nil, set[.connectionMark] == nil,
        set[.state] == nil, set.others.isEmpty, set.isExact
      else { continue }
      sink.add(
        code, at: rule, in: nat, word: rule.targetName,
        "\(rule.targetName) replaces the source of connections on every way out",
        help: "say which: `-o INTERFACE`")
    }
  }
}
