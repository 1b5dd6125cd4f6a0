// A table between the commands of a script: what the kernel holds, and what is known of it without a look at every rule.

/// A loaded table that commands change.
struct OpenTable: Sendable {
  var builder: TableBuilder
  /// From which hooks each chain is reached, and where packets stop in it, by the chain's place; nil after a change that may have
  /// altered more than is followed here.
  private var reach: Reach?

  struct Reach: Sendable {
    var hooks: [HookSet]
    /// The first unconditional verdict of each chain, or the number of rules.
    var ends: [Int]
  }

  var kind: TableKind { builder.kind }

  /// The table as the kernel makes it: built-in chains without rules.
  init(_ kind: TableKind, family: AddressFamily) {
    builder = TableBuilder(kind, family: family)
    builder.isLive = true
  }

  /// A table that was loaded whole.
  init(_ table: Table, family: AddressFamily) {
    builder = TableBuilder(loaded: table, family: family)
    builder.isLive = true
  }

  /// Applies a command as iptables does, whole or not at all; returns what libiptc or the kernel refuses.
  mutating func apply(_ parsed: ParsedCommand, at location: SourceRange) -> Finding? {
    switch parsed.command {
    case .append(let chain, let rules):
      if let place = builder.places[chain], let added = quickly(rules, in: place, at: builder.chains[place].rules.count)
      {
        return added.refusal ?? builder.apply(parsed, at: location).first ?? noted(rules, place, added.index)
      }
    case .insert(let chain, let number, let rules):
      if let place = builder.places[chain], number >= 1, number <= builder.chains[place].rules.count + 1,
        let added = quickly(rules, in: place, at: number - 1)
      {
        return added.refusal ?? builder.apply(parsed, at: location).first ?? noted(rules, place, added.index)
      }
    case .list, .listRules, .check, .setPolicy, .nothing, .version, .help:
      return builder.apply(parsed, at: location).first
    case .newChain:
      let finding = builder.apply(parsed, at: location).first
      if finding == nil {
        reach?.hooks.append([])
        reach?.ends.append(0)
      }
      return finding
    case .zero: return builder.apply(parsed, at: location).first
    case .renameChain: return builder.apply(parsed, at: location).first
    case .deleteChain(.some): return builder.apply(parsed, at: location).first
    case .deleteNumber(let chain, let number):
      if let place = builder.places[chain], isQuick(removing: number - 1, from: place) {
        let finding = builder.apply(parsed, at: location).first
        if finding == nil, let end = reach?.ends[place], number - 1 < end { reach?.ends[place] -= 1 }
        return finding
      }
    case .flush:
      // Fewer rules are reached than before: nothing new can be refused.
      reach = nil
      return builder.apply(parsed, at: location).first
    case .delete, .replace, .deleteChain: break
    }
    return applyChecked(parsed, at: location)
  }

  /// Applies a command to a copy, and keeps it when the kernel takes the whole table.
  private mutating func applyChecked(_ parsed: ParsedCommand, at location: SourceRange) -> Finding? {
    var changed = builder
    // `-X` tries every chain, and what failed last is said.
    if let finding = changed.apply(parsed, at: location).last { return finding }
    let table = changed.finishedTable
    let graph = ChainGraph(table)
    if let refused = RulesetCheck.findings(in: table, family: builder.family, graph: graph).first {
      return Finding(
        id: refused.id, span: 0..<1, message: refused.message, help: refused.help,
        refusal: refused.tool.map { .system($0) })
    }
    builder = changed
    var reach = Reach(
      hooks: [HookSet](repeating: [], count: builder.chains.count),
      ends: [Int](repeating: 0, count: builder.chains.count)
    )
    var place = 0
    for index in builder.chains.indices where !builder.chains[index].isDeleted {
      reach.hooks[index] = graph.hooks[place]
      reach.ends[index] = graph.ends[place]
      place += 1
    }
    self.reach = reach
    return nil
  }

  // MARK: Without a look at the whole table

  /// Checks rules that lead nowhere, or to a chain that adds nothing, alone; nil when the whole table has to be looked at.
  private func quickly(
    _ rules: [WrittenRule], in place: Int, at index: Int
  ) -> (refusal: Finding?, index: Int)? {
    guard let reach, reach.hooks.indices.contains(place) else { return nil }
    let hooks = index <= reach.ends[place] ? reach.hooks[place] : []
    for rule in rules {
      if let name = rule.rule.action.chainName {
        guard let target = builder.places[name], !builder.chains[target].chain.isBuiltIn, target != place else {
          return nil
        }
        let isLeaf = builder.chains[target].rules.allSatisfy { builder.rules[Int($0)].target < 0 }
        guard isLeaf, hooks.isSubset(of: reach.hooks[target]) || builder.chains[target].rules.isEmpty else {
          return nil
        }
      }
      let refused = RulesetCheck.findings(
        of: rule.rule, in: builder.chains[place].chain.name, of: kind, family: builder.family, hooks: hooks)
      if let refused = refused.first {
        return (
          Finding(
            id: refused.id, span: rule.span, message: refused.message, help: refused.help,
            refusal: refused.tool.map { .system($0) }), index
        )
      }
    }
    return (nil, index)
  }

  /// Follows rules that were put in at an index.
  private mutating func noted(_ rules: [WrittenRule], _ place: Int, _ index: Int) -> Finding? {
    guard var reach else { return nil }
    self.reach = nil
    if index <= reach.ends[place] {
      let hooks = reach.hooks[place]
      reach.ends[place] += rules.count
      for (offset, rule) in rules.enumerated() {
        if let target = rule.rule.action.chainName.flatMap({ builder.places[$0] }) {
          reach.hooks[target].formUnion(hooks)
        }
        // The last of several stands first.
        if rule.rule.isUnconditionalVerdict { reach.ends[place] = min(reach.ends[place], index + offset) }
      }
    }
    self.reach = reach
    return nil
  }

  /// Whether a rule can go without a look at the others: it leads nowhere, and packets get past it.
  private func isQuick(removing index: Int, from place: Int) -> Bool {
    guard let reach, reach.ends.indices.contains(place), builder.chains[place].rules.indices.contains(index) else {
      return false
    }
    return index != reach.ends[place] && builder.rules[Int(builder.chains[place].rules[index])].target < 0
  }
}

extension Rule {
  /// Whether no packet gets past the rule: a verdict without a condition (kernel: `mark_source_chains`).
  var isUnconditionalVerdict: Bool {
    guard case .verdict = action else { return false }
    return matches.isEmpty && header.isUnconditional
  }
}
