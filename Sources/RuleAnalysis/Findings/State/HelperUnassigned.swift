// 4011: RELATED is expected of a protocol that nothing reads.

import NetfilterModel

/// 4011: rules expect related connections of a protocol whose helper no rule assigns (since Linux 4.7 none is by itself).
enum HelperUnassigned: LintCheck {
  static let code = LintCode(
    4011, "helper-unassigned", .warning, "No rule assigns the helper that related connections need",
    page: LintPage(
      problematic: LintPage.server(
        """
        -A INPUT -p tcp -m tcp --dport 21 -j ACCEPT
        -A INPUT -m helper --helper ftp -j ACCEPT
        """
      ),
      correct:
        "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp\n"
        + "COMMIT\n"
        + LintPage.server(
          "-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT\n-A INPUT -m helper --helper ftp -j ACCEPT"),
      why: """
        The helper of a protocol reads which further connections were agreed on, and makes them RELATED. Since Linux
        4.7 the kernel assigns none by itself: a rule of table raw must, with `-j CT --helper NAME`. Without it the
        data connections are NEW, and match neither RELATED nor `-m helper`.
        """,
      exceptions:
        "Rules outside this file assign the helper, or `net.netfilter.nf_conntrack_helper` is 1 (up to Linux 5.19)."))

  /// The protocols with a helper, the port that their control connections go to, and what opens their data ports.
  private static let protocols: [(name: String, number: ProtocolNumber, port: UInt128)] = [
    ("ftp", .tcp, 21), ("tftp", .udp, 69),
  ]

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    var assigned: Set<String> = []
    for view in subject.views {
      for rule in view.rules.joined() {
        for case .template(let template) in rule.effects where !template.helper.isEmpty {
          assigned.insert(template.helper)
        }
      }
    }
    for view in subject.views where !view.isFragment {
      for rule in view.reachedRules {
        for condition in rule.conditions where !condition.isInverted {
          guard case .expectedByHelper(let name) = condition.field, !name.isEmpty,
            !assigned.contains(where: { $0 == name || $0.hasPrefix(name + "-") })
          else { continue }
          sink.add(
            code, at: rule, in: view, word: name, "no rule assigns the helper `\(name)`: this never matches",
            help: "add `-A PREROUTING ... -j CT --helper \(name)` to table raw")
        }
      }
    }
    guard let filter = subject.filter else { return }
    for hook in [Hook.input, .forward] where filter.defaultOutcome(hook)?.denies == true {
      for one in protocols where !assigned.contains(where: { $0.hasPrefix(one.name) }) {
        expectsData(one, at: hook, filter, &sink)
      }
    }
  }

  /// Reports the rule that opens a control port where RELATED is accepted and no port for the data is open.
  private static func expectsData(
    _ one: (name: String, number: ProtocolNumber, port: UInt128), at hook: Hook, _ filter: TableView,
    _ sink: inout LintSink
  ) {
    let number = UInt128(one.number.rawValue)
    var data = PacketSet(filter.family)
    data.limit(.protocolNumber, to: IntervalSet(number, number))
    data.limit(.destinationPort, to: IntervalSet(1024, 65535))
    data.limit(.state, to: StateValues.numbers(.new))
    let accepting = filter.rules(from: HookSet(hook)).filter { $0.outcome == .accept || $0.outcome == .unknown }
    // Only ports on loopback, or from chosen addresses, are none for everybody's data.
    let opensData = accepting.contains { rule in
      let packets = filter.packets(at: rule)
      return packets.intersects(data) && packets.numbers(.input).intersects(PacketSet.outside)
        && (packets[.destinationPort]?.highest ?? 65535) >= 1024
    }
    let acceptsRelated = accepting.contains { rule in
      rule.set[.state].map { $0.intersects(StateValues.numbers(.related)) && !rule.set.mayBe(.new) } ?? false
    }
    guard acceptsRelated, !opensData,
      let rule = accepting.first(where: { rule in
        rule.set[.destinationPort]?.single == one.port && rule.set.mayBe(.new)
          && rule.set[.protocolNumber]?.contains(number) == true
      })
    else { return }
    sink.add(
      code, at: rule, in: filter,
      "no rule assigns the helper `\(one.name)`, and no port is open for its data: transfers will hang",
      help:
        "add `-A PREROUTING -p \(one.number) --dport \(one.port) -j CT --helper \(one.name)`"
        + " to table raw, or open the server's passive ports")
  }
}
