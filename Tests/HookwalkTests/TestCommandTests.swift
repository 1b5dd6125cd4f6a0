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
    try run(arguments: arguments, files: files, environment: environment, then: then)
  }

  private func run(
    arguments: [String], files: [String: String] = [:], environment: [String: String] = [:],
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

  @Test func failuresInEveryForm() throws {
    let files = ["gone.flow": "include nowhere.flow\ntest \"x\"\nend\n"]
    func output(_ format: String) throws -> String {
      let outcome = try run("--format", format, "good.flow", "bad.flow", "gone.flow", files: files)
      #expect(outcome.code == 3)
      return outcome.output
    }
    #expect(try output("gcc").contains("bad.flow:3:1: error: test \"web is <open>\": "))
    #expect(try output("gcc").contains("gone.flow:1:1: error: the tests did not run: "))
    #expect(try output("github").contains("::error file=bad.flow,line=3,"))
    let document = try #require(
      JSONSerialization.jsonObject(with: Data(try output("json").utf8)) as? [String: Any])
    let totals = try #require(document["totals"] as? [String: Int])
    #expect(totals["passed"] == 2 && totals["failed"] == 1 && totals["skipped"] == 1 && totals["unreadable"] == 1)
    let lines = try output("jsonl").split(separator: "\n")
    #expect(lines.count == 5)
    #expect(lines.count { $0.contains("\"result\":\"failed\"") && $0.contains("web is <open>") } == 1)
    #expect(lines.count { $0.contains("\"problem\":") } == 1)
    let tap = try output("tap").split(separator: "\n").filter { !$0.hasPrefix("  ") }
    #expect(tap.prefix(2) == ["TAP version 13", "1..5"])
    #expect(tap.contains("ok 1 - good.flow: ssh is open") && tap.contains("ok 3 - good.flow: later # SKIP not yet"))
    #expect(tap.contains("not ok 4 - bad.flow: web is <open>"))
    #expect(tap.contains("not ok 5 - gone.flow: its tests did not run"))
    #expect(try output("tap14").hasPrefix("TAP version 14\n"))
    for format in ["sarif", "gitlab"] {
      let text = try output(format)
      #expect(text.contains("bad.flow") && !text.contains("good.flow"))
      _ = try JSONSerialization.jsonObject(with: Data(text.utf8))
    }
    #expect(try output("checkstyle").contains("message=\"1456 test &quot;web is &lt;open&gt;&quot;"))
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
    #expect(try run("--format", "tap15", "good.flow").code == 2)
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
    #expect(
      outcome.output == """
        x.flow
        ERROR x.flow: its tests did not run, as it has errors

        y.flow
        ERROR y.flow: its tests did not run, as it has errors

        0 passed, 0 failed, 0 skipped, 2 files unreadable

        """)
    #expect(outcome.errors.contains("x.flow:3:49: error: `dorp` cannot be expected here [bad-verdict]\n"))
    #expect(outcome.errors.contains("help: did you mean `drop`?"))
    #expect(
      outcome.errors.contains("y.flow:2:1: error: `banana` is not a keyword [unknown-keyword]\n  banana\n  ^~~~~~\n"))
    #expect(outcome.errors.contains("wrong.rules:2:"))
    #expect(try run("gone.flow").code == 3)
    let host = try run("host.flow")
    #expect(host.code == 3)
    #expect(host.output.hasPrefix("ERROR host.flow: its tests did not run, as it has none\n"))
    #expect(host.errors.contains("host.flow:1:1: error: there is no test in this file [no-tests]"))
  }

  static let wrong = "include host.flow\ntest \"t\"\nbanana\nend\n"

  @Test func theOthersRunBesideAWrongFile() throws {
    let outcome = try run("good.flow", "gone.flow", "wrong.flow", "bad.flow", files: ["wrong.flow": Self.wrong])
    #expect(outcome.code == 3)
    #expect(
      outcome.output.hasPrefix(
        """
        good.flow
        ok    ssh is open
        ok    web is closed
        skip  later: not yet

        gone.flow
        ERROR gone.flow: its tests did not run, as it cannot be read

        wrong.flow
        ERROR wrong.flow: its tests did not run, as it has errors

        bad.flow
        FAIL  web is <open>

        """))
    #expect(outcome.output.hasSuffix("\n2 passed, 1 failed, 1 skipped, 2 files unreadable\n"))
    #expect(outcome.errors.contains("hookwalk: cannot read `gone.flow`: No such file or directory\n"))
    #expect(outcome.errors.contains("wrong.flow:3:1: error: `banana` is not a keyword"))
    #expect(try run("--list", "good.flow", "gone.flow").code == 3)
    #expect(try run("--list", "good.flow", "gone.flow").output.split(separator: "\n").count == 3)
    #expect(try run("--filter", "nothing", "gone.flow", "good.flow").code == 3)
  }

  @Test func aWrongFileIsAnErrorInJUnit() throws {
    let outcome = try run(
      "--format", "junit", "good.flow", "gone.flow", "wrong.flow", files: ["wrong.flow": Self.wrong])
    #expect(outcome.code == 3)
    let reader = JUnitReader()
    let parser = XMLParser(data: Data(outcome.output.utf8))
    parser.delegate = reader
    #expect(parser.parse())
    #expect(reader.elements["testsuites"]?.map { [$0["tests"], $0["errors"]] } == [["5", "2"]])
    #expect(reader.elements["testsuite"]?.map { $0["errors"] } == ["0", "1", "1"])
    #expect(reader.elements["error"]?.map { $0["type"] } == ["input", "input"])
    #expect(outcome.output.contains("cannot read `gone.flow`: No such file or directory"))
    #expect(outcome.output.contains("wrong.flow:3:1: error: `banana` is not a keyword"))
  }

  @Test func aHostAmongTheFilesIsSkippedWithANote() throws {
    let outcome = try run("bad.flow", "good.flow", "host.flow", "lone.flow", files: ["lone.flow": "host lone\n"])
    #expect(outcome.code == 1)
    #expect(!outcome.output.contains("host.flow"))
    #expect(
      outcome.errors == """
        hookwalk: note: `host.flow` has no tests and is skipped; 2 files include it
        hookwalk: note: `lone.flow` has no tests and is skipped; no file here includes it

        """)
    #expect(try run("--filter", "nothing", "good.flow", "host.flow").code == 2)
  }

  /// What several files say about one that they include is said once.
  @Test func aWarningIsSaidOnce() throws {
    let outcome = try run(
      "good.flow", "bad.flow", "host.flow", files: ["host.flow": Self.host + "listen tcp 80\n"])
    #expect(outcome.errors.components(separatedBy: "listening sockets are not simulated").count == 2)
  }

  @Test func aFolderHasItsFilesInOrder() throws {
    let test = "test \"t\"\nin on eth0 tcp 192.0.2.7:5000 > 192.0.2.1:80 => drop\nend\n"
    func run(_ folder: String, _ change: (URL) throws -> Void = { _ in }) throws -> CommandTests.Outcome {
      let place = FileManager.default.temporaryDirectory.appendingPathComponent("hookwalk-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: place) }
      for (path, text) in [
        "host.flow": Self.host, "gw.rules": Self.rules, "b.flow": "include host.flow\n" + test,
        "B.flow": "include host.flow\n" + test, "a/y.flow": "include ../host.flow\n" + test,
        "a/deep/x.flow": "include ../../host.flow\n" + test, ".hidden/z.flow": "banana", "a/notes.txt": "banana",
        "empty/readme": "",
      ] {
        let file = place.appendingPathComponent(path)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
      }
      try FileManager.default.createSymbolicLink(
        atPath: place.appendingPathComponent("a/loop").path, withDestinationPath: "..")
      try FileManager.default.createSymbolicLink(
        atPath: place.appendingPathComponent("self.flow").path, withDestinationPath: "self.flow")
      try change(place)
      return try self.run("--list", place.appendingPathComponent(folder).path + "/")
    }
    let outcome = try run(".")
    #expect(outcome.code == 0)
    let files = outcome.output.split(separator: "\n").compactMap { line in
      line.range(of: "/./").map { String(line[$0.upperBound...]) }
    }
    #expect(files == ["B.flow:2: t", "a/deep/x.flow:2: t", "a/y.flow:2: t", "b.flow:2: t"])
    #expect(outcome.errors.contains("host.flow` has no tests and is skipped; 4 files include it"))
    let empty = try run("empty")
    #expect(empty.code == 3)
    #expect(empty.errors.contains("there is no `.flow` file in the folder"))
    let deep = try run("down") { place in
      let path = "down/" + (0..<40).map { "\($0)" }.joined(separator: "/")
      try FileManager.default.createDirectory(
        at: place.appendingPathComponent(path), withIntermediateDirectories: true)
    }
    #expect(deep.code == 3)
    #expect(deep.errors.contains("lies deeper than 32 folders"))
  }

  @Test func aFilterIgnoresCase() throws {
    #expect(try run("--filter", "SSH Is", "good.flow").output == "ok    ssh is open\n\n1 passed, 0 failed, 0 skipped\n")
    let files = ["caps.flow": Self.good.replacingOccurrences(of: "ssh is open", with: "SSH Ünd MORE")]
    #expect(try run("--filter", "ssh ü", "caps.flow", files: files).output.hasPrefix("ok    SSH Ünd MORE\n"))
  }

  @Test func aTodoThatPassesIsSeen() throws {
    let files = [
      "todo.flow": Self.good.replacingOccurrences(of: "@web", with: "todo \"soon\""),
      "still.flow": Self.bad.replacingOccurrences(of: "<open>\"", with: "open\" todo \"soon\""),
    ]
    let text = try run("todo.flow", "still.flow", files: files)
    #expect(text.code == 0)
    #expect(text.output.contains("todo  web is closed: soon (it passes now)\n"))
    #expect(text.output.contains("todo  web is open: soon\n"))
    #expect(text.output.hasSuffix("\n1 passed, 0 failed, 1 skipped, 2 todo (1 passes now)\n"))
    let junit = try run("--format", "junit", "todo.flow", "still.flow", files: files)
    #expect(junit.output.contains("<skipped message=\"todo: soon (it passes now)\"/>"))
    #expect(junit.output.contains("<skipped message=\"todo: soon\"/>"))
    let plain = try run("--output", "out.txt", "todo.flow", files: files) { folder in
      let report = try String(contentsOf: folder.appendingPathComponent("out.txt"), encoding: .utf8)
      #expect(report.contains("(it passes now)"))
      #expect(report.hasSuffix(", 1 todo (1 passes now)\n"))
    }
    #expect(plain.code == 0)
  }

  /// The same bytes on one processor and on several: many tests in one file, and many files.
  @Test func theOrderDoesNotDependOnTheJobs() throws {
    var files = ["many.flow": "include host.flow\n"]
    for number in 0..<150 {
      let verdict = number % 7 == 3 ? "deliver" : "drop"
      let test = "test \"test \(number)\"\nin on eth0 tcp 192.0.2.7:5000 > 192.0.2.1:80 => \(verdict)\nend\n"
      files["many.flow"]? += test
      files["f\(100 + number).flow"] = "include host.flow\n" + (number % 11 == 5 ? "banana\n" : "") + test
    }
    let names = files.keys.sorted()
    var seen: [CommandTests.Outcome] = []
    for jobs in ["1", "3", "64"] {
      let many = try run(arguments: ["--jobs", jobs, "many.flow"], files: files)
      #expect(many.code == 1)
      #expect(many.output.hasSuffix("\n129 passed, 21 failed, 0 skipped\n"))
      let all = try run(arguments: ["-j", jobs] + names, files: files)
      #expect(all.code == 3)
      let tree = try run(arguments: ["-j", jobs, "--format", "junit", "."], files: files)
      seen.append(
        CommandTests.Outcome(
          code: tree.code, output: many.output + all.output + tree.output.replacing(/time="[0-9.]+"/, with: ""),
          errors: all.errors + tree.errors))
    }
    #expect(seen.allSatisfy { $0.output == seen[0].output && $0.errors == seen[0].errors })
    for wrong in ["0", "-1", "257", "x", ""] { #expect(try run("--jobs=\(wrong)", "good.flow").code == 2) }
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
