// 4012: connections of UDP that go on keep the translation that they began with.

import NetfilterModel

/// 4012: rules of table nat for UDP count for new connections only; what goes on is translated as before (kubernetes#19029).
enum StaleUDPEntry: LintCheck {
  static let code = LintCode(
    4012, "stale-udp-entry", .info, "A change of this rule does not change what is translated already", isOn: false,
    page: LintPage(
      problematic: LintPage.nat(
        "-A PREROUTING -i eth0 -p udp -m udp --dport 53 -j DNAT --to-destination 192.168.1.10"),
      correct: LintPage.nat("-A PREROUTING -i eth0 -p tcp -m tcp --dport 53 -j DNAT --to-destination 192.168.1.10"),
      why: """
        Table nat is asked for the first packet of a connection only. A client that keeps sending from one port keeps
        its connection alive, and its packets go where they went before, also when this rule has changed or gone.
        After a change remove the old ones: `conntrack -D -p udp --dport 53`.
        """,
      exceptions: "Nothing is wrong with the rule: this code is for those who change it, and must be chosen."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let nat = subject.nat else { return }
    for rule in nat.reachedRules where rule.translation != nil {
      let protocols = nat.packets(at: rule).numbers(.protocolNumber)
      guard protocols.single == UInt128(ProtocolNumber.udp.rawValue) else { continue }
      let port = rule.set[.destinationPort]?.single.map { " --dport \($0)" } ?? ""
      sink.add(
        code, at: rule, in: nat, word: rule.targetName,
        "connections of UDP that go on keep the translation that they began with, also after a change here",
        help: "after a change run `conntrack -D -p udp\(port)`")
    }
  }
}
