// Runs the examples that every match and target brings: what must be accepted, how it is printed, what must be refused.

import NetfilterModel
import Testing

/// One example with the extension that it belongs to.
struct NamedExample: CustomTestStringConvertible, Sendable {
  let name: String
  let example: ExtensionExample
  var testDescription: String { "\(name): \(example.rule)" }

  static let all: [NamedExample] =
    Match.all.flatMap { match in match.examples.map { NamedExample(name: match.spec?.name ?? "", example: $0) } }
    + Target.all.flatMap { target in target.examples.map { NamedExample(name: target.spec?.name ?? "", example: $0) } }
}

@Suite struct ExtensionExampleTests {
  /// What iptables itself prints and cannot read back: a large number of seconds as a negative one, a base port that it
  /// lost, an empty name.
  static let cannotBeReadBack = [
    "--seconds -1 --name DEFAULT --mask 255.255.255.255 --rsource", ":80-90/0", " 80-90/0", "--physdev-in ",
    "! --cluster-local-nodemask 0x80000000 --cluster-total-nodes 32 --cluster-hash-seed 0x00000000", "-m ipcomp",
    "--genre Windows XP --ttl 2 --log 1", "-m time",
  ]

  /// What is printed for a rule that was printed.
  func rulesAgain(_ saved: String, _ table: TableKind, _ family: AddressFamily) -> [String] {
    let result = RestoreParser.parse("*\(table.name)\n\(saved)\nCOMMIT\n", file: "saved", family: family)
    return (result.ruleset[table]?.chains ?? []).flatMap { chain in
      chain.rules.map { SavePrinter.ruleText($0, chain: chain.name) }
    }
  }

  @Test(arguments: NamedExample.all)
  func behavesAsItSays(_ named: NamedExample) throws {
    let example = named.example
    let text = "*\(example.table.name)\n\(example.rule)\nCOMMIT\n"
    let result = RestoreParser.parse(text, file: "example", family: example.family)
    let errors = DiagnosticRenderer().render(result.diagnostics.filter { $0.severity == .error })
    let rules = result.ruleset[example.table]?.chains.flatMap { chain in
      chain.rules.map { SavePrinter.ruleText($0, chain: chain.name) }
    }
    if let saved = example.saved {
      #expect(errors.isEmpty)
      #expect(rules == [saved])
      if !Self.cannotBeReadBack.contains(where: saved.hasSuffix) {
        #expect(rulesAgain(saved, example.table, example.family) == [saved])
      }
    } else {
      #expect(!errors.isEmpty)
      #expect(rules == [])
    }
  }
}
