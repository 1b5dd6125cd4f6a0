// The built command: what `trace` and `test` print and end with where nothing can say how a packet ends, and how wide lines are.

import Foundation
import Testing

@Suite struct TraceReportTests {
  static let rules = "*filter\n:INPUT DROP [0:0]\n-A INPUT -m geoip --src-cc KR -j ACCEPT\nCOMMIT\n"
  static let ssh = "in on eth0 tcp 198.51.100.7:40000 > 203.0.113.1:22 deliver"
  static let open = "`assume geoip --src-cc KR yes`, or `no`, settles it"

  func trace(_ arguments: String...) throws -> CommandTests.Outcome {
    try CommandTests().run(["trace", "--rules", "-"] + arguments, input: Self.rules)
  }

  @Test func unknownIsAWarningWhereNothingIsExpected() throws {
    let plain = try trace(Self.ssh)
    #expect(plain.code == 0)
    #expect(
      plain.errors.hasSuffix(
        "packet 1: warning: unknown at filter/INPUT#1: match `geoip` is not known here; \(Self.open)\n"))
    #expect(
      plain.output.hasSuffix(
        """
        => UNKNOWN: match `geoip` is not known here
           decided by            filter/INPUT#1 -m geoip --src-cc KR -j ACCEPT   stdin:3
           both ways             delivered if it matches, dropped by filter/INPUT policy
                                 if it does not
           settled by            a line of the host's file, or --assume (yes or no):
              assume geoip --src-cc KR yes

        """))
    #expect(try trace("--unknown", "ok", Self.ssh).code == 0)
    #expect(!(try trace("--unknown", "ok", Self.ssh).errors.contains("packet 1")))
    #expect(try trace("--unknown", "fail", Self.ssh).code == 1)
    #expect(try trace("--unknown", "perhaps", Self.ssh).code == 2)
  }

  @Test func unknownIsAFailureWhereAnotherEndIsExpected() throws {
    let failed = try trace("--expect", "deliver", Self.ssh)
    #expect(failed.code == 1)
    #expect(failed.errors.contains("packet 1: expected deliver, got: unknown at filter/INPUT#1: match `geoip`"))
    #expect(try trace("--expect", "deliver", "--unknown", "ok", Self.ssh).code == 0)
    let warned = try trace("--expect", "deliver", "--unknown=warn", Self.ssh)
    #expect(warned.code == 0)
    #expect(warned.errors.contains("packet 1: warning: expected deliver, got: unknown at filter/INPUT#1"))
    #expect(try trace("--expect", "unknown", Self.ssh).code == 0)
  }

  @Test func theLineThatIsShownSettlesIt() throws {
    let yes = try trace("--assume", "assume geoip --src-cc KR yes", "--expect", "deliver", Self.ssh)
    #expect(yes.code == 0)
    #expect(!yes.errors.contains("packet 1"))
    #expect(try trace("--assume", "geoip --src-cc KR no", "--expect", "drop", Self.ssh).code == 0)
    #expect(try trace("--assume", "geoip", Self.ssh).code == 2)
    let misspelt = try trace("--assume", "geoip --src-cc KP yes", Self.ssh)
    #expect(misspelt.errors.contains("warning: no rule has the match `geoip --src-cc KP`"))
  }

  @Test func otherFormatsSayItToo() throws {
    let json = try trace("--format", "json", Self.ssh)
    let document = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let step = try #require((document["steps"] as? [[String: Any]])?.first)
    let undecided = try #require(step["undecided"] as? [String: Any])
    #expect(undecided["ifItMatches"] as? [String] == ["delivered"])
    #expect(undecided["ifItDoesNot"] as? [String] == ["dropped by filter/INPUT policy"])
    #expect(undecided["assume"] as? String == "assume geoip --src-cc KR yes")
    #expect(try trace("--format", "kernel", Self.ssh).errors.contains(Self.open))
  }

  @Test func aTestCanBeToldWhatUnknownCountsAs() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hookwalk-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Self.rules.write(to: folder.appendingPathComponent("r"), atomically: true, encoding: .utf8)
    let file = folder.appendingPathComponent("t.flow")
    try """
    iface eth0 203.0.113.1/24
    rules v4 r
    test "t"
    in on eth0 tcp 203.0.113.7:40000 > 203.0.113.1:22 => deliver
    end

    """.write(to: file, atomically: true, encoding: .utf8)
    #expect(try CommandTests().run("test", file.path).code == 1)
    for policy in ["warn", "ok"] {
      let outcome = try CommandTests().run("test", "--unknown", policy, file.path)
      #expect(outcome.code == 0)
      #expect(outcome.output.contains("0 passed, 0 failed, 0 skipped, 1 unknown"))
    }
    #expect(try CommandTests().run("test", "--unknown", "x", file.path).code == 2)
  }

  @Test func guessesAreSaid() throws {
    let rules = "*nat\n-A PREROUTING -i ppp0 -j ACCEPT\n-A PREROUTING -j DNAT --to-destination 192.168.1.9\nCOMMIT\n"
    let text = try CommandTests().run("trace", "--rules", "-", Self.ssh, input: rules).output
    #expect(text.contains("\nA guess: the rules name interfaces that this host lacks:\n  ppp0 (nat/PREROUTING#1)\n\n"))
    #expect(text.contains("\n            a guess: no host was given, so nobody said where 192.168.1.9 is\n"))
    let json = try CommandTests().run("trace", "--rules", "-", "--format", "json", Self.ssh, input: rules).output
    let document = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect((document["guesses"] as? [String])?.count == 2)
  }

  @Test func theSignsAreExplainedOnce() throws {
    let text = try trace("--explain", "--unknown=ok", Self.ssh, Self.ssh).output
    #expect(
      text.components(separatedBy: "+ matched, or a chain's end   - did not match   * the packet changed").count == 2)
  }

  #if os(Linux)
    /// What the command prints to a terminal of some columns.
    func onTerminal(_ columns: UInt16, _ arguments: [String], environment: [String: String] = [:]) throws -> String {
      let terminal = try PseudoTerminal(columns: columns)
      let process = Process()
      process.executableURL = CommandTests.command
      process.arguments = arguments
      process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
      process.standardOutput = terminal.output
      process.standardError = FileHandle.nullDevice
      process.standardInput = FileHandle.nullDevice
      return try terminal.text(of: process).replacing(/\u{1b}\[[0-9;]*m/, with: "")
    }

    @Test(arguments: [60, 80, 120]) func linesAreAsWideAsTheTerminal(_ columns: UInt16) throws {
      let fixtures = ReadmeTests.root.appendingPathComponent("Fixtures")
      let host = fixtures.appendingPathComponent("home-router/host.flow").path
      let packets = [
        "in on wan tcp 198.51.100.7:5000 > 203.0.113.2:443", "reply", "in on wan udp 10.0.0.1:1 > 192.0.2.1:2",
      ]
      let trace = try onTerminal(columns, ["trace", "--host", host, "--explain"] + packets)
      #expect(trace.contains("=> FORWARDED"))
      let widest = try #require(trace.split(separator: "\n").map(\.count).max())
      #expect(widest <= Int(columns) && widest > Int(columns) - 10)
      let test = try onTerminal(columns, ["test", fixtures.appendingPathComponent("home-router/test.flow").path])
      #expect(test.contains("passed"))
      #expect(test.split(separator: "\n").allSatisfy { $0.count <= Int(columns) })
    }

    @Test func aTerminalThatDoesNotKnowItsWidthIsAskedInTheEnvironment() throws {
      let arguments = [
        "trace", "--host", ReadmeTests.root.appendingPathComponent("Fixtures/home-router/host.flow").path,
      ]
      let packet = "in on wan tcp 198.51.100.7:5000 > 203.0.113.2:443"
      for (value, width) in [("100", 100), ("", 80), ("wide", 80), ("-5", 80), ("99999999999999999999", 80)] {
        let text = try onTerminal(0, arguments + [packet], environment: ["COLUMNS": value])
        let widest = try #require(text.split(separator: "\n").map(\.count).max())
        #expect(widest <= width && widest > width - 10, "\(value)")
      }
      // What is no terminal has 80 columns, whatever the environment says.
      let piped = try CommandTests().run(arguments + [packet], environment: ["COLUMNS": "200"])
      #expect(piped.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
  #endif
}
