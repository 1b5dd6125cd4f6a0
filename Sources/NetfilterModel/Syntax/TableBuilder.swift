// A table while commands change it: what libiptc holds between iptc_init and iptc_commit.

/// A table under construction. Rules lie in one array and chains hold their indexes, so that inserting at the head of a
/// long chain moves little.
struct TableBuilder {
  struct WorkingRule {
    var written: WrittenRule
    var line: Int
    /// The place of the chain that it leads to, which may get another name; -1 for none.
    var target: Int32
    /// The place of its chain.
    var chain: Int32
  }

  /// Rules of one chain that mean the same.
  struct SameRules {
    /// How many there are.
    var count = 0
    /// The last that was added.
    var last: Int32 = -1
  }

  struct WorkingChain {
    var chain: Chain
    var rules: [Int32] = []
    /// How many rules jump or go here.
    var references = 0
    /// Whether `-X` took it away; its place stays, so that the other chains keep theirs.
    var isDeleted = false
  }

  /// The most rules that a table may be given; two lists of addresses in one line can make a quarter of a million.
  static let mostRules = 1 << 19

  let kind: TableKind
  let family: AddressFamily
  /// Whether the table is loaded, so that `-Z` makes its counters zero.
  var isLive = false
  /// Whether messages propose names that are like a wrong one, which takes time for each of them.
  var suggests = true
  var chains: [WorkingChain] = []
  var places: [String: Int] = [:]
  /// The chain that the command before was for: often it is the same again.
  private var lastPlace = 0
  var rules: [WorkingRule] = []
  /// The rules of each chain by their text, made when a rule is first looked for; nil before.
  private var index: [String: SameRules]?
  /// Names whose declaration was wrong: what uses them is not complained about again.
  var poisoned: Set<String> = []

  /// Takes over a table that is loaded.
  init(loaded table: Table, family: AddressFamily) {
    kind = table.kind
    self.family = family
    for chain in table.chains {
      places[chain.name] = chains.count
      var empty = chain
      empty.rules = []
      chains.append(WorkingChain(chain: empty))
    }
    for (place, chain) in table.chains.enumerated() {
      for rule in chain.rules {
        let written = WrittenRule(rule: rule, span: 0..<1, extensions: [])
        chains[place].rules.append(store(written, rule.location?.line ?? 0, in: place))
      }
    }
  }

  /// Starts with the built-in chains; a table that was committed before keeps its policies, not their counters.
  init(_ kind: TableKind, family: AddressFamily, committed: Table? = nil) {
    self.kind = kind
    self.family = family
    for hook in kind.hooks {
      let before = committed?[hook.chainName]
      places[hook.chainName] = chains.count
      chains.append(
        WorkingChain(
          chain: Chain(
            name: hook.chainName, policy: before?.policy ?? .accept, location: before?.location)))
    }
  }

  func exists(_ name: String) -> Bool { places[name] != nil || poisoned.contains(name) }

  /// Whether a chain is one of the table's own.
  func isBuiltIn(_ name: String) -> Bool { places[name].map { chains[$0].chain.isBuiltIn } ?? false }

  var chainNames: [String] { chains.filter { !$0.isDeleted }.map { $0.chain.name } }

  /// Adds a user chain; false when there is one or the name is a verdict's (libiptc: `TC_CREATE_CHAIN`).
  mutating func create(_ name: String, at location: SourceRange?) -> Bool {
    guard places[name] == nil, Verdict(name: name) == nil else { return false }
    places[name] = chains.count
    chains.append(WorkingChain(chain: Chain(name: name, location: location)))
    return true
  }

  /// Applies a command; what libiptc refuses is returned.
  ///
  /// - Parameter location: where the command's chain is named.
  mutating func apply(_ parsed: ParsedCommand, at location: SourceRange) -> [Finding] {
    switch parsed.command {
    case .append(let chain, let rules):
      return onChain(chain, parsed) { builder, place in
        if let finding = builder.refuseTooMany(rules, parsed) { return finding }
        for rule in rules { builder.chains[place].rules.append(builder.store(rule, location.line, in: place)) }
        return nil
      }
    case .insert(let chain, let number, let rules):
      return onChain(chain, parsed) { builder, place in
        guard number >= 1, number <= builder.chains[place].rules.count + 1 else {
          return builder.badNumber(number, place, parsed, extra: 1)
        }
        if let finding = builder.refuseTooMany(rules, parsed) { return finding }
        // Each is put at the same place, so that the last one comes first.
        let indexes = rules.map { builder.store($0, location.line, in: place) }
        builder.chains[place].rules.insert(contentsOf: indexes.reversed(), at: number - 1)
        return nil
      }
    case .replace(let chain, let number, let rule):
      return onChain(chain, parsed) { builder, place in
        guard number >= 1, number <= builder.chains[place].rules.count else {
          return builder.badNumber(number, place, parsed)
        }
        builder.release(builder.chains[place].rules[number - 1])
        builder.chains[place].rules[number - 1] = builder.store(rule, location.line, in: place)
        return nil
      }
    case .deleteNumber(let chain, let number):
      return onChain(chain, parsed) { builder, place in
        guard number >= 1, number <= builder.chains[place].rules.count else {
          return builder.badNumber(number, place, parsed)
        }
        builder.release(builder.chains[place].rules.remove(at: number - 1))
        return nil
      }
    case .delete(let chain, let rules):
      return onChain(chain, parsed) { builder, place in
        for rule in rules {
          guard let position = builder.position(of: rule, in: place) else { return builder.missingRule(rule) }
          builder.release(builder.chains[place].rules.remove(at: position))
        }
        return nil
      }
    case .check(let chain, let rules):
      return onChain(chain, parsed) { builder, place in
        for rule in rules where builder.position(of: rule, in: place) == nil { return builder.missingRule(rule) }
        return nil
      }
    case .flush(let chain):
      guard let chain else {
        for place in chains.indices { flush(place) }
        return []
      }
      return onChain(chain, parsed) { builder, place in
        builder.flush(place)
        return nil
      }
    case .zero(let chain, let number):
      // Counters that a file gives stay as they are: only those of a loaded table become zero (libiptc: `TC_ZERO_ENTRIES`).
      guard let chain else {
        for place in chains.indices { zero(place) }
        return []
      }
      return onChain(chain, parsed) { builder, place in
        guard let number else {
          builder.zero(place)
          return nil
        }
        guard number >= 1, number <= builder.chains[place].rules.count else {
          return builder.badNumber(number, place, parsed)
        }
        builder.zeroRule(builder.chains[place].rules[number - 1])
        return nil
      }
    case .newChain(let name):
      if create(name, at: location) { return [] }
      return poisoned.contains(name) ? [] : [chainExistsFinding(name, parsed.chainSpan)]
    case .deleteChain(let name): return delete(chain: name, parsed)
    case .renameChain(let old, let new): return rename(old, new, parsed)
    case .setPolicy(let chain, let policy, let counters):
      return setPolicy(
        policy, of: chain, counters: counters, parsed.chainSpan, parsed.secondSpan, at: location)
    case .list(let chain, _, _, _), .listRules(let chain, _, _, _):
      guard let chain else { return [] }
      return onChain(chain, parsed) { _, _ in nil }
    case .nothing, .version, .help: return []
    }
  }

  private mutating func onChain(
    _ name: String, _ parsed: ParsedCommand, _ body: (inout TableBuilder, Int) -> Finding?
  ) -> [Finding] {
    if chains.indices.contains(lastPlace), !chains[lastPlace].isDeleted, chains[lastPlace].chain.name == name {
      return body(&self, lastPlace).map { [$0] } ?? []
    }
    if let place = places[name] {
      lastPlace = place
      return body(&self, place).map { [$0] } ?? []
    }
    if poisoned.contains(name) { return [] }
    return [unknownChain(name, parsed.chainSpan)]
  }

  func unknownChain(_ name: String, _ span: Range<Int>) -> Finding {
    var help = "declare it with `:\(name) - [0:0]` above"
    if let hook = Hook(chainName: name), !kind.hooks.contains(hook) {
      let owners = TableKind.allCases.filter { $0.hooks.contains(hook) }.map { $0.name }
      help = "\(name) is a built-in chain of \(owners.joined(separator: ", ")) only"
    } else if suggests, let nearest = Spelling.nearest(to: name, among: chainNames) {
      help = "did you mean `\(nearest)`?"
    }
    return Finding(
      id: .unknownChain, span: span, message: "there is no chain `\(name)` in table \(kind.name)", help: help)
  }

  func chainExistsFinding(_ name: String, _ span: Range<Int>) -> Finding {
    if Verdict(name: name) != nil {
      return Finding(id: .badChainName, span: span, message: "a chain cannot be called `\(name)`")
    }
    return Finding(id: .chainExists, span: span, message: "chain `\(name)` exists already")
  }

  private func badNumber(_ number: Int, _ place: Int, _ parsed: ParsedCommand, extra: Int = 0) -> Finding {
    let count = chains[place].rules.count
    let name = chains[place].chain.name
    return Finding(
      id: .ruleNumberTooLarge, span: parsed.secondSpan,
      message: "chain `\(name)` has \(count) rule\(count == 1 ? "" : "s"): there is no place \(number)",
      help: extra == 1 ? "the last place is \(count + 1); `-A` appends" : nil)
  }

  private func missingRule(_ rule: WrittenRule) -> Finding {
    Finding(id: .noSuchRule, span: rule.span, message: "the chain has no rule like this")
  }

  private func refuseTooMany(_ added: [WrittenRule], _ parsed: ParsedCommand) -> Finding? {
    guard rules.count + added.count > TableBuilder.mostRules else { return nil }
    return Finding(
      id: .tooManyRules, span: parsed.chainSpan,
      message: "table \(kind.name) would have more than \(TableBuilder.mostRules) rules")
  }

  // MARK: Rules

  private mutating func store(_ written: WrittenRule, _ line: Int, in chain: Int) -> Int32 {
    var target: Int32 = -1
    if let name = written.rule.action.chainName, let place = places[name] {
      chains[place].references += 1
      target = Int32(truncatingIfNeeded: place)
    }
    rules.append(
      WorkingRule(written: written, line: line, target: target, chain: Int32(truncatingIfNeeded: chain)))
    let stored = Int32(truncatingIfNeeded: rules.count - 1)
    if index != nil { note(stored, 1) }
    return stored
  }

  private mutating func release(_ stored: Int32) {
    let target = Int(rules[Int(stored)].target)
    if chains.indices.contains(target) { chains[target].references -= 1 }
    if index != nil { note(stored, -1) }
  }

  /// A rule with the name that its chain has now.
  func current(_ stored: Int32) -> Rule {
    let working = rules[Int(stored)]
    var rule = working.written.rule
    guard chains.indices.contains(Int(working.target)) else { return rule }
    let name = chains[Int(working.target)].chain.name
    switch rule.action {
    case .jump(let old) where old != name: rule.action = .jump(name)
    case .goto(let old) where old != name: rule.action = .goto(name)
    default: break
    }
    return rule
  }

  /// What rules of a chain that mean the same have in common; chains by their places, as they may get other names.
  private static func key(_ rule: Rule, target: Int32, in chain: Int32) -> String {
    var rule = rule
    if target >= 0 {
      // No chain has a newline in its name.
      switch rule.action {
      case .jump: rule.action = .jump("\n\(target)")
      case .goto: rule.action = .goto("\n\(target)")
      default: break
      }
    }
    // Not printed, but compared (libiptc: `flags` of `struct ip6t_ip6`).
    let namesAny = rule.header.protocolNumber?.value == .any
    return SavePrinter.ruleText(rule, chain: namesAny ? "\(chain) \(ProtocolNumber.any)" : "\(chain)")
  }

  private func key(of stored: Int32) -> String {
    let working = rules[Int(stored)]
    return TableBuilder.key(working.written.rule, target: working.target, in: working.chain)
  }

  private mutating func note(_ stored: Int32, _ change: Int) {
    let key = key(of: stored)
    var same = index?[key] ?? SameRules()
    same.count += change
    if change > 0 { same.last = stored } else if same.last == stored { same.last = -1 }
    index?[key] = same.count > 0 ? same : nil
  }

  /// The first rule of a chain that means the same (libiptc: `TC_DELETE_ENTRY`).
  private mutating func position(of rule: WrittenRule, in place: Int) -> Int? {
    if index == nil {
      index = [:]
      for chain in chains where !chain.isDeleted { for stored in chain.rules { note(stored, 1) } }
    }
    let target = rule.rule.action.chainName.flatMap { places[$0] } ?? -1
    let key = TableBuilder.key(
      rule.rule, target: Int32(truncatingIfNeeded: target), in: Int32(truncatingIfNeeded: place))
    guard let same = index?[key] else { return nil }
    let list = chains[place].rules
    if same.count == 1, same.last >= 0 {
      // From both ends: rules are mostly deleted at one of them.
      for step in list.indices {
        if list[step] == same.last { return step }
        if list[list.count - 1 - step] == same.last { return list.count - 1 - step }
      }
    }
    return list.firstIndex { self.key(of: $0) == key }
  }

  /// Takes the rules of a chain away (iptables-restore -n: a chain that is declared again).
  mutating func flush(chain name: String) { if let place = places[name] { flush(place) } }

  private mutating func flush(_ place: Int) {
    for index in chains[place].rules { release(index) }
    chains[place].rules = []
  }

  /// Makes the counters of a chain of a loaded table zero.
  private mutating func zero(_ place: Int) {
    guard isLive else { return }
    chains[place].chain.counters = Counters()
    for stored in chains[place].rules { zeroRule(stored) }
  }

  private mutating func zeroRule(_ stored: Int32) {
    guard isLive, rules[Int(stored)].written.rule.counters != Counters() else { return }
    rules[Int(stored)].written.rule.counters = Counters()
  }

  // MARK: Chains

  private mutating func delete(chain name: String?, _ parsed: ParsedCommand) -> [Finding] {
    guard let name else {
      var findings: [Finding] = []
      for name in chains.filter({ !$0.chain.isBuiltIn && !$0.isDeleted }).map({ $0.chain.name }).sorted(
        by: SavePrinter.comesBefore)
      {
        if let finding = remove(name, parsed.chainSpan, always: true) { findings.append(finding) }
      }
      return findings
    }
    return onChain(name, parsed) { builder, _ in builder.remove(name, parsed.chainSpan, always: false) }
  }

  private mutating func remove(_ name: String, _ span: Range<Int>, always: Bool) -> Finding? {
    guard let place = places[name] else { return nil }
    if chains[place].chain.isBuiltIn {
      return Finding(
        id: .chainIsBuiltIn, span: span, message: "`\(name)` is a built-in chain and cannot be deleted")
    }
    let references = chains[place].references
    if references > 0 {
      return Finding(
        id: .chainInUse, span: span,
        message:
          "chain `\(name)` cannot be deleted: \(references) rule\(references == 1 ? "" : "s") lead\(references == 1 ? "s" : "") to it"
      )
    }
    if !chains[place].rules.isEmpty {
      return Finding(
        id: .chainNotEmpty, span: span, message: "chain `\(name)` cannot be deleted: it has rules",
        help: "flush it first with `-F \(name)`")
    }
    chains[place].isDeleted = true
    places[name] = nil
    return nil
  }

  private mutating func rename(_ old: String, _ new: String, _ parsed: ParsedCommand) -> [Finding] {
    onChain(old, parsed) { builder, place in
      if builder.chains[place].chain.isBuiltIn {
        builder.poisoned.insert(new)
        return Finding(
          id: .chainIsBuiltIn, span: parsed.chainSpan, message: "`\(old)` is a built-in chain and cannot be renamed"
        )
      }
      if builder.places[new] != nil || Verdict(name: new) != nil {
        return builder.chainExistsFinding(new, parsed.secondSpan)
      }
      if new.utf8.count > 31 {
        builder.poisoned.insert(new)
        return Finding(id: .badChainName, span: parsed.secondSpan, message: "chain name `\(new)` is too long")
      }
      builder.places[old] = nil
      builder.places[new] = place
      builder.chains[place].chain.name = new
      // Rules know the chain that they lead to by its place.
      return nil
    }
  }

  /// Sets a policy (libiptc: `TC_SET_POLICY`).
  mutating func setPolicy(
    _ policy: String, of name: String, counters: Counters?, _ chainSpan: Range<Int>, _ policySpan: Range<Int>,
    at location: SourceRange?
  ) -> [Finding] {
    guard let place = places[name] else { return poisoned.contains(name) ? [] : [unknownChain(name, chainSpan)] }
    guard chains[place].chain.isBuiltIn else {
      return [
        Finding(
          id: .policyOnUserChain, span: policySpan,
          message: "chain `\(name)` cannot have a policy: it is not built in",
          help: Spelling.nearest(to: name, among: kind.hooks.map { $0.chainName }).map { "did you mean `\($0)`?" }
            ?? "write `:\(name) - [0:0]`")
      ]
    }
    guard let verdict = Verdict(name: policy), verdict == .accept || verdict == .drop else {
      return [
        Finding(
          id: .badPolicy, span: policySpan, message: "`\(policy)` is not a policy", help: "a policy is ACCEPT or DROP"
        )
      ]
    }
    if let location { chains[place].chain.location = location }
    chains[place].chain.policy = verdict
    if let counters { chains[place].chain.counters = counters }
    return []
  }
}

extension RuleAction {
  /// The chain that the action leads to, or nil.
  var chainName: String? {
    switch self {
    case .jump(let name), .goto(let name): name
    default: nil
    }
  }
}
