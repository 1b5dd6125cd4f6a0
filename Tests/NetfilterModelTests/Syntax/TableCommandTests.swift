// Commands of a rule file that take something away or change its name, and rules below a table that does not exist.

import NetfilterModel
import Testing

@Suite struct TableCommandTests {
  private func read(_ lines: String...) -> RestoreResult {
    RestoreParser.parse((lines + ["COMMIT", ""]).joined(separator: "\n"), file: "f")
  }

  private func saved(_ result: RestoreResult) -> [Substring] {
    SavePrinter().print(result.ruleset).split(separator: "\n").filter { $0.hasPrefix("-A") }
  }

  @Test func theRulesOfATableThatDoesNotExistAreDropped() {
    let result = read("*fliter", "-A INPUT -j DROP")
    #expect(result.diagnostics.map(\.id) == [.unknownTable])
    #expect(result.ruleset.tables.isEmpty)
  }

  @Test func aChainThatRulesLeadToStays() {
    #expect(read("*filter", ":web - [0:0]", "-A INPUT -j web", "-X web").diagnostics.map(\.id) == [.chainInUse])
    #expect(read("*filter", ":web - [0:0]", "-A INPUT -g web", "-X web").diagnostics.map(\.id) == [.chainInUse])
    #expect(read("*filter", ":web - [0:0]", "-A INPUT -g web", "-F INPUT", "-X web").diagnostics.isEmpty)
  }

  @Test func rulesFollowAChainToItsNewName() {
    let result = read("*filter", ":old - [0:0]", "-A INPUT -j old", "-A INPUT -g old", "-E old new")
    #expect(result.diagnostics.isEmpty)
    #expect(saved(result) == ["-A INPUT -j new", "-A INPUT -g new"])
  }

  @Test func onlyTheSameRuleIsDeleted() {
    let rules = (1...3).map { "-A INPUT -p tcp -m tcp --dport \($0) -j ACCEPT" }
    let result = read("*filter", rules[0], rules[1], rules[2], "-D INPUT -p tcp --dport 2 -j ACCEPT")
    #expect(result.diagnostics.isEmpty)
    #expect(saved(result).map(String.init) == [rules[0], rules[2]])
    #expect(read("*filter", rules[0], "-D INPUT -p tcp --dport 2 -j ACCEPT").diagnostics.map(\.id) == [.noSuchRule])
  }
}
