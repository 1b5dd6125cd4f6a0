// What iptables and the kernel refuse about a table, however it was made: read from a file or built by a program.

/// Checks tables (libiptc: `iptcc_map_target`; kernel: `translate_table`, `mark_source_chains`, `xt_check_match`,
/// `xt_check_target`).
public struct RulesetCheck {
  private let table: Table
  private let family: AddressFamily
  private let graph: ChainGraph
  /// The hooks of a rule that is looked at without its table; nil where the graph says them.
  private var hooks: HookSet?
  private var findings: [RulesetFinding] = []
  /// What the rules so far have made in the kernel.
  private var objects: [KernelObject]

  private init(_ table: Table, _ family: AddressFamily, _ graph: ChainGraph, _ objects: [KernelObject]) {
    self.table = table
    self.family = family
    self.graph = graph
    self.objects = objects
  }

  /// What is refused about the tables of a ruleset; empty when the kernel would load it.
  public static func findings(in ruleset: Ruleset) -> [RulesetFinding] {
    ruleset.tables.indices.flatMap { place in
      findings(
        in: ruleset.tables[place], family: ruleset.family, objects: objects(of: ruleset.tables[..<place]))
    }
  }

  /// What loading tables makes in the kernel for the rules of later ones.
  public static func objects(of tables: some Sequence<Table>) -> [KernelObject] {
    tables.flatMap { table in
      table.chains.flatMap { chain in
        chain.rules.compactMap { rule in
          if case .target(let target) = rule.action { target.object } else { nil }
        }
      }
    }
  }

  /// What is refused about a table; empty when the kernel would load it.
  ///
  /// - Parameters:
  ///   - graph: the graph of just this table, when there is one already.
  ///   - objects: what the tables that were loaded before have made.
  public static func findings(
    in table: Table, family: AddressFamily, graph: ChainGraph? = nil, objects: [KernelObject] = []
  ) -> [RulesetFinding] {
    if table.passedCheck == family { return [] }
    var check = RulesetCheck(table, family, graph ?? ChainGraph(table), objects)
    check.checkChains()
    check.checkJumps()
    check.checkRules()
    return check.findings
  }

  /// What is refused about a rule by itself, in a chain from whose hooks it is reached.
  static func findings(
    of rule: Rule, in chain: String, of kind: TableKind, family: AddressFamily, hooks: HookSet,
    objects: [KernelObject] = []
  ) -> [RulesetFinding] {
    let isPlain = rule.matches.isEmpty && rule.header.source == nil && rule.header.destination == nil
    if isPlain, rule.header.isUnconditional, kind != .nat, case .verdict = rule.action { return [] }
    var table = Table(kind)
    table.chains = [Chain(name: chain, rules: [rule])]
    var check = RulesetCheck(table, family, .empty, objects)
    check.hooks = hooks
    check.checkRules()
    return check.findings
  }

  private mutating func report(
    _ id: DiagnosticID, _ position: ChainGraph.RulePosition, _ part: RulesetFinding.Part, _ message: String,
    help: String? = nil, tool: String? = nil
  ) {
    let chain = position.chain < 0 ? nil : table.chains[position.chain]
    let location = position.rule < 0 ? nil : chain?.rules[position.rule].location
    var finding = RulesetFinding(
      id: id, table: table.kind, chain: chain?.name ?? "", position: position, part: part, message: message,
      help: help, location: location ?? chain?.location)
    finding.tool = tool
    findings.append(finding)
  }

  // MARK: Chains

  /// The longest name that a chain can come to have, in bytes, by `-E` (libiptc: `TC_RENAME_CHAIN`).
  static let longestName = 31

  /// The built-in chains are those of the table, and no two chains have the same name.
  private mutating func checkChains() {
    let hooks = table.kind.hooks
    for hook in hooks where graph.places[hook.chainName] == nil {
      report(
        .missingBuiltInChain, .table, .table, "the built-in chain `\(hook.chainName)` is missing",
        help: "start with `Table(.\(table.kind.name))`, which has it")
    }
    for (index, chain) in table.chains.enumerated() {
      let name = chain.name
      let place = ChainGraph.RulePosition.chain(index)
      if graph.places[name] != index { report(.chainExists, place, .chain, "chain `\(name)` exists already") }
      if Hook(chainName: name).map(hooks.contains) == true {
        if chain.policy != .accept, chain.policy != .drop {
          report(
            .badPolicy, place, .chain, "`\(chain.policy?.name ?? "-")` is not a policy",
            help: "a policy is ACCEPT or DROP")
        }
        continue
      }
      if chain.policy != nil {
        report(.policyOnUserChain, place, .chain, "chain `\(name)` cannot have a policy: it is not built in")
      }
      if name.isEmpty || name.utf8.count > RulesetCheck.longestName || Verdict(name: name) != nil {
        report(.badChainName, place, .chain, "a chain cannot be called `\(name)`")
      }
    }
  }

  // MARK: Jumps

  private mutating func checkJumps() {
    for position in graph.missing {
      let name = table.chains[position.chain].rules[position.rule].action.chainName ?? ""
      report(.unknownChain, position, .action, "there is no chain `\(name)`")
    }
    for position in graph.intoBuiltIn {
      let name = table.chains[position.chain].rules[position.rule].action.chainName ?? ""
      report(
        .jumpToBuiltInChain, position, .action,
        "a rule cannot lead to `\(name)`: it is a built-in chain")
    }
    for loop in graph.loops {
      var names = loop.path.map { table.chains[$0].name }
      names.append(names.count < ChainGraph.longestPath ? names[0] : "...")
      report(
        .chainLoop, loop.rule, .action,
        "the chains form a loop: \(names.joined(separator: " -> "))")
    }
  }

  // MARK: Rules

  private mutating func checkRules() {
    let refused = Set(findings.map { $0.position })
    for place in table.chains.indices {
      let chain = table.chains[place]
      let hook = Hook(chainName: chain.name).flatMap { table.kind.hooks.contains($0) ? $0 : nil }
      for (number, rule) in chain.rules.enumerated() {
        let position = ChainGraph.RulePosition(chain: place, rule: number)
        checkHeader(rule.header, hook, position)
        let matches = rule.matches
        let action = rule.action
        switch action {
        case .target: break
        case .verdict(.drop) where table.kind == .nat:
          report(
            .dropInNat, position, .action, "DROP is not allowed in table nat", help: "filter in table filter")
          if matches.isEmpty { continue }
        default: if matches.isEmpty { continue }
        }
        if !refused.isEmpty, refused.contains(position) { continue }
        checkExtensions(rule.header, matches, action, position)
      }
    }
  }

  /// What iptables refuses about inline conditions (iptables: `generic_opt_check`, `do_command4`).
  private mutating func checkHeader(_ header: RuleHeader, _ hook: Hook?, _ position: ChainGraph.RulePosition) {
    if header.output != nil, hook == .prerouting || hook == .input {
      report(
        .interfaceInWrongChain, position, .header,
        "`-o` cannot be used in \(table.chains[position.chain].name): the packet has no output interface yet")
    }
    if header.input != nil, hook == .postrouting || hook == .output {
      report(
        .interfaceInWrongChain, position, .header,
        "`-i` cannot be used in \(table.chains[position.chain].name)"
          + (hook == .output ? ": the packet has no input interface" : ""))
    }
    if header.fragment != nil, family == .ipv6 {
      report(
        .optionForOtherFamily, position, .header, "option `-f` is for IPv4 only", help: "use `-m frag`")
    }
    if let source = header.source, source.value.address.family != family {
      wrongFamily(source.value.address, position)
    }
    if let destination = header.destination, destination.value.address.family != family {
      wrongFamily(destination.value.address, position)
    }
  }

  private mutating func wrongFamily(_ address: IPAddress, _ position: ChainGraph.RulePosition) {
    report(
      .badAddress, position, .header, "`\(address)` is not an \(family == .ipv4 ? "IPv4" : "IPv6") address")
  }

  /// The matches in order, then the target.
  private mutating func checkExtensions(
    _ header: RuleHeader, _ matches: [Match], _ action: RuleAction, _ position: ChainGraph.RulePosition
  ) {
    let rule = RuleSurroundings(
      family: family, table: table.kind, hooks: hooks ?? graph.hooks(of: position), header: header, matches: matches,
      objects: objects)
    for (index, match) in matches.enumerated() {
      guard let spec = match.spec else { continue }
      if refuse(spec, "match", rule, position, .match(index)) { continue }
      if let refusal = match.kernelRefusal(rule) {
        report(
          .kernelRefusesMatch, position, .match(index), refusal.message, help: refusal.help,
          tool: refusal.tool)
      }
    }
    guard case .target(let target) = action, let spec = target.spec else { return }
    if refuse(spec, "target", rule, position, .target) { return }
    if let refusal = target.kernelRefusal(rule) {
      report(
        .kernelRefusesTarget, position, .target, refusal.message, help: refusal.help, tool: refusal.tool)
      return
    }
    if let object = target.object { objects.append(object) }
  }

  /// Family, table, hooks and protocol; whether one of them is wrong (kernel: `xt_check_match`).
  private mutating func refuse(
    _ spec: ExtensionSpec, _ kind: String, _ rule: RuleSurroundings, _ position: ChainGraph.RulePosition,
    _ part: RulesetFinding.Part
  ) -> Bool {
    var what: String { "\(kind) `\(spec.name)`" }
    if !spec.families.contains(family) {
      report(
        .extensionForOtherFamily, position, part,
        "\(what) is for \(family == .ipv4 ? "IPv6" : "IPv4") only")
      return true
    }
    if !spec.tables.contains(TableSet(table.kind)) {
      let names = spec.tables.tables.map { $0.name }.joined(separator: ", ")
      report(
        .wrongTable, position, part, "\(what) cannot be used in table \(table.kind.name)",
        help: "it belongs to \(names)")
      return true
    }
    if !rule.hooks.isSubset(of: spec.hooks) {
      let wrong = rule.hooks.subtracting(spec.hooks).hooks.map { $0.chainName }.joined(separator: ", ")
      let right = spec.hooks.hooks.map { $0.chainName }.joined(separator: ", ")
      report(
        .wrongHook, position, part, "\(what) cannot be used in \(wrong)",
        help: "it can be reached from \(right) only")
      return true
    }
    return refuse(spec.protocols, what, rule, position, part)
  }

  /// Whether a rule names none of the protocols that one of its parts needs; none are needed when the list is empty.
  @discardableResult
  private mutating func refuse(
    _ protocols: [ProtocolNumber], _ what: @autoclosure () -> String, _ rule: RuleSurroundings,
    _ position: ChainGraph.RulePosition, _ part: RulesetFinding.Part
  ) -> Bool {
    if protocols.isEmpty { return false }
    let number = rule.header.protocolNumber
    if let number, !number.inverted, protocols.contains(number.value) { return false }
    let names = protocols.map { "`-p \($0)`" }.joined(separator: " or ")
    report(.missingProtocol, position, part, "\(what()) needs \(names)")
    return true
  }
}
