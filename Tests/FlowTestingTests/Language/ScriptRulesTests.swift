// Scripts of iptables commands where the flow language names rules: their arguments, and what they do to the host.

import FlowTesting
import NetfilterModel
import RuleScripts
import Simulator
import Testing

@Suite struct ScriptRulesTests {
  static let files = [
    "t/fw.sh": """
    #!/bin/sh
    [ "$1" = start ] || exit 0
    . ./ports
    ip addr add 10.9.0.1/24 dev eth1
    ip route add 10.8.0.0/16 via 10.9.0.2
    sysctl -w net.ipv4.ip_forward=1
    sysctl -w net.core.rmem_max=1
    ip route add 10.7.0.0/16 via 10.66.0.1
    for p in $PORTS; do iptables -A INPUT -p tcp --dport $p -j ACCEPT; done
    iptables -A INPUT -m comment --comment "$2" -j DROP
    """,
    "t/gw.rules": "*filter\n:INPUT DROP [0:0]\nCOMMIT\n",
  ]

  private func describe(_ line: String, applies: Bool = false) -> DescribedHost {
    var options = ScriptOptions()
    options.read = { name, script in
      name == "./ports" && script == "t/fw.sh" ? Array("PORTS='22 80'\n".utf8) : nil
    }
    return HostText.describe(
      "iface eth0 192.0.2.1/24\n\(line)\n", file: "t/h.flow", scripts: options, appliesScripts: applies
    ) { Self.files[$0] ?? Self.files["t/" + $0] }
  }

  private func rules(_ described: DescribedHost) -> [String] {
    guard let ruleset = described.host?.ruleset(.ipv4) else { return [] }
    return SavePrinter().print(ruleset).split(separator: "\n").filter { $0.hasPrefix("-A") }.map(String.init)
  }

  @Test func argumentsFollowTheFile() {
    #expect(rules(describe("rules v4 fw.sh")).isEmpty)
    let started = describe("rules v4 fw.sh start \"two words\"")
    #expect(
      rules(started) == [
        "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT", "-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT",
        "-A INPUT -m comment --comment \"two words\" -j DROP",
      ])
    #expect(started.host?.interface("eth1") == nil)
  }

  @Test func onlyAScriptTakesArguments() {
    let described = describe("rules v4 gw.rules start")
    #expect(described.host == nil)
    #expect(described.diagnostics.map { $0.id } == [.unexpectedWord])
    #expect(described.diagnostics.first?.message.hasPrefix("`start`") == true)
  }

  @Test func whatAScriptDoesToTheHost() throws {
    let described = describe("rules v4 fw.sh start x\nrules v6 fw.sh start x", applies: true)
    let host = try #require(described.host)
    #expect(host.interface("eth1")?.addresses.count == 1)
    // A route that cannot be is a warning: once, and with its line.
    let told = described.diagnostics.filter { $0.id == .changeNotApplied }
    #expect(told.map { $0.range.line } == [8])
    #expect(told.map { $0.severity } == [.warning])
    #expect(told.allSatisfy { $0.range.file == "fw.sh" })
    var walked = host
    let walk = try walked.walk("in on eth0 tcp 192.0.2.7:5 > 10.8.0.9:80 [S] => forward out eth1")
    #expect(walk.firstFailure == nil)
  }

  @Test func aStepLoadsAScriptWithArguments() throws {
    let text = """
      iface eth0 192.0.2.1/24
      rules v4 gw.rules
      test "loaded later"
      in on eth0 tcp 192.0.2.7:5 > 192.0.2.1:22 => drop
      load rules v4 fw.sh start x
      in on eth0 tcp 192.0.2.7:6 > 192.0.2.1:22 => deliver
      end

      """
    var options = ScriptOptions()
    options.read = { _, _ in Array("PORTS=22\n".utf8) }
    let given = options
    let suite = FlowSuite(text, file: "t/a.flow", readRules: { LoadableRules($0, $1, scripts: given) }) {
      Self.files[$0]
    }
    #expect(suite.diagnostics.filter { $0.severity == .error } == [])
    let test = try #require(suite.tests.first)
    if case .failed(let failure) = suite.run(test) { Issue.record("\(failure)") }
  }

  @Test func testsRunOnAHostAboveThem() throws {
    let base = FlowParser.parse("iface eth0 192.0.2.1/24\nrules v4 gw.rules\n", file: "t/host.flow") { Self.files[$0] }
    let text = "test \"t\"\nin on eth0 tcp 192.0.2.7:5 > 192.0.2.1:22 => drop\nend\n"
    let suite = FlowSuite(text, file: "u/a.flow", on: base) { Self.files[$0] }
    let test = try #require(suite.tests.first)
    #expect(suite.isRunnable)
    if case .failed(let failure) = suite.run(test) { Issue.record("\(failure)") }
  }
}
