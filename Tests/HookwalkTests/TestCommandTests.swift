// `hookwalk test` as a person and as continuous integration call it.

import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct TestCommandTests {
  static let host = """
    iface eth0 192.0.2.1/24
    rules v4 gw.rules

    """
  static let rules = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n"
  static let good = """
    include host.flow
    test "ssh is open" @ssh
    in on eth0 tcp 192.0.2.7:5000 > 192.0.2.1:22 => deliver at filter/INPUT#1
    end
    test "web is closed" @web
    in on eth0 tcp 192.0.2.7:5000 > 192.0.2.1:80 => drop
    end
    test "later" skip "not yet"
    end

    """
  static let bad = """
    include host.flow
    test "web is <open>"
    in on eth0 tcp 192.0.2.7:5000 > 192.0.2.1:80 => deliver
    end

    """

  /// Runs the command in a folder that holds the files.
  private func run(
    _ arguments: String..., files: [String: String] = [:], environment: [String: String] = [:],
    then: (URL) throws -> Void = { _ in }
  ) throws -> CommandTests.Outcome {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hookwalk-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let all = ["host.flow": Self.host, "gw.rules": Self.rules, "good.flow": Self.good, "bad.flow": Self.bad]
    for (name, text) in all.merging(files, uniquingKeysWith: { $1 }) {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    let process = Process()
    process.executableURL = CommandTests.command
    process.arguments = ["test"] + arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = folder.appendingPathComponent("stdout")
    let errors = folder.appendingPathComponent("stderr")
    try Data().write(to: output)
    try Data().write(to: errors)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    try then(folder)
    return CommandTests.Outcome(
      code: process.terminationStatus, output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }

  @Test func passingTestsEndWithZero() throws {
    let outcome = try run("good.flow")
    #expect(outcome.code == 0)
    #expect(
      outcome.output
        == "ok    ssh is open\nok    web is closed\nskip  later: not yet\n\n2 passed, 0 failed, 1 skipped\n")
    #expect(outcome.errors == "")
  }

  @Test func aFailureEndsWithOneAndExplains() throws {
    let outcome = try run("bad.flow")
    #expect(outcome.code == 1)
    #expect(
      outcome.output == """
        FAIL  web is <open>
        bad.flow:3:1: error: test "web is <open>": expected deliver, got drop [flow]
          packet      in on eth0 TCP 192.0.2.7:5000 > 192.0.2.1:80 [S] ttl 64 len 40
          decided by  filter/INPUT policy DROP   gw.rules:2
          nearest     filter/INPUT#1 -p tcp -m tcp --dport 22 -j ACCEPT   gw.rules:3
                      failed only on --dport 22: the packet has 80

        0 passed, 1 failed, 0 skipped

        """)
  }

  @Test func severalFilesAreToldApart() throws {
    let outcome = try run("good.flow", "bad.flow")
    #expect(outcome.code == 1)
    #expect(outcome.output.hasPrefix("good.flow\nok    ssh is open\n"))
    #expect(outcome.output.contains("\nbad.flow\nFAIL  web is <open>\n"))
    #expect(outcome.output.hasSuffix("\n2 passed, 1 failed, 1 skipped\n"))
  }

  @Test func testsAreChosenAndListed() throws {
    #expect(try run("--filter", "web", "good.flow").output == "ok    web is closed\n\n1 passed, 0 failed, 0 skipped\n")
    #expect(try run("--tag", "@ssh", "good.flow").output == "ok    ssh is open\n\n1 passed, 0 failed, 0 skipped\n")
    #expect(
      try run("--list", "good.flow").output
        == "good.flow:2: ssh is open @ssh\ngood.flow:5: web is closed @web\ngood.flow:8: later\n")
    let none = try run("--filter", "nothing", "good.flow")
    #expect(none.code == 2)
    #expect(none.output == "")
  }

  @Test func wrongUsageEndsWithTwo() throws {
    #expect(try run().code == 2)
    #expect(try run("--format", "tap", "good.flow").code == 2)
    #expect(try run("--fitler", "x", "good.flow").errors.contains("did you mean `--filter`?"))
  }

  @Test func wrongFilesEndWithThree() throws {
    let outcome = try run(
      "x.flow", "y.flow",
      files: [
        "x.flow": "include host.flow\ntest \"t\"\nin on eht0 tcp 192.0.2.7:5000 > 192.0.2.1:80 => dorp\nend\n",
        "y.flow": "rules v4 wrong.rules\nbanana\ntest \"t\"\nlocal tcp 1.2.3.4:1 > 1.2.3.4:2 => drop\nend\n",
        "wrong.rules": "*filter\n-A INPUT -p tpc -j ACCEPT\nCOMMIT\n",
      ])
    #expect(outcome.code == 3)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains("x.flow:3:49: error: `dorp` cannot be expected here [bad-verdict]\n"))
    #expect(outcome.errors.contains("help: did you mean `drop`?"))
    #expect(
      outcome.errors.contains("y.flow:2:1: error: `banana` is not a keyword [unknown-keyword]\n  banana\n  ^~~~~~\n"))
    #expect(outcome.errors.contains("wrong.rules:2:"))
    #expect(try run("gone.flow").code == 3)
    #expect(try run("host.flow").code == 3)
  }

  @Test func colourIsObeyed() throws {
    #expect(try run("--color", "always", "good.flow").output.hasPrefix("\u{1b}[32mok\u{1b}[0m "))
    #expect(!(try run("good.flow").output.contains("\u{1b}")))
  }

  @Test func junitIsXMLWithEveryTest() throws {
    let outcome = try run("--format", "junit", "good.flow", "bad.flow")
    #expect(outcome.code == 1)
    let reader = JUnitReader()
    let parser = XMLParser(data: Data(outcome.output.utf8))
    parser.delegate = reader
    #expect(parser.parse())
    #expect(reader.elements["testsuites"]?.first?["tests"] == "4")
    #expect(reader.elements["testsuite"]?.map { $0["name"] } == ["good.flow", "bad.flow"])
    #expect(reader.elements["testsuite"]?.map { $0["failures"] } == ["0", "1"])
    #expect(reader.elements["testsuite"]?.map { $0["skipped"] } == ["1", "0"])
    let cases = try #require(reader.elements["testcase"])
    #expect(cases.map { $0["name"] } == ["ssh is open", "web is closed", "later", "web is <open>"])
    #expect(cases.map { $0["line"] } == ["2", "5", "8", "2"])
    #expect(cases.allSatisfy { Double($0["time"] ?? "") != nil })
    #expect(reader.elements["failure"]?.map { $0["message"] } == ["expected deliver, got drop"])
    #expect(reader.elements["skipped"]?.map { $0["message"] } == ["not yet"])
  }

  @Test func reportsAreWrittenToFiles() throws {
    var document = ""
    let outcome = try run("--format", "junit", "--output", "out.xml", "bad.flow") { folder in
      document = String(decoding: try Data(contentsOf: folder.appendingPathComponent("out.xml")), as: UTF8.self)
    }
    #expect(outcome.code == 1)
    #expect(outcome.output.hasPrefix("FAIL  web is <open>\n"))
    #expect(document.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "))
    #expect(try run("--format", "junit", "--output", "no/such/folder", "good.flow").code == 4)
  }
}

/// Collects the attributes of every element.
private final class JUnitReader: NSObject, XMLParserDelegate {
  var elements: [String: [[String: String]]] = [:]

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements[name, default: []].append(attributes)
  }
}
