// The built command: exit codes, and what goes to which stream.

import Foundation
import Testing

@Suite struct CommandTests {
  struct Outcome {
    var code: Int32
    var output: String
    var errors: String
  }

  /// The products stand beside the test bundle.
  static var command: URL {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    while !FileManager.default.isExecutableFile(atPath: folder.appendingPathComponent("hookwalk").path),
      folder.path != "/"
    {
      folder.deleteLastPathComponent()
    }
    return folder.appendingPathComponent("hookwalk")
  }

  /// An environment of these variables alone, and the number of a planted defect (Tests/Mutation).
  static func clean(_ variables: [String: String]) -> [String: String] {
    variables.merging(ProcessInfo.processInfo.environment.filter { $0.key == "HOOKWALK_DEFECT" }) { $1 }
  }

  func run(_ arguments: String..., input: String = "", environment: [String: String] = [:]) throws -> Outcome {
    try run(arguments, input: input, environment: environment)
  }

  func run(_ arguments: [String], input: String = "", environment: [String: String] = [:]) throws -> Outcome {
    let process = Process()
    process.executableURL = Self.command
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let files = try ["in", "out", "err"].map { name in
      let url = FileManager.default.temporaryDirectory.appendingPathComponent("hookwalk-\(UUID().uuidString).\(name)")
      try Data((name == "in" ? input : "").utf8).write(to: url)
      return url
    }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    return Outcome(
      code: process.terminationStatus, output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
  }

  static let rules = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport ssh -j ACCEPT\nCOMMIT\n"
  static let ssh = "in on eth0 tcp 198.51.100.7:40000 > 203.0.113.1:22 deliver"
  static let web = "in on eth0 tcp 198.51.100.7:40000 > 203.0.113.1:80 deliver"

  @Test func aTraceIsPrinted() throws {
    let outcome = try run("trace", "--rules", "-", Self.ssh, input: Self.rules)
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("filter/INPUT#1"))
    #expect(outcome.output.contains("=> DELIVERED to this host"))
    #expect(!outcome.output.contains("\u{1b}"))
    #expect(outcome.errors == "")
  }

  @Test func expectationsDecideTheExitCode() throws {
    #expect(try run("trace", "--rules", "-", "--expect", "deliver", Self.ssh, input: Self.rules).code == 0)
    let failed = try run("trace", "--rules", "-", "--expect", "deliver", Self.web, input: Self.rules)
    #expect(failed.code == 1)
    #expect(failed.errors == "packet 1: expected deliver, got: dropped by filter/INPUT policy\n")
    #expect(try run("trace", "--rules", "-", "\(Self.web) => drop", Self.ssh, input: Self.rules).code == 0)
    #expect(try run("trace", "--rules", "-", "\(Self.ssh) => drop", Self.web, input: Self.rules).code == 1)
    #expect(try run("trace", "--rules", "-", "\(Self.ssh) => banana", input: Self.rules).code == 2)
  }

  @Test func colourIsObeyed() throws {
    #expect(try run("trace", "--rules", "-", "--color=always", Self.ssh, input: Self.rules).output.contains("\u{1b}["))
    #expect(try run("trace", "--rules", "-", "--color=sometimes", Self.ssh, input: Self.rules).code == 2)
  }

  @Test func wrongUsageNamesTheNearest() throws {
    let option = try run("trace", "--rulez", "x")
    #expect(option.code == 2)
    #expect(option.errors.contains("`--rulez`; did you mean `--rules`?"))
    let command = try run("trcae")
    #expect(command.code == 2)
    #expect(command.errors.contains("did you mean `trace`?"))
    #expect(try run().code == 2)
    #expect(try run("trace", "--rules").code == 2)
    #expect(try run("trace", "--rules", "-", input: Self.rules).code == 2)
    #expect(try run("trace", "--rules", "-", "in on eth0 tcp nonsense", input: Self.rules).code == 2)
  }

  @Test func unreadableInputEndsWithThree() throws {
    #expect(try run("save", "/nonexistent/rules").code == 3)
    #expect(try run("save", "/").code == 3)
    let broken = try run("save", "-", input: "*filter\n-A INPUT -p tpc -j ACCEPT\nCOMMIT\n")
    #expect(broken.code == 3)
    #expect(broken.output == "")
    #expect(broken.errors.hasPrefix("stdin:2:"))
    #expect(try run("replay", "-", input: "{").code == 3)
    #expect(try run("replay", "-", input: "{\"packets\": [{\"in\": 4}]}").errors.contains("packets[0].in"))
    #expect(try run("list", "-", "NOCHAIN", input: Self.rules).code == 3)
  }

  @Test func rulesAreSavedAndListed() throws {
    let saved = try run("save", "-", input: Self.rules)
    #expect(
      saved.output
        == "*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n"
    )
    #expect(try run("list", "-", "INPUT", "-nL", "--line-numbers", input: Self.rules).output.contains("tcp dpt:22"))
    #expect(
      try run("list", "-", "-S", "INPUT", input: Self.rules).output
        == "-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n")
  }

  @Test func jsonIsOneDocument() throws {
    let outcome = try run("trace", "--rules", "-", "--format", "json", Self.ssh, Self.web, input: Self.rules)
    let document = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let steps = try #require(document["steps"] as? [[String: Any]])
    #expect(steps.map { ($0["disposition"] as? [String: Any])?["type"] as? String } == ["delivered", "dropped"])
  }

  @Test func stateCarriesOver() throws {
    let rules = "*filter\n:INPUT DROP [0:0]\n-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\nCOMMIT\n"
    let first = "local udp 203.0.113.1:4000 > 198.51.100.7:53 out eth0"
    #expect(try run("trace", "--rules", "-", "--expect", "deliver", first, "reply", input: rules).code == 0)
    #expect(try run("trace", "--rules", "-", "--expect", "drop", first, "wait 1h", "reply", input: rules).code == 0)
  }

  @Test func helpFitsTheTerminal() throws {
    for name in ["trace", "test", "replay", "save", "list", "map", "help"] {
      let help = try run(name, "--help")
      #expect(help.code == 0)
      #expect(help.output.contains("Example"))
      #expect(help.output.hasPrefix("hookwalk \(name)"))
    }
    #expect(try run("map").output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(try run("--version").output.hasPrefix("hookwalk "))
  }

  /// The example at the end of each help, run by a shell as it stands there.
  @Test(arguments: ["trace", "test", "replay", "save", "list", "map", "help"])
  func examplesWork(name: String) throws {
    let help = try run(name, "--help").output
    let start = try #require(help.range(of: "Example\n")).upperBound
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", String(help[start...])]
    process.environment = Self.clean(["PATH": Self.command.deletingLastPathComponent().path + ":/usr/bin:/bin"])
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(!data.isEmpty)
  }

  @Test func savesAndListsWithTheCountersOfRestore() throws {
    let rules = "*filter\n:INPUT DROP [5:6]\n[7:8] -A INPUT -p tcp\nCOMMIT\n"
    #expect(try run("save", "-", input: rules).output.contains(":INPUT DROP [0:0]\n"))
    let kept = try run("save", "-c", "-", input: rules).output
    #expect(kept.contains(":INPUT DROP [5:6]\n"))
    #expect(kept.contains("[7:8] -A INPUT -p tcp\n"))
    #expect(try run("list", "-", "-v", input: rules).output.contains("Chain INPUT (policy DROP 0 packets, 0 bytes)"))
    let listed = try run("list", "-", "-v", "-c", input: rules).output
    #expect(listed.contains("Chain INPUT (policy DROP 5 packets, 6 bytes)"))
    let missing = try run("save", "-c", "-", input: "*filter\n:INPUT DROP\nCOMMIT\n")
    #expect(missing.code == 3)
    #expect(try run("save", "-", input: "*filter\n:INPUT DROP\nCOMMIT\n").code == 0)
  }

  @Test func theNumberOfRulesOfAWalkCanBeSet() throws {
    let rules = "*filter\n:a - [0:0]\n-A INPUT -j a\n-A INPUT -j a\n-A a -p udp\nCOMMIT\n"
    let walk = ["trace", "--rules", "-", "--expect", "deliver"]
    #expect(try run(walk[0], walk[1], walk[2], walk[3], walk[4], Self.ssh, input: rules).code == 0)
    let short = try run("trace", "--rules", "-", "--max-rules", "6", Self.ssh, input: rules)
    #expect(short.output.contains("the walk is too long: more than 6 rules, the last in chain"))
    #expect(try run("trace", "--rules", "-", "--max-rules", "0", Self.ssh, input: rules).code == 2)
    #expect(try run("trace", "--rules", "-", "--max-rules", "many", Self.ssh, input: rules).code == 2)
    let scenario = """
      {"interfaces": [{"name": "eth0", "addrs": ["192.0.2.1/24"]}],
       "rules": "*filter\\n-A INPUT -p udp\\n-A INPUT -j DROP\\nCOMMIT\\n",
       "packets": [{"in": "eth0", "hex": "4500001c000000004001f6ddc0000202c00002010800f7fd00010001"}]}
      """
    #expect(try run("replay", "-", input: scenario).output.contains("drop"))
    #expect(!(try run("replay", "--max-rules", "1", "-", input: scenario).output.contains("drop")))
    let suite = """
      iface eth0 192.0.2.1/24
      test "it is delivered"
      in on eth0 tcp 192.0.2.7:5000 > 192.0.2.1:22 => deliver
      end

      """
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hookwalk-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try rules.write(to: folder.appendingPathComponent("r"), atomically: true, encoding: .utf8)
    let file = folder.appendingPathComponent("t.flow")
    try ("rules v4 r\n" + suite).write(to: file, atomically: true, encoding: .utf8)
    #expect(try run("test", file.path).code == 0)
    #expect(try run("test", "--max-rules", "6", file.path).code == 1)
  }
}
