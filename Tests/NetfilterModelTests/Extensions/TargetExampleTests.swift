// Every target's own examples, read and printed by the real parser and printer.

import NetfilterModel
import Testing

@Suite struct TargetExampleTests {
  @Test func examplesHold() {
    var count = 0
    for target in Target.all {
      for example in target.examples {
        count += 1
        let result = RestoreParser.parse(
          "*\(example.table.name)\n\(example.rule)\nCOMMIT\n", file: "example", family: example.family)
        guard let saved = example.saved else {
          #expect(result.hasErrors, "must be refused: \(example.rule)")
          continue
        }
        let texts = (result.ruleset[example.table]?.chains ?? []).flatMap { chain in
          chain.rules.map { SavePrinter.ruleText($0, chain: chain.name) }
        }
        let messages = result.diagnostics.map(\.message)
        #expect(!result.hasErrors, "must be accepted: \(example.rule) \(messages)")
        #expect(texts == [saved], "\(example.rule)")
      }
      #expect(!target.examples.isEmpty, "no examples: \(target.spec?.name ?? "")")
    }
    #expect(count > 200)
  }
}
