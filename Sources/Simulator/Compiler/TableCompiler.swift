// Compiles a table into its flat form, once, before packets walk it.

import NetfilterModel

struct TableCompiler {
  let table: Table
  let graph: ChainGraph
  let family: AddressFamily
  var rules: [CompiledRule] = []
  var origins: [RuleOrigin] = []
  var lowering: RuleLowering
  var effects: [[Effect]] = []
  var enablesConntrack = false
  var enablesAccounting = false
  var enablesReassembly = false

  private init(_ table: Table, _ graph: ChainGraph, family: AddressFamily) {
    self.table = table
    self.graph = graph
    self.family = family
    lowering = RuleLowering(family: family)
  }

  /// Compiles a table that the kernel would load; `graph` is the one of this table.
  static func compile(_ table: Table, _ graph: ChainGraph, family: AddressFamily) -> TableProgram {
    var compiler = TableCompiler(table, graph, family: family)
    var starts: [Int] = []
    var position = 0
    for chain in table.chains {
      starts.append(position)
      position += chain.rules.count + 1
    }
    compiler.rules.reserveCapacity(position)
    compiler.origins.reserveCapacity(position)
    for (index, chain) in table.chains.enumerated() {
      for rule in chain.rules {
        compiler.append(rule, chain: index, starts: starts)
      }
      compiler.appendTail(chain, index)
    }
    var entries = [Int](repeating: -1, count: Hook.allCases.count)
    var policies = entries
    for hook in table.kind.hooks {
      guard let index = graph.places[hook.chainName] else { continue }
      entries[Int(hook.rawValue)] = starts[index]
      policies[Int(hook.rawValue)] = starts[index] + table.chains[index].rules.count
    }
    return TableProgram(compiler, starts: starts, entries: entries, policies: policies, depth: graph.depth)
  }

  private mutating func append(
    _ rule: Rule, chain: Int, starts: [Int]
  ) {
    var compiled = CompiledRule()
    lowering.lower(rule.conditions, into: &compiled)
    for match in rule.matches {
      let needs = match.needs
      if needs.conntrack { enablesConntrack = true }
      if needs.accounting { enablesAccounting = true }
      if needs.reassembly { enablesReassembly = true }
    }
    var kind = RuleKind.rule
    switch rule.action {
    case .none: compiled.action = .next
    case .verdict(let verdict):
      switch verdict {
      case .accept: compiled.action = .accept
      case .drop: compiled.action = .drop
      case .queue: compiled.action = .queue
      case .return: compiled.action = .return
      }
      if rule.header.isUnconditional, rule.matches.isEmpty { kind = table.chains[chain].isBuiltIn ? .policy : .return }
    case .jump(let name), .goto(let name):
      if case .jump = rule.action { compiled.action = .jump } else { compiled.action = .goto }
      // The check found every chain that a rule leads to.
      if let index = graph.places[name] { compiled.operand = UInt32(starts[index]) }
    case .target(let target):
      compiled.action = .target
      compiled.operand = UInt32(effects.count)
      effects.append(target.effects)
      let needs = target.needs
      if needs.conntrack { enablesConntrack = true }
      if needs.reassembly { enablesReassembly = true }
    }
    rules.append(compiled)
    origins.append(RuleOrigin(chain: chain, kind: kind))
  }

  private mutating func appendTail(_ chain: Chain, _ index: Int) {
    var tail = CompiledRule()
    switch chain.policy {
    case nil: tail.action = .return
    case .some(.drop): tail.action = .drop
    case .some: tail.action = .accept
    }
    rules.append(tail)
    origins.append(
      RuleOrigin(chain: index, kind: chain.isBuiltIn ? .policy : .return))
  }
}
