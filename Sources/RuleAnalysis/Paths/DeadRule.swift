// Rules that no packet can get to, or that can match none.

import NetfilterModel

/// A rule without an effect, and why.
struct DeadRule: Sendable {
  /// Why a rule is dead.
  enum Reason: Sendable {
    /// No packet fulfils its conditions and those of all that lead to it.
    case neverMatches
    /// Something before it takes every packet; how many rules behind are dead for that too.
    case behindAll(TableView.Cover, others: Int)
    /// Earlier rules do the same with all its packets.
    case repeated(TableView.Cover)
    /// Earlier rules do something else with all its packets.
    case shadowed(TableView.Cover)
  }

  var rule: RuleView
  var reason: Reason

  /// The dead rules of a table, each once, chain by chain; chains of programs that change them are left out.
  static func find(in view: TableView) -> [DeadRule] {
    var result: [DeadRule] = []
    var dead: Set<ChainGraph.RulePosition> = []
    for chain in view.order where view.isReached(chain) && view.owner(chain) == nil {
      // No packet comes here: that is said where it should come from.
      if view.packets[chain].isEmpty { continue }
      let callers = view.callers[chain]
      if !view.chain(chain).isBuiltIn, !callers.isEmpty, callers.allSatisfy({ dead.contains($0) }) { continue }
      var block: Int?
      for rule in view.rules[chain] {
        guard let reason = reason(rule, view) else {
          block = nil
          continue
        }
        dead.insert(rule.position)
        if case .behindAll = reason {
          if let block, case .behindAll(let cover, let others) = result[block].reason {
            result[block].reason = .behindAll(cover, others: others + 1)
            continue
          }
          block = result.count
        }
        result.append(DeadRule(rule: rule, reason: reason))
      }
    }
    return wholeLines(result, view)
  }

  /// Those of whose line every rule is dead: one line with several addresses makes several rules.
  private static func wholeLines(_ dead: [DeadRule], _ view: TableView) -> [DeadRule] {
    struct Line: Hashable {
      var chain: Int
      var location: SourceRange?
    }
    var rules: [Line: Int] = [:]
    for rule in view.rules.joined() {
      rules[Line(chain: rule.position.chain, location: rule.rule.location), default: 0] += 1
    }
    var found: [Line: Int] = [:]
    for one in dead { found[Line(chain: one.rule.position.chain, location: one.rule.rule.location), default: 0] += 1 }
    return dead.filter { one in
      let line = Line(chain: one.rule.position.chain, location: one.rule.rule.location)
      guard line.location != nil, let count = rules[line], count > 1 else { return true }
      if case .behindAll = one.reason { return true }
      return found[line] == count
    }
  }

  private static func reason(_ rule: RuleView, _ view: TableView) -> Reason? {
    if view.packets(at: rule).isEmpty { return .neverMatches }
    guard let cover = view.cover(of: rule) else { return nil }
    // One line with several addresses makes several rules.
    let lines = cover.takers.map { view.rule($0).rule.location }
    if let own = rule.rule.location, lines.contains(own) { return nil }
    let isSame = !rule.keepsState && cover.takers.allSatisfy { sameEffect(view.rule($0), rule, view) }
    if cover.isTotal, !(isSame && rule.set.isEverything) { return .behindAll(cover, others: 0) }
    return isSame ? .repeated(cover) : .shadowed(cover)
  }

  /// Whether two rules do the same with a packet.
  private static func sameEffect(_ first: RuleView, _ second: RuleView, _ view: TableView) -> Bool {
    if !first.effects.isEmpty || !second.effects.isEmpty {
      let isDenial = first.outcome.denies && second.outcome.denies
      let hasMore = [first, second].contains { !$0.effects.allSatisfy { $0.ends } }
      return first.effects == second.effects || isDenial && !hasMore
    }
    return first.outcome == second.outcome
  }
}
