// Matches that nothing here can decide: a test tries both answers, and only where they lead apart the verdict is unknown.

@testable import FlowTesting
import NetfilterModel
import Simulator
import Testing

@Suite struct FlowBranchesTests {
  static let setup = """
    iface wan 203.0.113.2/24
    iface lan 192.168.1.1/24
    route default via 203.0.113.1 dev wan
    sysctl net.ipv4.ip_forward = 1
    rules v4 r

    """
  static let client = "in on wan tcp 198.51.100.7:5000 > 203.0.113.2"

  /// What went wrong first in a test with these rules of the filter table; nil when it passed.
  func failing(_ rules: String, _ steps: String, tables: String = "", setup: String = "") -> FlowFailure? {
    let text = "\(tables)*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n\(rules)\nCOMMIT\n"
    let suite = FlowSuite("\(Self.setup)\(setup)\ntest \"t\"\n\(steps)\nend\n", file: "t") { $0 == "r" ? text : nil }
    #expect(suite.isRunnable, "\(DiagnosticRenderer().render(suite.diagnostics))")
    guard let test = suite.tests.first, case .failed(let failure) = suite.run(test) else { return nil }
    return failure
  }

  /// Rules with a match that cannot be decided, and what a SYN to port 22 comes to.
  @Test(arguments: [
    // Whatever it says, the rule below accepts, or the policy drops.
    ("-A INPUT -m geoip --src-cc KR -j ACCEPT\n-A INPUT -p tcp --dport 22 -j ACCEPT", "deliver"),
    ("-A INPUT -m geoip --src-cc KR -j DROP", "drop"),
    ("-A INPUT -m geoip --src-cc KR -j ACCEPT", "unknown"),
    ("-A INPUT -m statistic --mode random --probability 0.5 -j ACCEPT", "unknown"),
    // A condition behind it does not hold.
    ("-A INPUT -p tcp -m geoip --src-cc KR -m tcp --dport 80 -j ACCEPT", "drop"),
    // Two of them, of which one accepts each way.
    ("-A INPUT -m geoip --src-cc KR -j ACCEPT\n-A INPUT -m geoip ! --src-cc KR -j ACCEPT", "unknown"),
    ("-A INPUT -m geoip --src-cc KR -j DROP\n-A INPUT -m psd -j DROP", "drop"),
    // Drop and reject are not the same.
    ("-A INPUT -m geoip --src-cc KR -j REJECT", "unknown"),
    ("-A INPUT -m geoip --src-cc KR -j REJECT\n-A INPUT -j REJECT", "reject with icmp-port-unreachable"),
  ])
  func theVerdictStandsWhereTheWaysAgree(_ rules: String, _ verdict: String) {
    #expect(failing(rules, "\(Self.client):22 => \(verdict)") == nil)
    let wrong = verdict == "forward" ? "drop" : "forward"
    let failure = failing(rules, "\(Self.client):22 => \(wrong)")
    #expect(failure?.message == "expected \(wrong), got \(verdict)")
  }

  @Test func aDetailMustHoldInEveryWay() {
    let rules = "-A INPUT -m geoip --src-cc KR -j ACCEPT\n-A INPUT -p tcp --dport 22 -j ACCEPT"
    #expect(failing(rules, "\(Self.client):22 => deliver via filter/INPUT") == nil)
    let failure = failing(rules, "\(Self.client):22 => deliver at filter/INPUT#2")
    #expect(failure?.message == "expected at filter/INPUT#2, got at filter/INPUT#1")
    #expect(failure?.explanation.decidedBy?.text.hasPrefix("filter/INPUT#1 -m geoip") == true)
  }

  @Test func theRuleThatDecidesIsNamed() {
    let failure = failing("-A INPUT -m geoip --src-cc KR -j ACCEPT", "\(Self.client):22 => deliver")
    #expect(failure?.message == "expected deliver, got unknown")
    #expect(failure?.explanation.decidedBy?.text == "filter/INPUT#1 -m geoip --src-cc KR -j ACCEPT")
    #expect(failure?.explanation.decidedBy?.note == "match `geoip` is not known here")
  }

  @Test func theWaysAreFollowed() {
    // Whether the first packet is marked decides about the second, which no rule with an unknown match is asked about.
    let tables = """
      *mangle
      -A PREROUTING -p tcp --dport 22 -m geoip --src-cc KR -j CONNMARK --set-mark 1
      COMMIT

      """
    let rules = "-A INPUT -p tcp --dport 22 --tcp-flags SYN SYN -j ACCEPT\n-A INPUT -m connmark --mark 1 -j ACCEPT"
    let open = "\(Self.client):22 => deliver\n"
    #expect(failing(rules, open, tables: tables) == nil)
    let accept = "-A INPUT -m conntrack --ctstate NEW -p tcp --dport 22 --tcp-flags SYN SYN -j ACCEPT"
    let answered = "local tcp 203.0.113.2:22 > 198.51.100.7:5000 [S.] => send out wan\n"
    let data = "\(Self.client):22 [.]"
    // The mangle rule is asked again about the second packet: what counts is that of both ways one has the mark already.
    let steps = "\(open)\(answered)"
    #expect(
      failing("\(accept)\n-A INPUT -m connmark --mark 1 -j ACCEPT", "\(steps)\(data) => unknown", tables: tables) == nil
    )
    #expect(
      failing(
        "\(accept)\n-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT", "\(steps)\(data) => deliver", tables: tables
      ) == nil)
  }

  /// Assumptions, and what a SYN to port 22 comes to with them.
  @Test(arguments: [
    ("-m geoip --src-cc KR", "assume -m geoip --src-cc KR yes", "deliver"),
    ("-m geoip --src-cc KR", "assume geoip   --src-cc KR no", "drop"),
    ("-m geoip ! --src-cc KR", "assume geoip ! --src-cc KR yes", "deliver"),
    // One about another country settles nothing.
    ("-m geoip --src-cc KR", "assume geoip --src-cc JP yes", "unknown"),
    // However a match is written, it is the one that iptables-save prints.
    ("-m statistic --mode random --probability 0.5", "assume statistic --mode random --probability 0.5 yes", "deliver"),
    ("-m statistic --mode random --probability 0.5", "assume statistic --probability 0.50 --mode random no", "drop"),
  ])
  func anAssumptionSettles(_ conditions: String, _ assumption: String, _ verdict: String) {
    #expect(failing("-A INPUT \(conditions) -j ACCEPT", "\(Self.client):22 => \(verdict)", setup: assumption) == nil)
  }

  @Test func anAssumptionAboutNoRuleIsNamed() {
    let rules = "*filter\n-A INPUT -m geoip --src-cc KR -j DROP\nCOMMIT\n"
    let described = HostText.describe("assume -m geoip --src-cc KP yes\nrules v4 r\n", file: "h") {
      $0 == "r" ? rules : nil
    }
    let rendered = DiagnosticRenderer().render(described.diagnostics)
    #expect(rendered.contains("h:1:1: warning: no rule has the match `geoip --src-cc KP` [unknown-assumption]"))
    #expect(rendered.contains("did you mean `geoip --src-cc KR`?"))
    #expect(described.host != nil)
  }

  @Test func manyUndecidedPacketsStayFew() {
    // Ways that no later packet can tell apart become one again, so that a long test has no end of them.
    let rules = "-A INPUT -m geoip --src-cc KR -j ACCEPT\n-A INPUT -p tcp --dport 22 -j ACCEPT"
    let steps = (0..<40).map { "in on wan tcp 198.51.100.7:\(6000 + $0) > 203.0.113.2:22 => deliver\n" }.joined()
    #expect(failing(rules, steps) == nil)
  }

  /// Two matches that cannot be decided stand before the rule that decides, and behind it a rule that no packet comes to.
  static let undecided = [
    "-A INPUT -p tcp -m statistic --mode random --probability 0.5 -j ACCEPT\n"
      + "-A INPUT -p tcp -m statistic --mode random --probability 0.5 -j ACCEPT",
    "-A INPUT -p tcp -m geoip --src-cc KR -j ACCEPT\n-A INPUT -p tcp -m psd -j ACCEPT",
  ]

  /// How many ways are followed, which nobody but a test asks.
  static func ways(_ branches: FlowBranches) -> Int {
    Mirror(reflecting: branches).descendant("ways").map { Mirror(reflecting: $0).children.count } ?? .max
  }

  /// A step, again and again, behind two matches that cannot be decided: what holds for one holds for all, and the ways stay as few.
  @Test(arguments: [(1, [true, false]), (700, [true, false]), (5000, [true])])
  func manyStepsAreAsOne(_ count: Int, _ decided: [Bool]) throws {
    for (rules, isDecided) in Self.undecided.flatMap({ rules in decided.map { (rules, $0) } }) {
      let end = isDecided ? "\n-A INPUT -p tcp --dport 22 -j ACCEPT" : ""
      let text = "*filter\n:INPUT DROP [0:0]\n\(rules)\(end)\nCOMMIT\n"
      let verdict = isDecided ? "deliver" : "unknown"
      let step = "\(Self.client):22 => \(verdict)\n"
      let suite = FlowSuite(
        "\(Self.setup)test \"t\"\n\(String(repeating: step, count: count))end\n", file: "t"
      ) { $0 == "r" ? text : nil }
      #expect(suite.isRunnable, "\(DiagnosticRenderer().render(suite.diagnostics))")
      let test = try #require(suite.tests.first)
      #expect(test.steps.count == count)
      var branches = FlowBranches(suite: suite, test: test)
      var (most, ways) = (0, 0)
      for number in test.steps.indices {
        let outcomes = try branches.step(number)
        most = max(most, outcomes.count)
        ways = max(ways, Self.ways(branches))
        #expect(!outcomes.isEmpty)
        let verdicts = Set(outcomes.map { FlowPassage.verdict($0.passage.end) })
        if verdicts != [verdict] {
          Issue.record("step \(number + 1): \(verdicts)")
          return
        }
      }
      // Each step splits one way into three: the first match holds, the second does, none does.
      #expect(most == (isDecided ? 3 : 1))
      // What they leave is the same in all; where they are told apart, it is whether there is a connection, and whether the last
      // packet arrived.
      #expect(isDecided ? ways == 1 : (2...3).contains(ways), "\(ways)")
    }
  }

  /// Every packet a flow of its own, so that what the ways have gone through grows with the test.
  @Test func manyFlowsAreAsOne() {
    let steps = (0..<700).map { "in on wan tcp 198.51.100.7:\(6000 + $0) > 203.0.113.2:22 => deliver\n" }.joined()
    let rules = "\(Self.undecided[0])\n-A INPUT -p tcp --dport 22 -j ACCEPT"
    #expect(failing(rules, "\(steps)\(Self.client):23 => unknown") == nil)
  }

  @Test func tooManyWaysAreUnknown() {
    let rules = (0..<40).map { "-A INPUT -m geoip --src-cc A\($0) -m mark --mark \($0) -j ACCEPT" }.joined(
      separator: "\n")
    #expect(failing(rules, "\(Self.client):22 => unknown") == nil)
  }

  /// One rule with an undecided match, and how a walk without tests ends.
  @Test(arguments: [
    ("-p tcp -m geoip --src-cc KR -m tcp --dport 80", true), ("-p tcp -m geoip --src-cc KR -m tcp --dport 22", false),
    ("-m geoip --src-cc KR -m ttl --ttl-eq 3", true), ("-p tcp -m tcp --dport 22 -m geoip --src-cc KR", false),
    // What a limit would say depends on whether it was asked before.
    ("-m geoip --src-cc KR -m limit --limit 1/hour", false),
    // A match that drops what it cannot read would be asked only if the one before it holds.
    ("-p tcp -m geoip --src-cc KR -m multiport --dports 22", false),
  ])
  func aLaterConditionThatFailsDecides(_ conditions: String, _ isDecided: Bool) throws {
    var host = LinuxHost(name: "h")
    try host.addAddress("203.0.113.2/24", to: "wan")
    try host.load(
      try Ruleset(parsing: "*filter\n:INPUT DROP [0:0]\n-A INPUT \(conditions) -j ACCEPT\nCOMMIT\n", file: "r"))
    var bytes = [UInt8](repeating: 0, count: 40)
    bytes.setUInt32(0x4500_0028, at: 0)
    bytes.setUInt32(0x4006_0000, at: 8)
    bytes.setUInt32(0xcb00_7107, at: 12)
    bytes.setUInt32(0xcb00_7102, at: 16)
    bytes.setUInt32(0x1388_0016, at: 20)
    bytes.setUInt32(0x5002_ffff, at: 32)
    bytes.setIPv4Checksum(length: 20)
    let walk = host.receive(Packet(bytes: bytes), on: "wan")
    if isDecided {
      #expect(
        walk.disposition
          == .dropped(by: RulePlace(table: .filter, chain: "INPUT", kind: .policy, number: 2, isEnd: true)))
    } else {
      guard case .unknown = walk.disposition else {
        Issue.record("\(walk.disposition)")
        return
      }
    }
  }
}
