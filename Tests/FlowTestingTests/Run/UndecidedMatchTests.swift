// What is said where a match cannot be decided: both ways, the line that settles it, and what an exit code makes of it.

@testable import FlowTesting
import NetfilterModel
import Simulator
import Testing

@Suite struct UndecidedMatchTests {
  static let head = "iface wan 203.0.113.2/24\nrules v4 r\n"
  static let geoip = "-A INPUT -m geoip --src-cc KR -j ACCEPT"

  static func undecided(_ rules: String) throws -> UndecidedMatch? {
    let described = HostText.describe(Self.head, file: "h") { _ in "*filter\n:INPUT DROP [0:0]\n\(rules)\nCOMMIT\n" }
    let host = try #require(described.host)
    let packet = try PacketText.packet("in on wan tcp 203.0.113.7:5000 > 203.0.113.2:22").packet
    return UndecidedMatch(packet, input: "wan", on: host)
  }

  @Test func bothWaysAreTried() throws {
    let match = try #require(try Self.undecided(Self.geoip))
    #expect(match.match == "geoip --src-cc KR")
    #expect(match.ifItMatches == [.delivered])
    #expect(match.bothWays == "delivered if it matches, dropped by filter/INPUT policy if it does not")
    #expect(match.assumption == "assume geoip --src-cc KR yes")
  }

  @Test func furtherMatchesAreTriedToo() throws {
    let match = try #require(
      try Self.undecided("-A INPUT -m geoip --src-cc KR -j ACCEPT\n-A INPUT -m geoip --src-cc JP -j REJECT"))
    #expect(
      match.bothWays == "delivered if it matches, dropped by filter/INPUT policy or rejected by filter/INPUT#2 with "
        + "icmp-port-unreachable if it does not")
    #expect(
      try Self.undecided("-A INPUT -m geoip --src-cc KR -j LOG")?.bothWays
        == "dropped by filter/INPUT policy either way")
    #expect(try Self.undecided("-A INPUT -p tcp -j ACCEPT") == nil)
  }

  @Test func theWaysAreBounded() throws {
    let rules = (0..<20).map { "-A INPUT -m geoip --src-cc A\(UnicodeScalar(UInt8(65 + $0))) -j MARK --set-mark \($0)" }
    let match = try #require(
      try Self.undecided(rules.joined(separator: "\n") + "\n-A INPUT -m mark --mark 5 -j ACCEPT"))
    #expect(match.ifItMatches.contains { if case .unknown = $0 { true } else { false } })
  }

  static func outcome(
    _ rules: String, _ steps: String, _ unknown: UnknownPolicy = .fail, tables: String = ""
  ) throws -> FlowOutcome {
    let suite = FlowSuite("\(head)test \"t\"\n\(steps)\nend\n", file: "t.flow") { _ in
      "\(tables)*filter\n:INPUT DROP [0:0]\n\(rules)\nCOMMIT\n"
    }
    let test = try #require(suite.tests.first)
    #expect(suite.isRunnable)
    return FlowOutcome(test: test, result: suite.run(test), unknown: unknown)
  }

  static let ssh = "in on wan tcp 203.0.113.7:5000 > 203.0.113.2:22"

  @Test func aTestThatFailsSaysWhatSettlesIt() throws {
    let text = FlowReport().render(try Self.outcome(Self.geoip, "\(Self.ssh) => deliver"))
    #expect(
      text == """
        FAIL  t
        t.flow:4:1: error: test "t": expected deliver, got unknown [flow]
          packet      in on wan TCP 203.0.113.7:5000 > 203.0.113.2:22 [S] ttl 64 len 40
          decided by  filter/INPUT#1 -m geoip --src-cc KR -j ACCEPT   r:3
                      match `geoip` is not known here
          both ways   delivered if it matches, dropped by filter/INPUT policy if it does not
          settle it   assume geoip --src-cc KR yes
                      or no: a line of the host

        """)
  }

  @Test func anEarlierStepCanHaveSplitTheTest() throws {
    let tables = "*mangle\n-A PREROUTING -p tcp --syn -m geoip --src-cc JP -j CONNMARK --set-mark 1\nCOMMIT\n"
    let rules = "-A INPUT -p tcp --syn -j ACCEPT\n-A INPUT -m connmark --mark 1 -j ACCEPT"
    let steps =
      "\(Self.ssh) => deliver\nlocal tcp 203.0.113.2:22 > 203.0.113.7:5000 [S.] => send\n\(Self.ssh) [.] => deliver"
    let outcome = try Self.outcome(rules, steps, tables: tables)
    guard case .failed(let failure) = outcome.result else {
      Issue.record("\(outcome.result)")
      return
    }
    #expect(failure.isUndecided)
    #expect(failure.range.line == 6)
    #expect(failure.explanation.assumption == "assume geoip --src-cc JP yes")
    #expect(
      failure.explanation.bothWays == "delivered or dropped by filter/INPUT policy, by an answer of an earlier step")
  }

  @Test func thePolicyDecidesWhatCounts() throws {
    for (policy, totals) in [
      (UnknownPolicy.fail, "0 passed, 1 failed, 0 skipped"), (.warn, "0 passed, 0 failed, 0 skipped, 1 unknown"),
      (.ok, "0 passed, 0 failed, 0 skipped, 1 unknown"),
    ] {
      #expect(FlowTotals([try Self.outcome(Self.geoip, "\(Self.ssh) => deliver", policy)]).text == totals)
      // What is wrong for sure stays a failure, and what is expected to be unknown is as expected.
      #expect(FlowTotals([try Self.outcome("", "\(Self.ssh) => deliver", policy)]).failed == 1)
      #expect(FlowTotals([try Self.outcome(Self.geoip, "\(Self.ssh) => unknown", policy)]).passed == 1)
    }
    let warned = FlowReport().render(try Self.outcome(Self.geoip, "\(Self.ssh) => deliver", .warn))
    #expect(warned.hasPrefix("unknown t\nt.flow:4:1: warning: test \"t\": expected deliver, got unknown [flow]\n"))
    #expect(FlowReport().render(try Self.outcome(Self.geoip, "\(Self.ssh) => deliver", .ok)) == "unknown t\n")
    let junit = JUnitReport.render([
      FlowSuiteOutcome(file: "t.flow", outcomes: [try Self.outcome(Self.geoip, "\(Self.ssh) => deliver", .warn)])
    ])
    #expect(junit.contains("failures=\"0\" errors=\"0\" skipped=\"1\""))
    #expect(junit.contains("<skipped message=\"unknown: expected deliver, got unknown\"/>"))
  }

  @Test func linesFitWhereTheyAreBroken() throws {
    let comment = "a comment that is long enough to need more than one line of any terminal there is"
    let rules = "-A INPUT -p tcp -m comment --comment \"\(comment)\" -m geoip --src-cc KR -j ACCEPT"
    let outcome = try Self.outcome(
      rules, "\(Self.ssh) => deliver at filter/INPUT#1 as 203.0.113.7:5000 > 203.0.113.2:22")
    for width in [50, 80, 120] {
      for color in [false, true] {
        let text = FlowReport(style: Style(color: color, width: width), breaksLines: true).render(outcome)
        let plain = text.replacing(/\u{1b}\[[0-9;]*m/, with: "")
        #expect(plain.split(separator: "\n").allSatisfy { $0.count <= width }, "\(plain)")
        #expect(plain == FlowReport(style: Style(width: width), breaksLines: true).render(outcome))
        #expect(color == (text != plain))
      }
    }
    // What is not for a terminal is left whole.
    #expect(FlowReport().render(outcome).contains(comment))
  }
}
