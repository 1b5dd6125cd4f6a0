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

  /// Asked of ip6tables-legacy 1.8.9: it saves nothing of `-p all`, but compares it. iptables forgets it.
  @Test(arguments: [
    ("-p all", "", AddressFamily.ipv6, true), ("", "-p all", .ipv6, true), ("-p all", "-p 0", .ipv6, false),
    ("-p all", "", .ipv4, false), ("", "-p all", .ipv4, false),
  ])
  func aRuleForAllProtocolsOfIPv6IsNotOneWithoutAProtocol(
    _ rule: String, _ deleted: String, _ family: AddressFamily, _ isOther: Bool
  ) throws {
    let lines = ["*filter", "-A INPUT \(rule) -j ACCEPT", "-D INPUT \(deleted) -j ACCEPT", "COMMIT", ""]
    let result = RestoreParser.parse(lines.joined(separator: "\n"), file: "f", family: family)
    #expect(result.diagnostics.map(\.id) == (isOther ? [.noSuchRule] : []))
    #expect(saved(result).map(String.init) == (isOther ? ["-A INPUT -j ACCEPT"] : []))
  }
}
