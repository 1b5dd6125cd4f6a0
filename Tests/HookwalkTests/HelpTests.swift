// Help and complaints fit 80 columns, and narrower terminals.

import Foundation
import Testing

#if os(Linux)
  import Glibc
#endif

@Suite struct HelpTests {
  static let calls =
    [
      "trace", "test", "lint", "replay", "save", "list", "script", "commands", "collect", "map", "learn", "help",
    ].flatMap { ["\($0) --help", "help \($0)"] } + ["help"]

  @Test(arguments: calls) func everyHelpFitsEightyColumns(_ call: String) throws {
    let run = try ShellRun("hookwalk \(call)")
    #expect(run.code == 0)
    for line in run.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(!run.output.contains("\t"))
  }

  @Test func theOverviewNamesEveryCommandAndExitCode() throws {
    let overview = try ShellRun("hookwalk").errors
    #expect(try ShellRun("hookwalk").code == 2)
    #expect(try ShellRun("hookwalk help").output == overview)
    for name in [
      "trace", "test", "lint", "replay", "save", "list", "script", "commands", "collect", "map", "learn", "help",
    ] {
      #expect(overview.contains("\n  \(name) "))
    }
    for code in 0...4 { #expect(overview.contains("\n  \(code)  ")) }
    #expect(overview.contains("256 MiB"))
  }

  #if os(Linux)
    /// What a script says on a terminal of some columns, without colours.
    private func onTerminal(_ columns: UInt16, _ script: String) throws -> String {
      let terminal = try PseudoTerminal(columns: columns)
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hookwalk-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let wrong = "*filter\n-A INPUT -p tcp --dprot 22 -m conntrack --ctstate BANANA -j ACCEPT\nCOMMIT\n"
      for (name, text) in ["gw.rules": ShellRun.rules, "t.flow": ShellRun.flow, "wrong.rules": wrong] {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
      }
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", script]
      process.currentDirectoryURL = folder
      process.environment = CommandTests.clean([
        "TERM": "xterm", "NO_COLOR": "1", "ssh": ShellRun.ssh,
        "PATH": CommandTests.command.deletingLastPathComponent().path + ":/usr/bin:/bin",
      ])
      process.standardError = terminal.output
      process.standardOutput = FileHandle.nullDevice
      process.standardInput = FileHandle.nullDevice
      return try terminal.text(of: process)
    }

    /// What the command says itself, without the names that a person gave.
    @Test(arguments: [
      "trace --rules gw.rules 'in on eth0 tcp 192.0.2.1:5 > 192.0.2.2:6'", "trace --rules gw.rules",
      "trace reply", "trace --rules - --rules - \"$ssh\" <gw.rules", "trace --rules gw.rules in on",
      "list gw.rules 1 2 3 4",
      "test --filter nothing t.flow", "map x", "replay", "save", "test", "save --wrong", "trace --color=sometimes",
      "save gw.rules --output gw.rules", "trace \"$ssh\"", "trace gw.rules", "gw.rules", "trcae",
      "list gw.rules -t nta",
      "trace --host t.flow \"$ssh\"",
    ])
    func complaintsFitEightyColumns(_ call: String) throws {
      let text = try onTerminal(80, "hookwalk \(call)")
      #expect(!text.isEmpty)
      for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }

    @Test(arguments: [50, 80, 120] as [UInt16]) func complaintsFitTheTerminal(_ columns: UInt16) throws {
      let calls = [
        "save wrong.rules", "trace 'in on eth0 tcp 192.0.2.1:5 > 192.0.2.2:6 => banana'",
        "trace 'in on eth0 tcp 192.0.2.1:5 > 192.0.2.2:6'",
      ]
      for call in calls {
        let text = try onTerminal(columns, "hookwalk \(call)")
        #expect(!text.isEmpty)
        for line in text.split(separator: "\n") { #expect(line.count <= Int(columns), "\(line)") }
      }
      let wide = try onTerminal(200, "hookwalk \(calls[1])")
      #expect(
        wide.contains("  help: the verdicts are deliver, drop, reject [with NAME], queue, forward [out IF], send"))
    }
  #endif
}
