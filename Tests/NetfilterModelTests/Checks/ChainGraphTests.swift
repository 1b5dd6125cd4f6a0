// Which chains are reached, which circles are refused, how deep jumps nest; the kernel's answers: Fixtures/*/chains-*.

import NetfilterModel
import Testing

@Suite struct ChainGraphTests {
  /// A filter table with these rules besides those of the built-in chains.
  static func table(_ chains: [(name: String, rules: [Rule])], _ kind: TableKind = .filter) -> Table {
    var table = Table(kind)
    for chain in chains {
      if Hook(chainName: chain.name) != nil, let index = table.index(of: chain.name) {
        table.chains[index].rules = chain.rules
      } else {
        table.chains.append(Chain(name: chain.name, rules: chain.rules))
      }
    }
    return table
  }

  static func jump(_ name: String) -> Rule { Rule(action: .jump(name)) }
  static func goto(_ name: String) -> Rule { Rule(action: .goto(name)) }

  @Test func chainsAreReachedFromTheHooksThatLeadToThem() {
    let table = Self.table([
      ("INPUT", [Self.jump("A")]), ("FORWARD", [Self.goto("B")]), ("A", [Self.jump("B")]), ("B", []), ("C", []),
    ])
    let graph = ChainGraph(table)
    let hooks = { (name: String) in graph.places[name].map { graph.hooks[$0] } }
    #expect(hooks("INPUT") == .input)
    #expect(hooks("A") == .input)
    #expect(hooks("B") == [.input, .forward])
    #expect(hooks("C") == [])
    #expect(graph.loops.isEmpty)
  }

  @Test func whatStandsBehindAnUnconditionalVerdictIsNotReached() {
    for verdict in [Verdict.accept, .drop, .queue, .return] {
      let table = Self.table([
        ("INPUT", [Self.jump("A")]), ("A", [Rule(), Rule(action: .verdict(verdict)), Self.jump("A"), Self.jump("B")]),
        ("B", []),
      ])
      let graph = ChainGraph(table)
      #expect(graph.loops.isEmpty)
      #expect(graph.ends[3] == 1)
      #expect(graph.hooks[4] == [])
      #expect(graph.hooks(of: ChainGraph.RulePosition(chain: 3, rule: 1)) == .input)
      #expect(graph.hooks(of: ChainGraph.RulePosition(chain: 3, rule: 2)) == [])
      #expect(graph.hooks(of: ChainGraph.RulePosition(chain: 9, rule: 0)) == [])
    }
    // A verdict under a condition does not end the chain.
    var header = RuleHeader()
    header.protocolNumber = Invertible(.tcp)
    let conditional = Rule(header: header, action: .verdict(.accept))
    let commented = Rule(matches: [Match(unknown: UnknownExtension(name: "x"))], action: .verdict(.accept))
    for rule in [conditional, commented, Self.goto("B")] {
      let table = Self.table([("INPUT", [Self.jump("A")]), ("A", [rule, Self.jump("A")]), ("B", [])])
      #expect(ChainGraph(table).loops.map(\.rule) == [ChainGraph.RulePosition(chain: 3, rule: 1)])
    }
  }

  @Test func aCircleThatNothingReachesIsNone() {
    for action in [Self.jump, Self.goto] {
      let alone = ChainGraph(Self.table([("A", [action("A")])]))
      #expect(alone.loops.isEmpty)
      #expect(alone.depth == 0)
      let pair = ChainGraph(Self.table([("A", [action("B")]), ("B", [action("A")])]))
      #expect(pair.loops.isEmpty)
      #expect(pair.depth == 0)
      let reached = ChainGraph(Self.table([("OUTPUT", [action("A")]), ("A", [action("B")]), ("B", [action("A")])]))
      #expect(reached.loops.map(\.rule) == [ChainGraph.RulePosition(chain: 4, rule: 0)])
      #expect(reached.loops.map(\.path) == [[3, 4]])
    }
  }

  @Test func aRuleThatClosesACircleIsFoundOnce() {
    let table = Self.table([
      ("INPUT", [Self.jump("A")]), ("FORWARD", [Self.jump("A")]), ("OUTPUT", [Self.jump("B")]),
      ("A", [Self.jump("B"), Self.jump("A")]), ("B", [Self.jump("B")]),
    ])
    let rules = ChainGraph(table).loops.map(\.rule)
    #expect(Set(rules).count == rules.count)
    #expect(
      Set(rules) == [ChainGraph.RulePosition(chain: 3, rule: 1), ChainGraph.RulePosition(chain: 4, rule: 0)])
  }

  @Test func depthCountsJumpsFromWhichAPacketReturns() {
    let depth = { (chains: [(name: String, rules: [Rule])]) in ChainGraph(Self.table(chains)).depth }
    #expect(depth([("A", [])]) == 0)
    #expect(depth([("INPUT", [Self.jump("A")]), ("A", [])]) == 1)
    #expect(depth([("INPUT", [Self.goto("A")]), ("A", [])]) == 0)
    #expect(depth([("INPUT", [Self.jump("A")]), ("A", [Self.goto("B")]), ("B", [Self.jump("C")]), ("C", [])]) == 2)
    // The deepest of several ways, found again from another hook.
    let ways: [(name: String, rules: [Rule])] = [
      ("INPUT", [Self.jump("C"), Self.jump("A")]), ("FORWARD", [Self.jump("A")]), ("A", [Self.jump("B")]),
      ("B", [Self.jump("C")]), ("C", []),
    ]
    #expect(depth(ways) == 3)
    // What no packet reaches needs no room.
    #expect(depth([("INPUT", [Self.jump("C")]), ("A", [Self.jump("B")]), ("B", [Self.jump("C")]), ("C", [])]) == 1)
  }

  @Test func thousandsOfChainsAndManyWaysTakeNoRecursionAndNoTime() {
    var chains: [(name: String, rules: [Rule])] = [("INPUT", [Self.jump("C0")])]
    for number in 0..<20_000 {
      chains.append(("C\(number)", [Self.jump("C\(number + 1)"), Self.jump("C\(number + 1)")]))
    }
    chains.append(("C20000", []))
    let graph = ChainGraph(Self.table(chains))
    #expect(graph.depth == 20_001)
    #expect(graph.loops.isEmpty)
    chains[chains.count - 1].rules = [Self.jump("C0")]
    let loops = ChainGraph(Self.table(chains)).loops
    #expect(loops.map(\.path.count) == [12])
  }

  @Test func missingAndBuiltInChainsAreNamedWhereverTheRuleStands() {
    let table = Self.table([
      ("INPUT", [Rule(action: .verdict(.accept)), Self.jump("nowhere")]), ("A", [Self.goto("OUTPUT")]),
    ])
    let graph = ChainGraph(table)
    #expect(graph.missing == [ChainGraph.RulePosition(chain: 0, rule: 1)])
    #expect(graph.intoBuiltIn == [ChainGraph.RulePosition(chain: 3, rule: 0)])
    #expect(graph.loops.isEmpty)
  }
}
