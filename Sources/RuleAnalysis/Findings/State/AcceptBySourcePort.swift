// 4006: whoever sends from a service port is let in.

import NetfilterModel

/// 4006: a rule accepts whatever is sent from the port of a service.
enum AcceptBySourcePort: LintCheck {
  static let code = LintCode(
    4006, "accept-by-sport", .warning, "A rule accepts whatever is sent from the port of a service",
    page: LintPage(
      problematic: LintPage.server("-A INPUT -p udp -m udp --sport 53 -j ACCEPT"),
      correct: LintPage.server("-A INPUT -p udp -m udp --sport 53 -m conntrack --ctstate ESTABLISHED -j ACCEPT"),
      why: """
        The rule is meant for answers of a service, but the sender chooses the source port: who sends from it
        reaches every port of this host. Accept packets of state ESTABLISHED instead.
        """,
      exceptions: "Packets that are not tracked on purpose."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let filter = subject.filter else { return }
    let dead = Set((subject.dead[.filter] ?? []).map { $0.rule.position })
    for rule in filter.rules(from: [.input, .forward]) where rule.outcome == .accept && !dead.contains(rule.position) {
      let set = filter.packets(at: rule)
      guard let ports = set[.sourcePort], ports.parts.count <= 15,
        ports.parts.allSatisfy({ $0.upper < 1024 || $0.lower == $0.upper && $0.lower < 32_768 }),
        set[.destinationPort].map({ !$0.intersection(IntervalSet(1024, 65_535)).isEmpty && $0.single == nil }) ?? true,
        set[.icmpType] == nil, set[.source] == nil, set[.mark] == nil, set[.tcpFlags] == nil, set[.userID] == nil,
        set.others.isEmpty, set.mayBe(.new), !rule.counts
      else { continue }
      if let input = set[.input], input.single != nil, PacketSet.single(.loopback) == input { continue }
      let hook: Hook = filter.graph.hooks[rule.position.chain].contains(.input) ? .input : .forward
      guard filter.defaultOutcome(hook)?.denies == true else { continue }
      sink.add(
        code, at: rule, in: filter,
        "whoever sends from source port \(ports.lowest)\(ports.single == nil ? " to \(ports.highest)" : "") is let in",
        help: "add `-m conntrack --ctstate ESTABLISHED`")
    }
  }
}
