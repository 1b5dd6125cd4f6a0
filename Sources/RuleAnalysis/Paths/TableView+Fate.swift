// What certainly becomes of a set of packets, and what may become of it.

import NetfilterModel

extension TableView {
  /// What becomes of packets.
  struct Fate: Hashable, Sendable {
    var outcome: RuleOutcome
    /// The rule that decides; nil for a policy.
    var rule: ChainGraph.RulePosition?
  }

  /// How many rules one question may look at.
  static let mostVisits = 20_000

  private enum Way {
    case ends(Fate)
    case returned
    case open
  }

  /// What becomes of all packets of a set behind a rule; nil when they may part, or nothing can be said.
  func fate(of set: PacketSet, behind position: ChainGraph.RulePosition) -> Fate? {
    var visits = 0
    return fate(of: set, in: position.chain, from: position.rule + 1, depth: 0, &visits)
  }

  /// What becomes of all packets of a set that enter a hook's chain.
  func fate(of set: PacketSet, at hook: Hook) -> Fate? {
    guard let chain = place(of: hook) else { return nil }
    var visits = 0
    return fate(of: set, in: chain, from: 0, depth: 0, &visits)
  }

  private func fate(of set: PacketSet, in chain: Int, from start: Int, depth: Int, _ visits: inout Int) -> Fate? {
    guard depth < 16 else { return nil }
    switch way(of: set, in: chain, from: start, depth: depth, &visits) {
    case .ends(let fate): return fate
    case .open: return nil
    case .returned:
      if let policy = table.chains[chain].policy {
        return Fate(outcome: policy == .drop ? .drop : .accept, rule: nil)
      }
      guard callers[chain].count == 1, let caller = callers[chain].first,
        case .calls = rule(caller).outcome
      else { return nil }
      let path = set.intersection(rule(caller).set)
      return fate(of: path, in: caller.chain, from: caller.rule + 1, depth: depth + 1, &visits)
    }
  }

  private func way(of set: PacketSet, in chain: Int, from start: Int, depth: Int, _ visits: inout Int) -> Way {
    guard depth < 32 else { return .open }
    for rule in rules[chain].dropFirst(start) {
      visits += 1
      guard visits < TableView.mostVisits else { return .open }
      if rule.outcome == .passes || !rule.set.intersects(set) { continue }
      let takesAll = rule.set.covers(set)
      switch rule.outcome {
      case .calls(let target):
        if summaries[target].ends == [.returns] { continue }
        switch way(of: set.intersection(rule.set), in: target, from: 0, depth: depth + 1, &visits) {
        case .returned: continue
        case .ends(let fate): return takesAll ? .ends(fate) : .open
        case .open: return .open
        }
      case .goes(let target):
        guard takesAll else { return .open }
        return way(of: set.intersection(rule.set), in: target, from: 0, depth: depth + 1, &visits)
      case .returns: return takesAll ? .returned : .open
      case .unknown: return .open
      default: return takesAll ? .ends(Fate(outcome: rule.outcome, rule: rule.position)) : .open
      }
    }
    return .returned
  }

  /// Whether some rule that packets of a hook reach may accept packets of a set, or its policy does.
  func mayAccept(_ set: PacketSet, at hook: Hook) -> Bool {
    guard let chain = place(of: hook) else { return true }
    if table.chains[chain].policy == .accept, !takesEverything(chain) { return true }
    return accepts(set, from: HookSet(hook)) != nil
  }

  /// The first rule that may accept packets of a set, or that nothing here can say that of.
  func accepts(_ set: PacketSet, from hooks: HookSet) -> RuleView? {
    // Chain by chain, as they are: a list of all rules would be made for every question.
    for chain in rules.indices where !graph.hooks[chain].isDisjoint(with: hooks) {
      guard packets[chain].intersects(set) else { continue }
      for rule in rules[chain].prefix(graph.ends[chain] + 1) {
        switch rule.outcome {
        case .accept, .queue, .unknown:
          if rule.set.intersects(set), packets(at: rule).intersects(set) { return rule }
        default: break
        }
      }
    }
    return nil
  }

  /// Whether the last word of a built-in chain is a rule for all packets.
  func takesEverything(_ chain: Int) -> Bool { summaries[chain].takesAll }

  /// What becomes of packets that no rule of a built-in chain asks for: what its rules for all packets say, or its policy
  /// does.
  func defaultOutcome(_ hook: Hook) -> RuleOutcome? {
    guard let chain = place(of: hook) else { return nil }
    for rule in rules[chain] where rule.set.isEverything {
      switch rule.outcome {
      case .passes, .returns: continue
      case .calls(let target), .goes(let target):
        guard summaries[target].takesAll else { continue }
        return lastOutcome(of: target, depth: 0)
      default: return rule.outcome
      }
    }
    return table.chains[chain].policy == .drop ? .drop : .accept
  }

  private func lastOutcome(of chain: Int, depth: Int) -> RuleOutcome? {
    guard depth < 16 else { return nil }
    for rule in rules[chain] where rule.set.isEverything {
      switch rule.outcome {
      case .passes: continue
      case .calls(let target), .goes(let target):
        guard summaries[target].takesAll else { continue }
        return lastOutcome(of: target, depth: depth + 1)
      default: return rule.outcome
      }
    }
    return nil
  }
}
