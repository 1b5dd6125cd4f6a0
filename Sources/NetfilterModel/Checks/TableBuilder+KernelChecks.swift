// What the kernel refuses when a table is committed: loops, and extensions in the wrong table, hook or rule.

extension TableBuilder {
  /// A finding with the line that it belongs to.
  struct CommitFinding {
    var line: Int
    var finding: Finding
  }

  /// Checks the table (kernel: `translate_table`); rules that are refused are taken out.
  mutating func commit() -> [CommitFinding] {
    var findings: [CommitFinding] = []
    refuseBuiltInTargets(&findings)
    let reached = markSourceChains(&findings)
    for place in chains.indices {
      var refused: Set<Int32> = []
      for (position, index) in chains[place].rules.enumerated() {
        let hooks = position <= reached[place].last ? reached[place].hooks : []
        let before = findings.count
        if !rules[Int(index)].written.extensions.isEmpty { check(Int(index), hooks, &findings) }
        if findings.count > before { refused.insert(index) }
      }
      if !refused.isEmpty { chains[place].rules.removeAll { refused.contains($0) } }
    }
    return findings
  }

  /// A jump to a built-in chain (libiptc: `iptcc_map_target`).
  private mutating func refuseBuiltInTargets(_ findings: inout [CommitFinding]) {
    for place in chains.indices {
      var refused: Set<Int32> = []
      for index in chains[place].rules {
        guard let name = rules[Int(index)].written.rule.action.chainName, let target = places[name],
          chains[target].chain.isBuiltIn
        else { continue }
        let rule = rules[Int(index)]
        refused.insert(index)
        findings.append(
          CommitFinding(
            line: rule.line,
            finding: Finding(
              id: "jump-to-built-in-chain", span: rule.written.actionSpan ?? rule.written.span,
              message: "a rule cannot lead to `\(name)`: it is a built-in chain")))
      }
      if !refused.isEmpty { chains[place].rules.removeAll { refused.contains($0) } }
    }
  }

  private struct Reach {
    var hooks: HookSet = []
    /// The last rule that a packet can come to: the first unconditional verdict, or the end.
    var last: Int
  }

  /// Finds from which hooks each chain is reached, and refuses loops (kernel: `mark_source_chains`).
  private mutating func markSourceChains(_ findings: inout [CommitFinding]) -> [Reach] {
    var reached: [Reach] = []
    var jumps: [[(position: Int, target: Int)]] = []
    for chain in chains {
      var last = chain.rules.count
      var targets: [(Int, Int)] = []
      for (position, index) in chain.rules.enumerated() {
        let place = Int(index)
        if let name = rules[place].written.rule.action.chainName {
          if let target = places[name] { targets.append((position, target)) }
        } else if case .verdict = rules[place].written.rule.action, rules[place].written.rule.matches.isEmpty,
          rules[place].written.rule.header.isUnconditional
        {
          last = position
          break
        }
      }
      reached.append(Reach(last: last))
      jumps.append(targets)
    }
    var refused: Set<Int32> = []
    for place in chains.indices {
      guard let hook = chains[place].chain.isBuiltIn ? Hook(chainName: chains[place].chain.name) : nil else { continue }
      let set = HookSet(hook)
      var isOpen = [Bool](repeating: false, count: chains.count)
      var stack: [(chain: Int, next: Int)] = [(place, 0)]
      isOpen[place] = true
      reached[place].hooks.insert(set)
      while let top = stack.last {
        guard top.next < jumps[top.chain].count else {
          isOpen[top.chain] = false
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let (position, target) = jumps[top.chain][top.next]
        if isOpen[target] {
          let index = chains[top.chain].rules[position]
          guard refused.insert(index).inserted else { continue }
          let rule = rules[Int(index)]
          var path = stack.drop { $0.chain != target }.prefix(12).map { chains[$0.chain].chain.name }
          path.append(path.count < 12 ? chains[target].chain.name : "...")
          findings.append(
            CommitFinding(
              line: rule.line,
              finding: Finding(
                id: "chain-loop", span: rule.written.actionSpan ?? rule.written.span,
                message: "the chains form a loop: \(path.joined(separator: " -> "))")))
        } else if !reached[target].hooks.contains(set) {
          reached[target].hooks.insert(set)
          isOpen[target] = true
          stack.append((target, 0))
        }
      }
    }
    if !refused.isEmpty {
      for place in chains.indices {
        let rules = chains[place].rules
        let last = reached[place].last
        reached[place].last = last - rules.prefix(last).count { refused.contains($0) }
        chains[place].rules.removeAll { refused.contains($0) }
      }
    }
    return reached
  }

  /// Checks the extensions of one rule (kernel: `xt_check_match`, `xt_check_target`).
  private func check(_ index: Int, _ hooks: HookSet, _ findings: inout [CommitFinding]) {
    var surroundings = RuleSurroundings(
      family: family, table: kind, hooks: hooks, header: rules[index].written.rule.header,
      matches: rules[index].written.rule.matches)
    var position = 0
    for part in rules[index].written.extensions {
      let isMatch: Bool
      if let entry = part.entry { isMatch = entry.isMatch } else { isMatch = position < surroundings.matches.count }
      defer { if isMatch { position += 1 } }
      guard let entry = part.entry else { continue }
      surroundings.hasOptions = part.hasOptions
      var refusal = generalRefusal(entry, surroundings)
      if refusal == nil {
        if isMatch {
          if position < surroundings.matches.count {
            refusal = surroundings.matches[position].kernelRefusal(surroundings).map { ("kernel-refuses-match", $0) }
          }
        } else if case .target(let target) = rules[index].written.rule.action {
          refusal = target.kernelRefusal(surroundings).map { ("kernel-refuses-target", $0) }
        }
      }
      if let refusal {
        findings.append(
          CommitFinding(
            line: rules[index].line,
            finding: Finding(id: refusal.0, span: part.span, message: refusal.1.message, help: refusal.1.help)))
      }
    }
  }

  /// Table, hooks and protocol (kernel: `xt_check_match`).
  private func generalRefusal(_ entry: ExtensionEntry, _ rule: RuleSurroundings) -> (DiagnosticID, OptionError)? {
    var what: String { entry.isMatch ? "match `\(entry.name)`" : "target `\(entry.name)`" }
    let spec = entry.spec
    if !spec.tables.contains(TableSet(kind)) {
      let names = spec.tables.tables.map(\.name).joined(separator: ", ")
      return (
        "wrong-table", OptionError("\(what) cannot be used in table \(kind.name)", help: "it belongs to \(names)")
      )
    }
    if !rule.hooks.isSubset(of: spec.hooks) {
      let wrong = rule.hooks.subtracting(spec.hooks).hooks.map(\.chainName).joined(separator: ", ")
      let right = spec.hooks.hooks.map(\.chainName).joined(separator: ", ")
      return (
        "wrong-hook",
        OptionError("\(what) cannot be used in \(wrong)", help: "it can be reached from \(right) only")
      )
    }
    if !spec.protocols.isEmpty {
      let number = rule.header.protocolNumber
      if number == nil || number?.inverted == true || !spec.protocols.contains(where: { $0 == number?.value }) {
        let names = spec.protocols.map { "`-p \($0)`" }.joined(separator: " or ")
        return ("missing-protocol", OptionError("\(what) needs \(names)"))
      }
    }
    return nil
  }
}
