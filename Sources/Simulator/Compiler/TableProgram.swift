// A table in the flat form that packets walk: compiled once, never changed, shared by all hosts that loaded it.

import NetfilterModel

/// What a compiled rule does.
enum ActionCode: UInt8 {
  case next
  case accept
  case drop
  case queue
  case `return`
  case jump
  case goto
  case target
}

/// One rule: its first condition, where the others lie, and what it does. 40 bytes.
struct CompiledRule {
  var head = ConditionRecord()
  /// The place of its further conditions.
  var rest: UInt32 = 0
  var restCount: UInt16 = 0
  var action: ActionCode = .next
  /// Whether a condition keeps a state.
  var keepsState = false
  /// The rule that a jump leads to, or the place of the target's effects.
  var operand: UInt32 = 0
}

/// The chain that a compiled rule comes from, and what the kernel's TRACE calls it. 4 bytes.
struct RuleOrigin {
  private var bits: UInt32

  /// Makes an origin; `chain` is the place of the chain in the table, below 2^30.
  init(chain: Int, kind: RuleKind) {
    let number: UInt32 =
      switch kind {
      case .rule: 0
      case .policy: 1
      case .return: 2
      }
    bits = UInt32(truncatingIfNeeded: chain) & 0x3fff_ffff | number << 30
  }

  /// The place of the chain in the table.
  var chain: Int { Int(bits & 0x3fff_ffff) }
  /// What the kernel's TRACE calls the rule.
  var kind: RuleKind { bits >> 30 == 0 ? .rule : bits >> 30 == 1 ? .policy : .return }
}

/// A function among the conditions.
struct OpaqueCondition: Sendable {
  let test: OpaqueTest
  /// Its condition, among those of the rule.
  var condition: Int
  /// The place of its state among those of the table.
  var state: Int
}

/// A condition that is asked as it was written.
struct WholeCondition: Sendable {
  let condition: Condition
  /// Its place among those of the rule.
  var place: Int
}

/// A table, compiled.
final class TableProgram: Sendable {
  let kind: TableKind
  let family: AddressFamily
  /// The table that it was compiled from; the counters of a host live in its state.
  let table: Table
  let rules: [CompiledRule]
  let rest: [ConditionRecord]
  let origins: [RuleOrigin]
  /// The place of each chain in the table by its name.
  let places: [String: Int]
  /// The first rule of each chain of the table.
  let starts: [Int]
  let lists: [PortList]
  let opaques: [OpaqueCondition]
  let wholes: [WholeCondition]
  let effects: [[Effect]]
  let inputs: [InterfacePattern]
  let outputs: [InterfacePattern]
  /// The first rule of each built-in chain, by the hook's number; -1 where the table has none.
  let entries: [Int]
  /// The policy rule of each built-in chain.
  let policies: [Int]
  /// How deep jumps can nest.
  let depth: Int
  /// Whether loading it turns connection tracking on.
  let enablesConntrack: Bool
  /// Whether loading it turns connection counters on.
  let enablesAccounting: Bool
  /// Whether loading it turns the reassembly of fragments on.
  let enablesReassembly: Bool

  init(_ parts: consuming TableCompiler, starts: [Int], entries: [Int], policies: [Int], depth: Int) {
    kind = parts.table.kind
    family = parts.family
    table = parts.table
    rules = parts.rules
    // One more than is used, so that there always is a place to point at.
    rest = parts.lowering.rest + [ConditionRecord()]
    origins = parts.origins
    places = parts.graph.places
    self.starts = starts
    lists = parts.lowering.lists + [PortList.none]
    opaques = parts.lowering.opaques
    wholes = parts.lowering.wholes
    inputs = parts.lowering.inputs
    outputs = parts.lowering.outputs
    effects = parts.effects
    enablesConntrack = parts.enablesConntrack
    enablesAccounting = parts.enablesAccounting
    enablesReassembly = parts.enablesReassembly
    self.entries = entries
    self.policies = policies
    self.depth = depth
  }

  /// The place of a compiled rule.
  func place(_ rule: Int) -> RulePlace {
    let origin = origins[rule]
    let number = rule - starts[origin.chain]
    return RulePlace(
      family: family, table: kind, chain: table.chains[origin.chain].name, kind: origin.kind, number: number + 1,
      isEnd: number >= table.chains[origin.chain].rules.count)
  }

  /// The rule that a compiled rule was made from; nil for the end of a chain.
  func source(of rule: Int) -> Rule? {
    let chain = origins[rule].chain
    let number = rule - starts[chain]
    let rules = table.chains[chain].rules
    return number < rules.count ? rules[number] : nil
  }

  /// The functions among the conditions of a rule, in order.
  func opaques(of rule: Int) -> [OpaqueCondition] {
    let rule = rules[rule]
    let own = [rule.head] + rest[Int(rule.rest)..<Int(rule.rest) + Int(rule.restCount)]
    return own.filter { $0.kind == .opaque }.map { opaques[Int($0.reference)] }
  }

  /// The counters that the rules were loaded with, and the states in which their conditions start.
  func initialState(_ memory: inout HostMemory) -> TableState {
    var state = TableState()
    state.counters.reserveCapacity(origins.count)
    for chain in table.chains {
      for rule in chain.rules { state.counters.append(rule.counters) }
      state.counters.append(chain.counters)
    }
    state.states.reserveCapacity(opaques.count)
    for opaque in opaques { state.states.append(opaque.test.initialState(&memory)) }
    return state
  }

  /// The table with counters as a host has them.
  func table(with counters: [Counters]) -> Table {
    var result = table
    for (chain, start) in starts.enumerated() {
      let count = result.chains[chain].rules.count
      guard start + count < counters.count else { break }
      // A rule that no packet has met stays shared with the table that was compiled.
      for rule in 0..<count where result.chains[chain].rules[rule].counters != counters[start + rule] {
        result.chains[chain].rules[rule].counters = counters[start + rule]
      }
      if result.chains[chain].isBuiltIn { result.chains[chain].counters = counters[start + count] }
    }
    return result
  }

  /// Which interface patterns fit, a bit each.
  @inline(__always)
  func interfaceBits(input: InterfaceName, output: InterfaceName) -> UInt64 {
    var bits: UInt64 = 0
    for index in inputs.indices where inputs[index].matches(input) { bits |= 1 << UInt64(index) }
    for index in outputs.indices where outputs[index].matches(output) { bits |= 1 << UInt64(32 + index) }
    return bits
  }

  /// Whether a packet may come to a condition that nothing here can decide.
  var mayBeUndecided: Bool { opaques.contains { $0.test.mayBeUnknown } }
}
