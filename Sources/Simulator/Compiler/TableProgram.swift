// A table in the flat form that packets walk: plain records in three arrays, no reference counting for each rule.

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

/// One rule with its inline conditions as plain numbers.
struct CompiledRule {
  var source = Condition128()
  var destination = Condition128()
  /// Which conditions are negated or special (`RuleFlags`).
  var flags: RuleFlags = []
  /// The protocol, or 0 for any.
  var protocolNumber: UInt8 = 0
  var action: ActionCode = .next
  /// The place of the input pattern in the program, or 0 for any.
  var input: UInt16 = 0
  /// The place of the output pattern, or 0.
  var output: UInt16 = 0
  var matchCount: UInt16 = 0
  var firstMatch: UInt32 = 0
  /// The rule that a jump leads to, or the place of the target.
  var operand: UInt32 = 0
}

/// An address under a mask, as two pairs of words.
struct Condition128 {
  var high: UInt64 = 0
  var low: UInt64 = 0
  var maskHigh: UInt64 = 0
  var maskLow: UInt64 = 0

  init() {}

  init(_ match: AddressMatch) {
    high = match.address.high
    low = match.address.low
    maskHigh = match.mask.high
    maskLow = match.mask.low
  }

  @inline(__always) func differs(_ address: IPAddress) -> Bool {
    ((address.high & maskHigh) ^ high) | ((address.low & maskLow) ^ low) != 0
  }
}

/// Negations and special conditions of a rule header (kernel: `IPT_INV_*`, `IPT_F_FRAG`).
struct RuleFlags: OptionSet {
  var rawValue: UInt8
  static let invertSource = RuleFlags(rawValue: 1 << 0)
  static let invertDestination = RuleFlags(rawValue: 1 << 1)
  static let invertInput = RuleFlags(rawValue: 1 << 2)
  static let invertOutput = RuleFlags(rawValue: 1 << 3)
  static let invertProtocol = RuleFlags(rawValue: 1 << 4)
  static let fragment = RuleFlags(rawValue: 1 << 5)
  static let invertFragment = RuleFlags(rawValue: 1 << 6)
}

/// Where a compiled rule comes from.
struct RuleOrigin {
  /// The place of the chain in the table.
  var chain: UInt32
  /// The place of the rule in the chain; the number of rules for the policy or the implicit return at the end.
  var rule: UInt32
  /// What the kernel's TRACE calls it.
  var kind: RuleKind
}

/// A table, compiled. The arrays are owned by the instance and never move.
final class TableProgram {
  let kind: TableKind
  /// The table that it was compiled from; counters live here in `counters`, not there.
  let table: Table
  let ruleCount: Int
  let rules: UnsafeMutablePointer<CompiledRule>
  let counters: UnsafeMutablePointer<Counters>
  let origins: [RuleOrigin]
  let matchCount: Int
  /// The compiled matches; `owners` keeps them alive.
  let matches: UnsafeMutablePointer<Unmanaged<CompiledMatch>>
  let owners: [CompiledMatch]
  let states: UnsafeMutablePointer<MatchState>
  let targets: [Target]
  let patterns: [InterfacePattern]
  /// The first rule of each built-in chain, by the hook's number; -1 where the table has none.
  let entries: [Int]
  /// The policy rule of each built-in chain.
  let policies: [Int]
  /// How deep jumps can nest.
  let depth: Int
  /// The rules that the packet jumped from; room for `depth`.
  let stack: UnsafeMutablePointer<Int>

  init(
    table: Table, rules: [CompiledRule], counters: [Counters], origins: [RuleOrigin], matches: [CompiledMatch],
    states: [MatchState], targets: [Target], patterns: [InterfacePattern], entries: [Int], policies: [Int], depth: Int
  ) {
    kind = table.kind
    self.table = table
    ruleCount = rules.count
    self.rules = .allocate(capacity: max(1, rules.count))
    self.rules.initialize(from: rules, count: rules.count)
    self.counters = .allocate(capacity: max(1, rules.count))
    self.counters.initialize(from: counters, count: rules.count)
    self.origins = origins
    matchCount = matches.count
    self.matches = .allocate(capacity: max(1, matches.count))
    self.matches.initialize(from: matches.map(Unmanaged.passUnretained), count: matches.count)
    owners = matches
    self.states = .allocate(capacity: max(1, matches.count))
    self.states.initialize(from: states, count: matches.count)
    self.targets = targets
    self.patterns = patterns
    self.entries = entries
    self.policies = policies
    self.depth = depth
    stack = .allocate(capacity: max(1, depth))
  }

  deinit {
    rules.deinitialize(count: ruleCount)
    rules.deallocate()
    counters.deinitialize(count: ruleCount)
    counters.deallocate()
    matches.deinitialize(count: matchCount)
    matches.deallocate()
    states.deinitialize(count: matchCount)
    states.deallocate()
    stack.deallocate()
  }

  /// A second program with counters and match states of its own.
  func copy() -> TableProgram {
    TableProgram(
      table: table, rules: Array(UnsafeBufferPointer(start: rules, count: ruleCount)),
      counters: Array(UnsafeBufferPointer(start: counters, count: ruleCount)), origins: origins,
      matches: owners,
      states: Array(UnsafeBufferPointer(start: states, count: matchCount)), targets: targets, patterns: patterns,
      entries: entries, policies: policies, depth: depth)
  }

  /// The table with the counters as they are now.
  var tableWithCounters: Table {
    var result = table
    for (index, origin) in origins.enumerated() {
      let chain = Int(origin.chain)
      let rule = Int(origin.rule)
      if rule < result.chains[chain].rules.count {
        // A rule that no packet has met stays shared with the table that was compiled.
        if result.chains[chain].rules[rule].counters != counters[index] {
          result.chains[chain].rules[rule].counters = counters[index]
        }
      } else if result.chains[chain].isBuiltIn {
        result.chains[chain].counters = counters[index]
      }
    }
    return result
  }
}
