// The sets that rules name must be there, and of their family.

/// Checks the sets of rules (iptables: `get_set_byname`).
public enum SetCheck {
  /// What is refused about rules on a host with some sets; empty where every set is there.
  public static func findings(in ruleset: Ruleset, sets: SetCollection) -> [RulesetFinding] {
    var findings: [RulesetFinding] = []
    for table in ruleset.tables {
      for (place, chain) in table.chains.enumerated() {
        for (number, rule) in chain.rules.enumerated() {
          for (part, name) in names(in: rule) {
            guard var finding = finding(name, ruleset.family, sets) else { continue }
            finding.table = table.kind
            finding.chain = chain.name
            finding.position = ChainGraph.RulePosition(chain: place, rule: number)
            finding.part = part
            finding.location = rule.location
            findings.append(finding)
          }
        }
      }
    }
    return findings
  }

  /// The same as problems of the text that the rules were read from.
  public static func problems(in ruleset: Ruleset, sets: SetCollection, text: [UInt8], file: String) -> [Diagnostic] {
    let findings = findings(in: ruleset, sets: sets)
    if findings.isEmpty { return [] }
    let lines = text.split(separator: 0x0a, omittingEmptySubsequences: false)
    return findings.map { finding in
      let range = finding.location ?? SourceRange(file: file, line: 1, column: 1)
      let line = lines.indices.contains(range.line - 1) && range.file == file ? lines[range.line - 1] : []
      return Diagnostic(
        finding.id, at: range, finding.message, help: finding.help,
        sourceLine: String(decoding: line, as: UTF8.self))
    }
  }

  private static func names(in rule: Rule) -> [(RulesetFinding.Part, String)] {
    var names: [(RulesetFinding.Part, String)] = []
    for (index, match) in rule.matches.enumerated() { names += match.sets.map { (.match(index), $0) } }
    if case .target(let target) = rule.action { names += target.sets.map { (.target, $0) } }
    return names
  }

  private static func finding(_ name: String, _ family: AddressFamily, _ sets: SetCollection) -> RulesetFinding? {
    guard let set = sets.place(of: name).flatMap({ sets[$0] }) else {
      let near = Spelling.nearest(to: name, among: sets.names)
      return RulesetFinding(
        id: .unknownSet, table: .filter, message: "there is no set `\(name)`",
        help: near.map { "did you mean `\($0)`?" }
          ?? "name the file that `ipset save` made: --ipset FILE, or `ipset FILE` in a host's description")
    }
    guard let own = set.header.family, own != family else { return nil }
    return RulesetFinding(
      id: .setForOtherFamily, table: .filter,
      message: "set `\(name)` is for \(own == .ipv4 ? "IPv4" : "IPv6") only")
  }
}
