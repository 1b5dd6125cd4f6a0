// Prints rulesets as commands of iptables, for a shell.

/// Prints the commands that make a ruleset.
public struct CommandPrinter: Sendable {
  /// Whether rules and policies keep their counters.
  public var counters: Bool

  /// Makes a printer.
  public init(counters: Bool = false) { self.counters = counters }

  /// A POSIX shell script: each table is emptied, then its chains, rules and policies are made.
  ///
  /// - Throws: `RulesetRefusal` for a chain whose name `-N` does not take, though a rule file may have it.
  public func print(_ ruleset: Ruleset) throws(RulesetRefusal) -> String {
    let tool = ruleset.family == .ipv4 ? "iptables" : "ip6tables"
    var text = "#!/bin/sh\n"
    for table in ruleset.tables {
      let start = "\(tool) -t \(table.kind.name)"
      let chains = SavePrinter.sorted(table.chains)
      text += "\(start) -F\n\(start) -X\n"
      for chain in chains where !chain.isBuiltIn {
        if let problem = ChainName.problem(chain.name, forCommand: true, family: ruleset.family) {
          throw RulesetRefusal(
            findings: [
              RulesetFinding(
                id: .badChainName, table: table.kind, chain: chain.name, position: .table, part: .chain,
                message: problem)
            ])
        }
        text += "\(start) -N \(CommandPrinter.quoted(chain.name))\n"
      }
      for chain in chains {
        for rule in chain.rules { text += "\(start) \(try words(rule, chain.name))\n" }
      }
      for chain in chains {
        guard let policy = chain.policy else { continue }
        if table.kind == .nat, policy == .drop {
          throw RulesetRefusal(
            findings: [
              RulesetFinding(
                id: .dropInNat, table: .nat, chain: chain.name, part: .chain,
                message: "no command sets the policy DROP in table nat, though a rule file can")
            ])
        }
        text += "\(start) -P \(chain.name) \(policy.name)"
        if counters { text += " -c \(chain.counters.packets) \(chain.counters.bytes)" }
        text += "\n"
      }
    }
    return text
  }

  /// The words of a rule as a shell reads them.
  private func words(_ rule: Rule, _ chain: String) throws(RulesetRefusal) -> String {
    let line = SavePrinter.ruleText(rule, chain: chain, counters: counters)
    do throws(TokenizerError) {
      let words = try ArgumentTokenizer.words(of: line)
      return words.indices.map { CommandPrinter.quoted(words.text(words[$0])) }.joined(separator: " ")
    } catch {
      throw RulesetRefusal(
        findings: [RulesetFinding(id: .lineTooComplex, table: .filter, chain: chain, message: error.message)])
    }
  }

  /// A word as a POSIX shell takes it, in quotes where it would mean something else without.
  public static func quoted(_ word: String) -> String {
    let isPlain = { (byte: UInt8) in
      byte >= 0x61 && byte <= 0x7a || byte >= 0x41 && byte <= 0x5a || byte >= 0x30 && byte <= 0x39
        || byte == 0x2d || byte == 0x2e || byte == 0x2f || byte == 0x3a || byte == 0x2c || byte == 0x5f || byte == 0x2b
        || byte == 0x40 || byte == 0x25 || byte == 0x3d
    }
    if !word.isEmpty, word.utf8.allSatisfy(isPlain) { return word }
    var result = "'"
    for character in word { result += character == "'" ? "'\\''" : String(character) }
    return result + "'"
  }
}
