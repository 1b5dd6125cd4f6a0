// The examples in the files of the matches, read and printed without the rule parser.

import Testing

@testable import NetfilterModel

@Suite struct MatchExampleTests {
  static let names = [
    "connbytes", "ecn", "hashlimit", "helper", "length", "pkttype", "quota", "recent", "statistic", "string", "tcpmss",
    "u32",
  ]

  @Test(arguments: names) func examples(_ name: String) throws {
    let match = try #require(Match.all.first { $0.spec?.name == name })
    #expect(!match.examples.isEmpty)
    for example in match.examples {
      if let saved = example.saved {
        #expect(try MatchFixture.saved(example.rule) == saved, "\(example.rule)")
        // iptables itself cannot read back that it prints a large number of seconds as a negative one.
        if !saved.contains("--seconds -1") { #expect(try MatchFixture.saved(saved) == saved, "\(saved)") }
      } else {
        #expect(throws: OptionError.self, "\(example.rule)") { _ = try MatchFixture.match(example.rule) }
      }
    }
  }
}
