// What is refused about rules that a program made, and that reading a file says the same.

import NetfilterModel
import Testing

@Suite struct RulesetCheckTests {
  typealias Graphs = ChainGraphTests

  /// `id chain:rule` of every finding.
  func findings(_ table: Table, _ family: AddressFamily = .ipv4) -> [String] {
    RulesetCheck.findings(in: table, family: family).map { "\($0.id.rawValue) \($0.chain):\($0.position.rule + 1)" }
  }

  /// The rule of a file with one rule that is not checked there, as its chain is reached from nowhere.
  func rule(_ words: String, _ kind: TableKind = .filter, _ family: AddressFamily = .ipv4) throws -> Rule {
    let text = "*\(kind.name)\n:A - [0:0]\n-A A \(words)\nCOMMIT\n"
    let ruleset = try Ruleset(parsing: text, file: "f", family: family)
    return try #require(ruleset[kind]?["A"]?.rules.first)
  }

  @Test func everyTableOfTheKernelIsFine() {
    for kind in TableKind.allCases { #expect(findings(Table(kind)).isEmpty) }
  }

  @Test func chains() {
    var table = Table(.filter)
    table.chains[0].policy = nil
    table.chains[1].policy = .queue
    table.chains[2].name = "output"
    table.chains.append(Chain(name: "A"))
    table.chains.append(Chain(name: "A"))
    table.chains.append(Chain(name: "RETURN"))
    table.chains.append(Chain(name: ""))
    table.chains.append(Chain(name: String(repeating: "n", count: 31)))
    table.chains.append(Chain(name: String(repeating: "n", count: 32)))
    #expect(
      findings(table) == [
        "missing-built-in-chain :0", "bad-policy INPUT:0", "bad-policy FORWARD:0", "policy-on-user-chain output:0",
        "chain-exists A:0", "bad-chain-name RETURN:0", "bad-chain-name :0",
        "bad-chain-name \(String(repeating: "n", count: 32)):0",
      ])
  }

  @Test func jumps() {
    let table = Graphs.table([
      ("INPUT", [Graphs.jump("A"), Graphs.jump("nowhere"), Graphs.goto("FORWARD"), Graphs.jump("ACCEPT")]),
      ("A", [Graphs.jump("B")]), ("B", [Graphs.jump("A")]),
    ])
    #expect(
      findings(table) == [
        "unknown-chain INPUT:2", "unknown-chain INPUT:4", "jump-to-built-in-chain INPUT:3", "chain-loop B:1",
      ])
    let messages = RulesetCheck.findings(in: table, family: .ipv4).map(\.description)
    #expect(messages[0] == "filter/INPUT#2: there is no chain `nowhere`")
    #expect(messages[3] == "filter/B#1: the chains form a loop: A -> B -> A")
  }

  @Test func circlesThatNothingReachesAreLoaded() {
    #expect(findings(Graphs.table([("A", [Graphs.jump("A")])])).isEmpty)
    #expect(findings(Graphs.table([("A", [Graphs.goto("B")]), ("B", [Graphs.jump("A")])])).isEmpty)
  }

  @Test func inlineConditions() {
    var inward = RuleHeader()
    inward.input = Invertible(InterfacePattern("eth0"))
    var outward = RuleHeader()
    outward.output = Invertible(InterfacePattern("eth0"))
    var fragment = RuleHeader()
    fragment.fragment = Invertible(true)
    var source = RuleHeader()
    source.source = Invertible(AddressMatch(.v6(0, 1), prefixLength: 128))
    let rules = [inward, outward, fragment, source].map { Rule(header: $0, action: .verdict(.accept)) }
    let table = Graphs.table([("INPUT", rules), ("FORWARD", rules), ("OUTPUT", rules), ("A", rules)])
    #expect(
      findings(table) == [
        "interface-in-wrong-chain INPUT:2", "bad-address INPUT:4", "bad-address FORWARD:4",
        "interface-in-wrong-chain OUTPUT:1", "bad-address OUTPUT:4", "bad-address A:4",
      ])
    #expect(findings(Graphs.table([("FORWARD", rules)]), .ipv6) == ["option-for-other-family FORWARD:3"])
  }

  @Test func dropInNat() {
    let drop = Rule(action: .verdict(.drop))
    #expect(findings(Graphs.table([("A", [drop])], .nat)) == ["drop-in-nat A:1"])
    #expect(findings(Graphs.table([("A", [drop])], .mangle)).isEmpty)
    // The kernel takes the policy.
    var table = Table(.nat)
    table.chains[0].policy = .drop
    #expect(findings(table).isEmpty)
  }

  @Test func extensionsInTheWrongPlace() throws {
    let masquerade = try rule("-j MASQUERADE", .nat)
    #expect(findings(Graphs.table([("POSTROUTING", [masquerade])], .nat)).isEmpty)
    #expect(findings(Graphs.table([("PREROUTING", [masquerade])], .nat)) == ["wrong-hook PREROUTING:1"])
    #expect(
      findings(Graphs.table([("PREROUTING", [Graphs.jump("A")]), ("A", [masquerade])], .nat)) == ["wrong-hook A:1"])
    #expect(findings(Graphs.table([("A", [masquerade])], .nat)).isEmpty)
    #expect(
      findings(Graphs.table([("PREROUTING", [Rule(action: .verdict(.accept)), masquerade])], .nat)).isEmpty)
    #expect(findings(Graphs.table([("A", [masquerade])])) == ["wrong-table A:1"])
    let ttl = try rule("-m ttl --ttl-eq 1")
    #expect(findings(Graphs.table([("A", [ttl])]), .ipv6) == ["extension-for-other-family A:1"])
  }

  @Test func extensionsWithoutTheirProtocolAndWhatTheKernelRefuses() throws {
    var tcp = try rule("-p tcp --dport 1 -j ACCEPT")
    #expect(findings(Graphs.table([("A", [tcp])])).isEmpty)
    tcp.header.protocolNumber = nil
    #expect(findings(Graphs.table([("A", [tcp])])) == ["missing-protocol A:1"])
    tcp.header.protocolNumber = Invertible(.tcp, inverted: true)
    #expect(findings(Graphs.table([("A", [tcp])])) == ["missing-protocol A:1"])
    var reject = try rule("-p tcp -j REJECT --reject-with tcp-reset")
    reject.header.protocolNumber = Invertible(.udp)
    #expect(findings(Graphs.table([("A", [reject])])) == ["kernel-refuses-target A:1"])
    var ecn = try rule("-p tcp -m ecn --ecn-tcp-ece")
    ecn.header = RuleHeader()
    let table = Graphs.table([("A", [ecn])])
    #expect(findings(table) == ["kernel-refuses-match A:1"])
    #expect(RulesetCheck.findings(in: table, family: .ipv4).map(\.part) == [.match(0)])
  }

  @Test func aRuleWhoseJumpIsRefusedIsNotCheckedFurther() throws {
    var rule = try rule("-p tcp --dport 1 -j ACCEPT")
    rule.header.protocolNumber = nil
    rule.action = .jump("nowhere")
    #expect(findings(Graphs.table([("A", [rule])])) == ["unknown-chain A:1"])
  }

  @Test func aTableOfAFileIsCheckedAgainWhenItWasChanged() throws {
    let ruleset = try Ruleset(parsing: "*filter\n:A - [0:0]\n-A A -p tcp --dport 1\nCOMMIT\n", file: "f")
    let table = try #require(ruleset[.filter])
    #expect(findings(table).isEmpty)
    var changed = table
    changed.chains[3].rules[0].header.protocolNumber = nil
    #expect(findings(changed) == ["missing-protocol A:1"])
    changed = table
    changed.chains[0].rules.append(Graphs.jump("B"))
    #expect(findings(changed) == ["unknown-chain INPUT:1"])
    changed = table
    changed.kind = .raw
    #expect(!findings(changed).isEmpty)
    let ttl = try Ruleset(parsing: "*filter\n-A INPUT -m ttl --ttl-eq 1\nCOMMIT\n", file: "f")
    #expect(findings(ttl.tables[0]).isEmpty)
    #expect(findings(ttl.tables[0], .ipv6) == ["extension-for-other-family INPUT:1"])
  }

  @Test func findingsOfAWholeRulesetSayWhereTheRuleWasWritten() throws {
    var ruleset = try Ruleset(parsing: "*filter\n:A - [0:0]\n-A INPUT -j A\nCOMMIT\n", file: "f")
    let index = try #require(ruleset.tables[0].index(of: "A"))
    ruleset.tables[0].chains.remove(at: index)
    let found = RulesetCheck.findings(in: ruleset)
    #expect(found.map(\.id.rawValue) == ["unknown-chain"])
    #expect(found.first?.location?.line == 3)
    let refusal = RulesetRefusal(findings: Array(repeating: found[0], count: 5))
    #expect(refusal.description.hasSuffix("; and 2 more"))
  }
}
