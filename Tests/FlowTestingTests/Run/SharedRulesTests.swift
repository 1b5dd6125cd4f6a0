// Rules that are read once, tests that begin anew, and chance that a test seeds.

@testable import FlowTesting
import NetfilterModel
import Simulator
import Testing

@Suite struct SharedRulesTests {
  /// The host and every step that loads the same file share what was made of it, and its problems are said once.
  @Test func aRuleFileIsReadOnce() throws {
    let test = { (name: String) in
      "test \"\(name)\"\nlocal tcp 127.0.0.1:1 > 127.0.0.1:2 => drop\nload rules v4 r\nload rules v4 s\nagain => deliver\nend\n"
    }
    var asked: [String] = []
    let files = ["r": "*filter\n:INPUT DROP [0:0]\nCOMMIT\n", "s": "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n"]
    let lock = Asked()
    let suite = FlowSuite(
      "rules v4 r\nrules v4 r\n" + test("a") + test("b"), file: "f",
      readRules: { text, key in
        lock.names.append(key.path)
        return LoadableRules(text, key)
      }
    ) { files[$0] }
    asked = lock.names
    #expect(asked == ["r", "s"])
    #expect(suite.isRunnable, "\(DiagnosticRenderer().render(suite.diagnostics))")
    for test in suite.tests {
      if case .failed(let failure) = suite.run(test) { Issue.record("\(failure)") }
    }
  }

  private final class Asked { var names: [String] = [] }

  /// What packets change stays with the host that they walk through, though its rules are shared.
  @Test func sharedRulesHaveCountersOfTheirOwn() throws {
    let rules = try CompiledRules(
      Ruleset(
        parsing:
          "*filter\n:INPUT DROP [0:0]\n-A INPUT -p udp -m limit --limit 1/min --limit-burst 1 -j ACCEPT\nCOMMIT\n",
        file: "r"))
    var hosts = [LinuxHost(name: "a"), LinuxHost(name: "b")]
    for index in hosts.indices { hosts[index].load(rules) }
    for index in hosts.indices {
      #expect(try hosts[index].walk("local udp 127.0.0.1:1 > 127.0.0.1:2").verdict == .deliver)
      #expect(try hosts[index].walk("again").verdict == .drop)
      #expect(hosts[index].ruleset()[.filter]?["INPUT"]?.rules.first?.counters.packets == 1)
    }
    let other = try Ruleset(
      parsing: "*filter\n:INPUT DROP [0:0]\n-A INPUT -p udp -m limit --limit 1/min --limit-burst 1 -j ACCEPT\nCOMMIT\n",
      file: "r")
    var fresh = LinuxHost(name: "a")
    try fresh.load(other)
    try fresh.walk("local udp 127.0.0.1:1 > 127.0.0.1:2")
    try fresh.walk("again")
    #expect(fresh.ruleset()[.filter]?["INPUT"]?.counters.packets == 1)
    #expect(fresh.connectionListing == hosts[0].connectionListing)
  }

  static let chance =
    "*filter\n:INPUT DROP [0:0]\n-A INPUT -p udp -m statistic --mode random --probability 0.5 -j ACCEPT\nCOMMIT\n"

  private func verdicts(_ setup: String, _ steps: String) throws -> [Bool] {
    let text =
      "rules v4 r\n\(setup)\ntest \"t\"\n\(steps)\n"
      + String(repeating: "local udp 127.0.0.1:1 > 127.0.0.1:2 => unknown\n", count: 1) + "end\n"
    let suite = FlowSuite(text, file: "f") { $0 == "r" ? Self.chance : nil }
    #expect(suite.isRunnable, "\(DiagnosticRenderer().render(suite.diagnostics))")
    var execution = FlowExecution(suite: suite)
    for step in suite.tests[0].steps.dropLast() { _ = try execution.step(step, explains: false) }
    return try (0..<64).compactMap { _ in
      let done = try execution.step(suite.tests[0].steps[suite.tests[0].steps.count - 1], explains: false)
      switch done.passage?.end {
      case .delivered: return true
      case .dropped: return false
      default: return nil
      }
    }
  }

  /// Without a seed chance is undecided; with one it is drawn, the same from the same number.
  @Test func aSeedDecidesChance() throws {
    #expect(try verdicts("", "").isEmpty)
    let seven = try verdicts("seed 7", "")
    #expect(seven.count == 64)
    #expect(Set(seven).count == 2)
    #expect(try verdicts("seed 7", "") == seven)
    #expect(try verdicts("seed 8", "") != seven)
    #expect(try verdicts("seed 8", "seed 7") == seven)
    #expect(try verdicts("", "seed 0x7") == seven)
    #expect(try verdicts("", "seed 18446744073709551615").count == 64)
  }

  @Test func aSeedIsANumber() {
    for (line, id) in [
      ("seed", "missing-word"), ("seed x", "bad-number"), ("seed 1 2", "unexpected-word"),
      ("seed 18446744073709551616", "bad-number"),
    ] {
      #expect(FlowParser.parse(line, file: "f").diagnostics.map(\.id.rawValue) == [id])
      #expect(FlowParser.parse("test \"t\"\n\(line)\nend\n", file: "f").diagnostics.map(\.id.rawValue) == [id])
    }
  }

  /// A failure far into a test is explained by the state that the steps before it made, though none of it was kept.
  @Test func aLateFailureIsExplained() throws {
    let steps = (0..<50).map { "in on lan tcp 192.168.1.50:\(6000 + $0) > 93.184.216.34:80 => forward out wan\n" }
      .joined()
    let late = FlowSuiteTests().suite(
      "test \"t\"\n\(steps)flush conntrack\nload rules v4 new.rules\nagain => forward\nend\n",
      files: ["t/new.rules": "*filter\n-A FORWARD -p udp -j ACCEPT\n-A FORWARD -j DROP\nCOMMIT\n"])
    #expect(late.isDecided == false, "the suite's rules have a match that depends on chance")
    let plain = FlowSuite(
      "iface lan 192.168.1.1/24\niface wan 203.0.113.2/24\nroute default via 203.0.113.1 dev wan\nsysctl net.ipv4.ip_forward = 1\nrules v4 a\n"
        + "test \"t\"\n\(steps)load rules v4 b\nagain => forward\nend\n", file: "f"
    ) {
      [
        "a": "*filter\n-A FORWARD -j ACCEPT\nCOMMIT\n",
        "b": "*filter\n-A FORWARD -p udp -j ACCEPT\n-A FORWARD -j DROP\nCOMMIT\n",
      ][$0]
    }
    #expect(plain.isDecided)
    for suite in [late, plain] {
      let test = try #require(suite.tests.first)
      guard case .failed(let failure) = suite.run(test) else {
        Issue.record("the test passes")
        continue
      }
      #expect(failure.message == "expected forward, got drop")
      #expect(failure.explanation.decidedBy?.text == "filter/FORWARD#2 -j DROP")
      #expect(failure.explanation.nearest.first?.text.hasPrefix("filter/FORWARD#1 ") == true)
    }
  }

  /// Places are looked up, not searched for: each of many names is answered, and only the first wrong ones get a suggestion.
  @Test func manyWrongPlacesAreAllNamed() throws {
    let rules = "*filter\n:INPUT ACCEPT [0:0]\n:chain - [0:0]\n-A INPUT -m comment --comment here -j ACCEPT\nCOMMIT\n"
    let steps = (0..<300).map {
      "local tcp 127.0.0.1:1 > 127.0.0.1:2 => deliver not via filter/chian\($0 % 2 == 0 ? "" : "\($0)")\n"
    }
    let suite = FlowSuite("rules v4 r\ntest \"t\"\n\(steps.joined())end\n", file: "f") { $0 == "r" ? rules : nil }
    #expect(suite.diagnostics.count == 300)
    #expect(suite.diagnostics.first?.help == "did you mean `chain`?")
    #expect(suite.diagnostics.last { $0.message.hasSuffix("`chian`") }?.help == nil)
  }
}
