// Compiles a table into its flat form, once, before packets walk it.

import NetfilterModel

/// Why a ruleset cannot be walked.
public enum CompileError: Error, Hashable, Sendable {
  /// A rule jumps to a chain that the table does not have.
  case missingChain(table: TableKind, chain: String, rule: Int, target: String)
  /// Chains jump to each other in a circle.
  case loop(table: TableKind, chain: String)
  /// The table has more distinct interface patterns than a program can hold (65535).
  case tooManyPatterns(table: TableKind)
}

extension CompileError: CustomStringConvertible {
  /// What is wrong, in lower case.
  public var description: String {
    switch self {
    case .missingChain(let table, let chain, let rule, let target):
      "rule \(rule) of chain `\(chain)` in table `\(table.name)` jumps to `\(target)`, which does not exist"
    case .loop(let table, let chain): "chain `\(chain)` in table `\(table.name)` reaches itself"
    case .tooManyPatterns(let table): "table `\(table.name)` has more than 65535 different interface names"
    }
  }
}

struct TableCompiler {
  let table: Table
  let services: any HostServices
  private var rules: [CompiledRule] = []
  private var counters: [Counters] = []
  private var origins: [RuleOrigin] = []
  private var matches: [CompiledMatch] = []
  private var states: [MatchState] = []
  private var targets: [Target] = []
  private var patterns = [InterfacePattern("+")]
  private var patternIndex: [InterfacePattern: UInt16] = [:]

  init(_ table: Table, services: any HostServices) {
    self.table = table
    self.services = services
  }

  /// Compiles a table.
  static func compile(_ table: Table, services: any HostServices) throws(CompileError) -> TableProgram {
    var compiler = TableCompiler(table, services: services)
    return try compiler.compile()
  }

  private mutating func compile() throws(CompileError) -> TableProgram {
    var starts: [Int] = []
    var position = 0
    var chainIndex: [String: Int] = [:]
    for (index, chain) in table.chains.enumerated() {
      starts.append(position)
      position += chain.rules.count + 1
      if chainIndex[chain.name] == nil { chainIndex[chain.name] = index }
    }
    let depth = try checkedDepth(chainIndex)
    rules.reserveCapacity(position)
    for (index, chain) in table.chains.enumerated() {
      for (number, rule) in chain.rules.enumerated() {
        try append(rule, chain: index, number: number, starts: starts, chainIndex: chainIndex)
      }
      appendTail(chain, index)
    }
    var entries = [Int](repeating: -1, count: Hook.allCases.count)
    var policies = entries
    for hook in table.kind.hooks {
      guard let index = chainIndex[hook.chainName] else { continue }
      entries[Int(hook.rawValue)] = starts[index]
      policies[Int(hook.rawValue)] = starts[index] + table.chains[index].rules.count
    }
    return TableProgram(
      table: table, rules: rules, counters: counters, origins: origins, matches: matches, states: states,
      targets: targets, patterns: patterns, entries: entries, policies: policies, depth: depth)
  }

  private mutating func append(
    _ rule: Rule, chain: Int, number: Int, starts: [Int], chainIndex: [String: Int]
  ) throws(CompileError) {
    var compiled = CompiledRule()
    try setHeader(of: rule, in: &compiled)
    compiled.firstMatch = UInt32(matches.count)
    compiled.matchCount = UInt16(clamping: rule.matches.count)
    for match in rule.matches.prefix(Int(UInt16.max)) {
      matches.append(match.compiled())
      states.append(match.initialState(services))
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
      guard let index = chainIndex[name] else {
        throw .missingChain(table: table.kind, chain: table.chains[chain].name, rule: number + 1, target: name)
      }
      if case .jump = rule.action { compiled.action = .jump } else { compiled.action = .goto }
      compiled.operand = UInt32(starts[index])
    case .target(let target):
      compiled.action = .target
      compiled.operand = UInt32(targets.count)
      targets.append(target)
    }
    rules.append(compiled)
    counters.append(rule.counters)
    origins.append(RuleOrigin(chain: UInt32(chain), rule: UInt32(number), kind: kind))
  }

  private mutating func appendTail(_ chain: Chain, _ index: Int) {
    var tail = CompiledRule()
    switch chain.policy {
    case nil: tail.action = .return
    case .some(.drop): tail.action = .drop
    case .some: tail.action = .accept
    }
    rules.append(tail)
    counters.append(chain.counters)
    origins.append(
      RuleOrigin(chain: UInt32(index), rule: UInt32(chain.rules.count), kind: chain.isBuiltIn ? .policy : .return))
  }

  private mutating func setHeader(of rule: Rule, in compiled: inout CompiledRule) throws(CompileError) {
    if let source = rule.header.source {
      compiled.source = Condition128(source.value)
      if source.inverted { compiled.flags.insert(.invertSource) }
    }
    if let destination = rule.header.destination {
      compiled.destination = Condition128(destination.value)
      if destination.inverted { compiled.flags.insert(.invertDestination) }
    }
    if let input = rule.header.input {
      compiled.input = try intern(input.value)
      if input.inverted { compiled.flags.insert(.invertInput) }
    }
    if let output = rule.header.output {
      compiled.output = try intern(output.value)
      if output.inverted { compiled.flags.insert(.invertOutput) }
    }
    if let number = rule.header.protocolNumber {
      compiled.protocolNumber = number.value.rawValue
      if number.inverted { compiled.flags.insert(.invertProtocol) }
    }
    if let fragment = rule.header.fragment {
      compiled.flags.insert(.fragment)
      if fragment.inverted { compiled.flags.insert(.invertFragment) }
    }
  }

  private mutating func intern(_ pattern: InterfacePattern) throws(CompileError) -> UInt16 {
    if let index = patternIndex[pattern] { return index }
    guard let index = UInt16(exactly: patterns.count) else { throw .tooManyPatterns(table: table.kind) }
    patterns.append(pattern)
    patternIndex[pattern] = index
    return index
  }

  /// Walks the chains that jump to each other without recursion; refuses circles (kernel: `mark_source_chains`).
  private func checkedDepth(_ chainIndex: [String: Int]) throws(CompileError) -> Int {
    var calls: [[(chain: Int, rule: Int)]] = table.chains.map { _ in [] }
    for (index, chain) in table.chains.enumerated() {
      for (number, rule) in chain.rules.enumerated() {
        switch rule.action {
        case .jump(let name), .goto(let name):
          guard let target = chainIndex[name] else {
            throw .missingChain(table: table.kind, chain: chain.name, rule: number + 1, target: name)
          }
          calls[index].append((target, number))
        default: break
        }
      }
    }
    var height = [Int](repeating: -1, count: table.chains.count)
    var active = [Bool](repeating: false, count: table.chains.count)
    for start in table.chains.indices where height[start] < 0 {
      var stack = [(chain: start, next: 0)]
      active[start] = true
      while let top = stack.last {
        if top.next < calls[top.chain].count {
          stack[stack.count - 1].next += 1
          let callee = calls[top.chain][top.next].chain
          if active[callee] { throw .loop(table: table.kind, chain: table.chains[callee].name) }
          if height[callee] < 0 {
            active[callee] = true
            stack.append((callee, 0))
          }
        } else {
          height[top.chain] = (calls[top.chain].map { height[$0.chain] }.max() ?? -1) + 1
          active[top.chain] = false
          stack.removeLast()
        }
      }
    }
    return (height.max() ?? 0) + 1
  }
}
