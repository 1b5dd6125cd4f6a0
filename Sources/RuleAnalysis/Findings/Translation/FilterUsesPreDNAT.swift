// 3002: INPUT asks for a port that DNAT has changed before.

import NetfilterModel

/// 3002: a rule of INPUT asks for a port from which DNAT or REDIRECT has taken every packet before.
enum FilterUsesPreDNAT: LintCheck {
  static let code = LintCode(
    3002, "filter-uses-pre-dnat", .warning, "A rule of INPUT asks for a port that every packet to it has lost before",
    page: LintPage(
      problematic: LintPage.nat(
        "-A PREROUTING -i eth0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 192.168.1.10:80")
        + LintPage.router(
          """
          -A FORWARD -d 192.168.1.10/32 -p tcp -m tcp --dport 80 -j ACCEPT
          -A INPUT -i eth0 -p tcp -m tcp --dport 8080 -j DROP
          """
        ),
      correct: LintPage.nat(
        "-A PREROUTING -i eth0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 192.168.1.10:80")
        + LintPage.router("-A FORWARD -d 192.168.1.10/32 -p tcp -m tcp --dport 80 -j ACCEPT"),
      why: """
        DNAT in PREROUTING comes before table filter. A packet to this port is sent on to another address or port
        before INPUT is asked, so that the rule never meets one from outside.
        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let nat = subject.nat, let filter = subject.filter else { return }
    let translations = nat.rules(from: .prerouting).compactMap { rule -> (RuleView, PacketSet, UInt128)? in
      guard let translation = rule.translation, translation.end(at: .prerouting) == .destination,
        let port = rule.set[.destinationPort]?.single, nat.owner(rule.position.chain) == nil
      else { return nil }
      let set = nat.packets(at: rule)
      let goesElsewhere = translation.address == .range && translation.range.addresses != nil
      let hasOtherPort = translation.range.ports.map { UInt128($0.lowerBound) != port } ?? false
      guard set.isExact, goesElsewhere || hasOtherPort else { return nil }
      return (rule, set, port)
    }
    if translations.isEmpty { return }
    for rule in filter.rules(from: .input) where rule.outcome.endsTable {
      guard filter.graph.hooks[rule.position.chain] == .input, let port = rule.set[.destinationPort]?.single,
        let input = rule.interface(.input), input.text != "lo"
      else { continue }
      // What begins a connection; packets in INPUT are for the host, so that table nat sees them with this address.
      var set = filter.packets(at: rule).without(.output).without(.state).without(.input)
      set.limit(.input, to: rule.set.numbers(.input))
      set.limit(.output, to: IntervalSet(0, 0))
      guard
        let found = translations.first(where: { translation in
          translation.2 == port && translation.1.covers(set)
        })
      else { continue }
      sink.add(
        code, at: rule, in: filter,
        "no new packet from outside has port \(port) here: \(nat.place(found.0.position)) changed it before",
        help: "ask for the address and the port behind the translation", notes: found.0.note(nat, "translates before"))
    }
  }
}
