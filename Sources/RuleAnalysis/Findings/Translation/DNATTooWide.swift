// 3013: DNAT of every connection that passes.

import NetfilterModel

/// 3013: DNAT in PREROUTING that asks neither for an interface nor for an address.
enum DNATTooWide: LintCheck {
  static let code = LintCode(
    3013, "dnat-too-wide", .warning, "DNAT asks neither for an interface nor for a destination",
    page: LintPage(
      problematic: LintPage.nat("-A PREROUTING -p tcp -m tcp --dport 443 -j DNAT --to-destination 192.168.1.10:443"),
      correct: LintPage.nat(
        "-A PREROUTING -i eth0 -p tcp -m tcp --dport 443 -j DNAT --to-destination 192.168.1.10:443"),
      why: """
        Every packet that passes the host is meant, also those of the inner network to the rest of the world: its
        connections to this port, wherever they go, end at this one server.
        """,
      exceptions: "A proxy that is to see all connections; a host that nothing passes through."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let nat = subject.nat else { return }
    let masquerades = nat.rules(from: .postrouting).contains { $0.translation?.end(at: .postrouting) == .source }
    for rule in nat.rules(from: .prerouting) where nat.owner(rule.position.chain) == nil {
      guard let translation = rule.translation, translation.end(at: .prerouting) == .destination else { continue }
      if translation.address == .thisHost, !masquerades { continue }
      let set = nat.packets(at: rule)
      let hasInput = set[.input].map { !$0.contains(IntervalSet(1, .max)) } ?? false
      guard !hasInput, set[.destination] == nil, set[.source] == nil, set[.mark] == nil, set[.sourceMAC] == nil,
        set.others.isEmpty
      else { continue }
      sink.add(
        code, at: rule, in: nat, word: rule.targetName,
        "\(rule.targetName) takes these connections from every interface and to every address",
        help: "limit it with `-i INTERFACE`, `-d ADDRESS` or `-m addrtype --dst-type LOCAL`")
    }
  }
}
