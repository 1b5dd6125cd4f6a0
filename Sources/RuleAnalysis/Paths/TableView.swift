// A table as analyses read it: rules as sets, callers, which packets can be in a chain, and what chains do.

import NetfilterModel

/// A table with what analyses ask of it; every part is made once, in time that grows with the number of rules.
struct TableView: Sendable {
  let family: AddressFamily
  let table: Table
  let graph: ChainGraph
  /// The rules by the place of their chain.
  let rules: [[RuleView]]
  /// The rules that lead to each chain from places that packets reach.
  private(set) var callers: [[ChainGraph.RulePosition]]
  /// The packets that can be in each chain: more than there are, never fewer.
  private(set) var packets: [PacketSet]
  private(set) var summaries: [ChainSummary]
  /// The chains, each behind all that lead to it.
  private(set) var order: [Int] = []
  /// What takes packets in each chain.
  private(set) var takers: [CoverIndex]

  var kind: TableKind { table.kind }

  init(_ table: Table, _ family: AddressFamily) {
    self.table = table
    self.family = family
    graph = ChainGraph(table)
    let places = graph.places
    rules = table.chains.enumerated().map { chain, value in
      value.rules.enumerated().map { RuleView($1, at: .init(chain: chain, rule: $0), family, places: places) }
    }
    callers = [[ChainGraph.RulePosition]](repeating: [], count: table.chains.count)
    packets = [PacketSet](repeating: PacketSet(family), count: table.chains.count)
    summaries = [ChainSummary](repeating: ChainSummary(), count: table.chains.count)
    takers = []
    findCallers()
    order = chainsBehindTheirCallers()
    for chain in order { packets[chain] = packetsThatCanBe(in: chain) }
    for chain in order.reversed() { summaries[chain] = summary(of: chain) }
    findTakers()
  }

  // MARK: Questions

  func chain(_ place: Int) -> Chain { table.chains[place] }
  func name(_ place: Int) -> String { table.chains[place].name }
  func owner(_ place: Int) -> ChainOwner? { ChainOwner(chain: name(place)) }
  func isReached(_ chain: Int) -> Bool { graph.hooks[chain] != [] }

  /// The place of a hook's chain, or nil when the table has none.
  func place(of hook: Hook) -> Int? { graph.places[hook.chainName] }

  func rule(_ position: ChainGraph.RulePosition) -> RuleView { rules[position.chain][position.rule] }

  /// The rules that packets may reach, chain by chain.
  var reachedRules: [RuleView] {
    rules.indices.flatMap { chain in
      isReached(chain) ? Array(rules[chain].prefix(graph.ends[chain] + 1)) : []
    }
  }

  /// The rules that packets of some hooks may reach.
  func rules(from hooks: HookSet) -> [RuleView] {
    rules.indices.flatMap { chain in
      graph.hooks[chain].isDisjoint(with: hooks) ? [] : Array(rules[chain].prefix(graph.ends[chain] + 1))
    }
  }

  /// The packets that may reach a rule, by the conditions of those that lead to its chain, and for which it matches.
  func packets(at rule: RuleView) -> PacketSet { packets[rule.position.chain].intersection(rule.set) }

  /// Whether the table is a part that is loaded beside others: it declares no built-in chain, and has no rule in one.
  var isFragment: Bool {
    !table.chains.contains { $0.isBuiltIn && ($0.location != nil || !$0.rules.isEmpty) }
  }

  /// The rule as a place for people: `filter/INPUT#3`.
  func place(_ position: ChainGraph.RulePosition) -> String {
    "\(kind.name)/\(name(position.chain))#\(position.rule + 1)"
  }

  // MARK: Making

  private mutating func findCallers() {
    for chain in rules.indices where isReached(chain) {
      for rule in rules[chain].prefix(graph.ends[chain] + 1) {
        switch rule.outcome {
        case .calls(let target), .goes(let target):
          if !table.chains[target].isBuiltIn { callers[target].append(rule.position) }
        default: break
        }
      }
    }
  }

  /// The reached chains, each behind all that lead to it; those of circles, which are refused, come last.
  private func chainsBehindTheirCallers() -> [Int] {
    var missing = callers.map { Set($0.map { $0.chain }).count }
    var order: [Int] = []
    var ready = rules.indices.filter { isReached($0) && missing[$0] == 0 }
    var isDone = [Bool](repeating: false, count: rules.count)
    while let chain = ready.popLast() {
      guard !isDone[chain] else { continue }
      isDone[chain] = true
      order.append(chain)
      var targets: Set<Int> = []
      for rule in rules[chain].prefix(graph.ends[chain] + 1) {
        switch rule.outcome {
        case .calls(let target), .goes(let target): targets.insert(target)
        default: break
        }
      }
      for target in targets where !isDone[target] {
        missing[target] -= 1
        if missing[target] <= 0 { ready.append(target) }
      }
    }
    return order + rules.indices.filter { !isDone[$0] }
  }

  /// How many callers of a chain are looked at one by one.
  static let mostCallers = 64

  private func packetsThatCanBe(in chain: Int) -> PacketSet {
    var result = PacketSet(family)
    let hooks = graph.hooks[chain]
    if table.chains[chain].isBuiltIn {
      // No interface is known yet, or any more (kernel: `nf_hook_state`).
      if hooks.isSubset(of: [.prerouting, .input]) { result.limit(.output, to: IntervalSet(0, 0)) }
      if hooks.isSubset(of: [.output]) { result.limit(.input, to: IntervalSet(0, 0)) }
      if hooks.isSubset(of: [.prerouting, .input, .forward]) { result.limit(.input, to: IntervalSet(1, .max)) }
      return result
    }
    guard !callers[chain].isEmpty, callers[chain].count <= TableView.mostCallers else { return result }
    var hull: PacketSet?
    for caller in callers[chain] {
      let one = packets[caller.chain].intersection(rule(caller).set)
      hull = hull?.hull(one) ?? one
    }
    result = hull ?? result
    return result
  }

  private func summary(of chain: Int) -> ChainSummary {
    var result = ChainSummary()
    for rule in rules[chain] {
      if !rule.effects.isEmpty, !rule.effects.allSatisfy({ $0.ends }) || rule.keepsState { result.hasEffects = true }
      if rule.keepsState { result.hasEffects = true }
      let isForAll = rule.set.isEverything
      switch rule.outcome {
      case .calls(let target), .goes(let target):
        guard rules.indices.contains(target), target != chain else { continue }
        let sub = summaries[target]
        result.hasEffects = result.hasEffects || sub.hasEffects
        result.ends.formUnion(sub.ends.subtracting(.returns))
        let isGoto = if case .goes = rule.outcome { true } else { false }
        if isGoto, !sub.takesAll { result.ends.insert(.returns) }
        if isForAll, isGoto || sub.takesAll {
          result.takesAll = sub.takesAll && !result.ends.contains(.returns)
          return result
        }
      case .passes: break
      default:
        result.ends.formUnion(ChainSummary.ends(rule.outcome))
        if isForAll, rule.outcome != .unknown {
          result.takesAll = !result.ends.contains(.returns)
          return result
        }
      }
    }
    result.ends.insert(.returns)
    return result
  }

  /// How many sets of called chains are taken over in all.
  static let mostExports = 4096

  /// The dimensions that some target of the table changes, so that a later rule may see another value.
  private var changedDimensions: Set<Dimension> {
    var result: Set<Dimension> = []
    for chain in rules {
      for rule in chain {
        for effect in rule.effects {
          switch effect {
          case .mark: result.insert(.mark)
          case .connectionMark: result.formUnion([.mark, .connectionMark])
          case .tos: result.formUnion([.tos, .dscp, .ecn])
          case .ttl: result.insert(.ttl)
          case .tcpFlags: result.insert(.tcpFlags)
          case .segmentSize, .stripTCPOptions: result.formUnion([.segmentSize, .totalLength, .transportLength])
          case .untrack, .template: result.insert(.state)
          case .translatePrefix: result.formUnion([.source, .destination])
          default: break
          }
        }
      }
    }
    return result
  }

  private mutating func findTakers() {
    let changed = changedDimensions
    takers = [CoverIndex](repeating: CoverIndex(family), count: rules.count)
    /// What ends the table in each chain, before anything may return.
    var exports = [[CoverIndex.Entry]](repeating: [], count: rules.count)
    var budget = TableView.mostExports
    func usable(_ set: PacketSet) -> Bool {
      set.isExact && !set.isEmpty && !set.fields.contains { changed.contains($0.dimension) }
        && (changed.isEmpty || set.others.isEmpty)
    }
    for chain in order.reversed() {
      var mayReturn = false
      for rule in rules[chain] {
        var taken: [CoverIndex.Entry] = []
        func take(_ set: PacketSet, _ taker: ChainGraph.RulePosition, _ outcome: RuleOutcome, endsTable: Bool) {
          guard usable(set) else { return }
          taken.append(
            CoverIndex.Entry(
              set: set, order: rule.position.rule, taker: taker, outcome: outcome, endsTable: endsTable))
        }
        switch rule.outcome {
        case .accept, .drop, .reject, .queue, .translate:
          take(rule.set, rule.position, rule.outcome, endsTable: true)
        case .returns:
          take(rule.set, rule.position, .returns, endsTable: false)
          mayReturn = true
        case .goes(let target):
          let takesAll = summaries[target].takesAll
          take(rule.set, rule.position, rule.outcome, endsTable: takesAll)
          if !takesAll { mayReturn = true }
        case .calls(let target):
          if summaries[target].takesAll { take(rule.set, rule.position, rule.outcome, endsTable: true) }
          if rule.set.isExact, exports[target].count <= budget {
            budget -= exports[target].count
            for entry in exports[target] {
              take(rule.set.intersection(entry.set), entry.taker, entry.outcome, endsTable: true)
            }
          }
        case .passes, .unknown: break
        }
        for entry in taken { takers[chain].add(entry) }
        if !mayReturn, !chain.isBuiltIn(in: table) { exports[chain] += taken.filter { $0.endsTable } }
      }
    }
  }
}

extension Int {
  fileprivate func isBuiltIn(in table: Table) -> Bool { table.chains[self].isBuiltIn }
}
