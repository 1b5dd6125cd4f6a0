// 2016: a rule that a later, broader one makes needless.

import NetfilterModel

/// 2016: a rule that a later, broader one of the same verdict makes needless, with only the same verdict between.
enum CoveredByLater: LintCheck {
  static let code = LintCode(
    2016, "covered-by-later", .info, "A later, broader rule does the same with all packets of a rule",
    page: LintPage(
      problematic: LintPage.server(
        """
        -A INPUT -s 198.51.100.7/32 -p tcp -m tcp --dport 443 -j ACCEPT
        -A INPUT -p tcp -m tcp --dport 443 -j ACCEPT
        """),
      correct: LintPage.server("-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT"),
      why: "Without this rule its packets would go on to a later one, which does the same with them. The rule can go.",
      exceptions: "A rule that stands first because it is met most often, or one whose counters are read."))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    for view in subject.views {
      let dead = Set((subject.dead[view.kind] ?? []).map { $0.rule.position })
      for chain in view.rules.indices where view.owner(chain) == nil && view.isReached(chain) {
        let rules = view.rules[chain]
        var start = 0
        while start < rules.count {
          guard isPlain(rules[start]) else {
            start += 1
            continue
          }
          var end = start + 1
          while end < rules.count, isPlain(rules[end]), sameVerdict(rules[start], rules[end]) { end += 1 }
          if end - start > 1 { look(at: rules[start..<end], dead, view, &sink) }
          start = end
        }
      }
    }
  }

  private static func isPlain(_ rule: RuleView) -> Bool {
    (rule.outcome == .accept || rule.outcome.denies) && !rule.keepsState && rule.effects.allSatisfy { $0.ends }
  }

  private static func sameVerdict(_ first: RuleView, _ second: RuleView) -> Bool {
    first.outcome == second.outcome && first.effects == second.effects
  }

  private static func look(
    at rules: ArraySlice<RuleView>, _ dead: Set<ChainGraph.RulePosition>, _ view: TableView, _ sink: inout LintSink
  ) {
    var later = CoverIndex(view.family)
    var found: [(RuleView, RuleView)] = []
    for (order, rule) in rules.reversed().enumerated() {
      if !dead.contains(rule.position), !rule.set.isEmpty,
        let entry = later.first(covering: rule.set, before: order),
        case let cover = view.rule(entry.taker), cover.rule.location != rule.rule.location || rule.rule.location == nil
      {
        found.append((rule, cover))
      }
      later.add(
        CoverIndex.Entry(
          set: rule.set, order: order, taker: rule.position, outcome: rule.outcome, endsTable: true))
    }
    for (rule, cover) in found.reversed() {
      // Of a line with several addresses every rule must be needless.
      let sameLine = rules.filter { $0.rule.location == rule.rule.location && rule.rule.location != nil }
      if sameLine.count > 1, !sameLine.allSatisfy({ other in found.contains { $0.0.position == other.position } }) {
        continue
      }
      sink.add(
        code, at: rule, in: view, "\(view.place(cover.position)) \(rule.outcome.words) these packets too",
        help: "one of the two can go", notes: cover.note(view, "does the same with more packets"))
    }
  }
}
