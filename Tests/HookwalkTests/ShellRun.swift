// Scripts that use the built command, in folders of their own: what a shell can do with streams, files and signals.

import Foundation
import Testing

/// What a script of `sh` came to.
struct ShellRun {
  var code: Int32
  var output: String
  var errors: String

  static let rules = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n"
  static let flow = """
    iface eth0 203.0.113.1/24
    rules v4 gw.rules
    test "telnet is closed"
    in on eth0 tcp 203.0.113.7:40000 > 203.0.113.1:23 => drop
    end

    """
  static let scenario = """
    {"interfaces": [{"name": "eth0", "addrs": ["192.0.2.1/24"]}], "rules": "*filter\\nCOMMIT\\n", "packets": []}

    """
  /// A packet to a port that the rules let in, and one that they do not.
  static let ssh = "in on eth0 tcp 198.51.100.7:40000 > 203.0.113.1:22 deliver"
  static let web = "in on eth0 tcp 198.51.100.7:40000 > 203.0.113.1:80 deliver"

  /// Runs a script in a new folder that has `gw.rules`, `t.flow` and `s.json`, with the command in its path; `$ssh` and `$web` are packets.
  init(_ script: String, files: [String: String] = [:]) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hookwalk-\(UUID().uuidString)")
    let place = folder.appendingPathComponent("here")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let all = ["gw.rules": Self.rules, "t.flow": Self.flow, "s.json": Self.scenario]
    for (name, text) in all.merging(files, uniquingKeysWith: { $1 }) {
      try Data(text.utf8).write(to: place.appendingPathComponent(name))
    }
    let process = Process()
    // A script that waits for ever, for a pipe that nobody opens, is a failure and no standstill.
    let timeout = "/usr/bin/timeout"
    let hasTimeout = FileManager.default.isExecutableFile(atPath: timeout)
    process.executableURL = URL(fileURLWithPath: hasTimeout ? timeout : "/bin/sh")
    process.arguments = (hasTimeout ? ["300", "/bin/sh"] : []) + ["-c", script]
    process.currentDirectoryURL = place
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    process.environment = CommandTests.clean([
      "PATH": CommandTests.command.deletingLastPathComponent().path + ":" + path, "ssh": Self.ssh, "web": Self.web,
    ])
    let streams = try ["out", "err"].map { name in
      let file = folder.appendingPathComponent(name)
      try Data().write(to: file)
      return file
    }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: streams[0])
    process.standardError = try FileHandle(forWritingTo: streams[1])
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    code = process.terminationStatus
    output = String(decoding: try Data(contentsOf: streams[0]), as: UTF8.self)
    errors = String(decoding: try Data(contentsOf: streams[1]), as: UTF8.self)
  }
}
