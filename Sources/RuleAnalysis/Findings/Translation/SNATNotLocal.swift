// 3016: SNAT to an address that is not the host's.

import NetfilterModel

/// 3016: SNAT to an address that the host does not have.
enum SNATNotLocal: LintCheck {
  static let code = LintCode(
    3016, "snat-not-local", .warning, "SNAT gives packets a source that the host does not have", basis: .host,
    page: LintPage(
      problematic: LintPage.nat("-A POSTROUTING -o eth0 -j SNAT --to-source 203.0.113.3"),
      correct: LintPage.nat("-A POSTROUTING -o eth0 -j SNAT --to-source 203.0.113.2"),
      why: """
        Answers go to the address that SNAT wrote. The host does not have it, so that it does not answer ARP for it,
        and the answers are lost.
        """,
      exceptions: "The address is routed to this host, or it answers ARP for it as a proxy.",
      host: "iface eth0 203.0.113.2/24\nroute default via 203.0.113.1 dev eth0\n"))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let host = subject.host, let nat = subject.nat else { return }
    let own = Set(host.interfaces.flatMap { $0.addresses.map { $0.address } })
    for rule in nat.rules(from: .postrouting) {
      guard let translation = rule.translation, translation.end(at: .postrouting) == .source,
        translation.address == .range,
        let addresses = translation.range.addresses, addresses.lowerBound == addresses.upperBound,
        !own.contains(addresses.lowerBound)
      else { continue }
      sink.add(
        code, at: rule, in: nat, word: "\(addresses.lowerBound)",
        "the host does not have the address \(addresses.lowerBound)",
        help: "write one of its own, or use MASQUERADE")
    }
  }
}
