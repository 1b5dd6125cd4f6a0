// A table that is committed: what the check of the values finds is said with the places of the file.

extension TableBuilder {
  /// A finding with the line that it belongs to.
  struct CommitFinding {
    var line: Int
    var finding: Finding
  }

  /// The table without the rules that are refused, and what is refused (libiptc: `TC_COMMIT`).
  ///
  /// `earlier` are the tables that were committed before.
  func commit(after earlier: [Table]) -> (table: Table, findings: [CommitFinding]) {
    var table = finishedTable
    let refused = RulesetCheck.findings(
      in: table, family: family, objects: RulesetCheck.objects(of: earlier.lazy.filter { $0.kind != kind }))
    if refused.isEmpty {
      table.passedCheck = family
      return (table, [])
    }
    let working = chains.filter { !$0.isDeleted }
    var findings: [CommitFinding] = []
    var lost: [Int: Set<Int>] = [:]
    for finding in refused {
      let position = finding.position
      guard position.chain >= 0, position.rule >= 0 else {
        findings.append(commitFinding(finding, line: finding.location?.line ?? 0, at: 0..<1))
        continue
      }
      lost[position.chain, default: []].insert(position.rule)
      let rule = rules[Int(working[position.chain].rules[position.rule])]
      // The declaration of the chain was complained about.
      if let name = table.chains[position.chain].rules[position.rule].action.chainName, places[name] == nil,
        poisoned.contains(name)
      {
        continue
      }
      findings.append(commitFinding(finding, line: rule.line, at: rule.written.span(of: finding.part)))
    }
    for (place, numbers) in lost {
      let rules = table.chains[place].rules
      table.chains[place].rules = rules.indices.lazy.filter { !numbers.contains($0) }.map { rules[$0] }
    }
    return (table, findings)
  }

  private func commitFinding(_ finding: RulesetFinding, line: Int, at span: Range<Int>) -> CommitFinding {
    CommitFinding(
      line: line, finding: Finding(id: finding.id, span: span, message: finding.message, help: finding.help))
  }

  /// The table as the kernel takes it.
  var finishedTable: Table {
    var table = Table(kind)
    table.chains = []
    for place in chains.indices where !chains[place].isDeleted {
      var chain = chains[place].chain
      chain.rules.reserveCapacity(chains[place].rules.count)
      for index in chains[place].rules { chain.rules.append(current(index)) }
      table.chains.append(chain)
    }
    return table
  }
}

extension WrittenRule {
  /// Where a part of the rule stands.
  fileprivate func span(of part: RulesetFinding.Part) -> Range<Int> {
    switch part {
    case .match(let index): index < extensions.count ? extensions[index].span : span
    case .target: extensions.last?.span ?? span
    case .action: actionSpan ?? span
    case .header, .chain, .table: span
    }
  }
}
