// What stands below a table that does not exist is looked at for mistakes, and belongs to no table.

import NetfilterModel
import Testing

@Suite struct LostTableTests {
  @Test func theRulesOfATableThatDoesNotExistAreDropped() {
    let result = RestoreParser.parse("*fliter\n-A INPUT -j DROP\nCOMMIT\n", file: "f")
    #expect(result.diagnostics.map(\.id) == [.unknownTable])
    #expect(result.ruleset.tables.isEmpty)
  }
}
