// Where a packet goes on from the end of a chain, behind jumps and gotos in every mixture. The order of the hits is the walk's, which
// is held to the kernel elsewhere; here the words are held to the hits.

@testable import FlowTesting
import NetfilterModel
@testable import Simulator
import Testing

@Suite struct ChainEndTests {
  static func host(_ rules: String) throws -> LinuxHost {
    let text = "*filter\n:a - [0:0]\n:b - [0:0]\n:c - [0:0]\n\(rules)\nCOMMIT\n"
    let described = HostText.describe("iface wan 203.0.113.2/24\nrules v4 r\n", file: "h", read: { _ in text })
    #expect(described.diagnostics == [])
    return try #require(described.host)
  }

  static func walk(_ host: LinuxHost) throws -> Walk {
    var host = host
    return host.receive(try PacketText.packet("in on wan tcp 203.0.113.7:5000 > 203.0.113.2:22").packet, on: "wan")
  }

  /// The rows of the filter table of INPUT, without places in the file.
  static func rows(_ rules: String) throws -> [String] {
    let host = try host(rules)
    let text = TextReport(style: Style(width: 200)).render(try walk(host), on: host)
    return text.split(separator: "\n").filter { $0.hasPrefix("  filter/") }.map { line in
      let words = line.split(separator: " ")
      return words.last?.hasPrefix("r:") == true
        ? words.dropLast().joined(separator: " ") : words.joined(separator: " ")
    }
  }

  @Test func aJumpComesBack() throws {
    #expect(
      try Self.rows("-A INPUT -j a\n-A a -p udp -j DROP") == [
        "filter/INPUT#1 -j a", "filter/a end of chain, goes on behind filter/INPUT#1", "filter/INPUT policy ACCEPT",
      ])
  }

  @Test func aGotoFromABuiltInChainEndsAtThePolicy() throws {
    #expect(
      try Self.rows(":INPUT DROP [0:0]\n-A INPUT -g a\n-A INPUT -j ACCEPT") == [
        "filter/INPUT#1 -g a", "filter/a end of chain, goes on to filter/INPUT policy", "filter/INPUT policy DROP",
      ])
  }

  @Test func aGotoFromAUserChainComesBackToItsCaller() throws {
    #expect(
      try Self.rows("-A INPUT -j a\n-A INPUT -j ACCEPT\n-A a -g b\n-A a -j DROP\n-A b -p udp -j DROP") == [
        "filter/INPUT#1 -j a", "filter/a#1 -g b", "filter/b end of chain, goes on behind filter/INPUT#1",
        "filter/INPUT#2 -j ACCEPT",
      ])
  }

  @Test func jumpsAndGotosMix() throws {
    // INPUT jumps to a, a goes to b, b jumps to c, c returns to b, and b ends where a would have.
    #expect(
      try Self.rows("-A INPUT -j a\n-A a -g b\n-A b -j c\n-A c -j RETURN") == [
        "filter/INPUT#1 -j a", "filter/a#1 -g b", "filter/b#1 -j c", "filter/c#1 -j RETURN",
        "filter/b end of chain, goes on behind filter/INPUT#1", "filter/INPUT policy ACCEPT",
      ])
    // A goto first: what it leads to has no caller, what that jumps to has.
    #expect(
      try Self.rows("-A INPUT -g a\n-A INPUT -j DROP\n-A a -j b\n-A b -g c") == [
        "filter/INPUT#1 -g a", "filter/a#1 -j b", "filter/b#1 -g c", "filter/c end of chain, goes on behind filter/a#1",
        "filter/a end of chain, goes on to filter/INPUT policy", "filter/INPUT policy ACCEPT",
      ])
  }

  @Test func aReturnInABuiltInChainIsFollowedByThePolicy() throws {
    #expect(
      try Self.rows(":INPUT DROP [0:0]\n-A INPUT -j RETURN\n-A INPUT -j ACCEPT") == [
        "filter/INPUT#1 -j RETURN", "filter/INPUT policy DROP",
      ])
  }

  /// What is said of the end of a chain is what the next hit shows, in random tables of jumps, gotos and returns.
  @Test(arguments: 0..<60) func theNextHitIsTheOneThatIsSaid(_ seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let chains = ["INPUT", "a", "b", "c"]
    var rules = ""
    for (place, chain) in chains.enumerated() {
      for _ in 0..<random.next32() % 4 {
        let below = chains[(place + 1)...]
        switch random.next32() % 4 {
        case 0 where !below.isEmpty:
          rules += "-A \(chain) -j \(below[place + 1 + Int(random.next32() % UInt32(below.count))])\n"
        case 1 where !below.isEmpty:
          rules += "-A \(chain) -g \(below[place + 1 + Int(random.next32() % UInt32(below.count))])\n"
        case 2: rules += "-A \(chain) -p udp -j RETURN\n"
        default: rules += "-A \(chain) -p tcp\n"
        }
      }
    }
    let host = try Self.host(rules)
    let hits = try Self.walk(host).ruleHits.map(\.place).filter { $0.table == .filter }
    let index = RuleIndex(host)
    var calls = CallStack()
    for (hit, next) in zip(hits, hits.dropFirst()) {
      switch calls.take(hit, index.rule(hit)) {
      case .behind(let caller): #expect(next.chain == caller.chain && next.number > caller.number, "\(rules)")
      case .policy: #expect(next.kind == .policy && next.isEnd && next.chain == "INPUT", "\(rules)")
      case nil: #expect(!hit.isEnd, "\(rules)")
      }
    }
  }

  @Test func jsonSaysTheSame() throws {
    let host = try Self.host("-A INPUT -j a\n-A a -g b")
    let value = JSONReport(host).value(try Self.walk(host))
    let places = value.events.filter { $0.type == "hit" }.compactMap(\.place)
    #expect(places.map(\.name) == ["filter/INPUT#1", "filter/a#1", "filter/b end", "filter/INPUT policy"])
    #expect(places.map(\.text)[2...] == ["end of chain, goes on behind filter/INPUT#1", "policy ACCEPT"])
  }

  @Test func aPolicyIsNoRule() throws {
    let host = try Self.host(":INPUT DROP [0:0]\n-A INPUT -p udp -j ACCEPT")
    let walk = try Self.walk(host)
    #expect("\(walk.disposition)" == "dropped by filter/INPUT policy")
    let differences = try #require(PacketText.step("again => deliver", file: "e").expectation)
      .differences(from: walk, on: host)
    #expect(differences.map(\.got) == ["dropped by filter/INPUT policy"])
    // An unconditional verdict is called a policy by the kernel's TRACE, and is a rule all the same.
    let rule = try Self.host("-A INPUT -j DROP")
    #expect("\(try Self.walk(rule).disposition)" == "dropped by filter/INPUT#1")
  }
}
