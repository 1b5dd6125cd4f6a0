// What the README shows of the library, compiled and run: the two parts between the marks stand there word for word.

// README: a host
import FlowTesting
import NetfilterModel
import Simulator

func readme() throws {
  var gw = LinuxHost(name: "gw")
  try gw.addAddress("203.0.113.1/24", to: "eth0")
  let rules = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n"
  try gw.load(Ruleset(parsing: rules, file: "rules.v4"))

  let ssh = try gw.walk("in on eth0 tcp 203.0.113.7:5000 > 203.0.113.1:22")
  print(ssh.verdict == .deliver, ssh.ruleHits.count, ssh.emitted.count)  // true 1 0
  let web = try gw.walk("in on eth0 tcp 203.0.113.7:5000 > 203.0.113.1:80")
  print(web.verdict)  // drop by filter/INPUT policy DROP (rules.v4:2)
}
// README: end

// README: tests
import Foundation
import Testing

private func read(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

@Suite struct HomeRouterTests {
  static let file = "Fixtures/home-router/test.flow"

  @Test(arguments: try FlowSuite(path: file, read: read).cases())
  func flows(_ test: FlowCase) {
    #expect(test.firstFailure == nil)
  }

  @Test func theWebServerAnswers() throws {
    var host = try #require(try FlowSuite(path: Self.file, read: read).host)
    let first = try host.walk("in on wan tcp 198.51.100.7:5000 > 203.0.113.2:443")
    #expect(first.verdict == .forward("lan"))
    let answer = try host.walk("reply")
    #expect(answer.verdict == .forward("wan"))
  }
}
// README: end

@Suite struct ReadmeLibraryTests {
  /// The parts of this file between the marks.
  private func parts() throws -> [String] {
    try String(contentsOfFile: #filePath, encoding: .utf8).components(separatedBy: "\n// README: end\n").dropLast()
      .compactMap { $0.components(separatedBy: "\n// README: ").last }
      .map { $0.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).last.map(String.init) ?? "" }
  }

  @Test func theReadmeShowsWhatIsCompiledHere() throws {
    let text = try String(
      contentsOf: fixtures.deletingLastPathComponent().appendingPathComponent("README.md"), encoding: .utf8)
    let shown = text.components(separatedBy: "```swift\n").dropFirst().compactMap {
      $0.components(separatedBy: "\n```\n").first
    }
    #expect(shown == (try parts()))
  }

  @Test func itPrintsWhatItSays() throws {
    try readme()
    var host = LinuxHost(name: "gw")
    try host.addAddress("203.0.113.1/24", to: "eth0")
    let rules = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n"
    try host.load(Ruleset(parsing: rules, file: "rules.v4"))
    let ssh = try host.walk("in on eth0 tcp 203.0.113.7:5000 > 203.0.113.1:22")
    #expect("\(ssh.verdict == .deliver) \(ssh.ruleHits.count) \(ssh.emitted.count)" == "true 1 0")
    let web = try host.walk("in on eth0 tcp 203.0.113.7:5000 > 203.0.113.1:80")
    #expect("\(web.verdict)" == "drop by filter/INPUT policy DROP (rules.v4:2)")
  }

  /// What a failed expectation prints of the two sides names the rule that decided.
  @Test func aFailedExpectationNamesTheRule() throws {
    var host = LinuxHost(name: "gw")
    try host.load(Ruleset(parsing: "*filter\n-A INPUT -p tcp -j DROP\nCOMMIT\n", file: "r"))
    let verdict = try host.walk("local tcp 127.0.0.1:1 > 127.0.0.1:2").verdict
    #expect(String(describingForTest: verdict) == "drop by filter/INPUT#1 -p tcp -j DROP (r:2)")
    withKnownIssue {
      #expect(verdict == .deliver)
    } matching: { issue in
      "\(issue)".contains("drop by filter/INPUT#1 -p tcp -j DROP (r:2)")
    }
    let walk = try host.walk("again")
    withKnownIssue {
      #expect(walk.verdict == .deliver)
    } matching: { issue in
      "\(issue)".contains("drop by filter/INPUT#1 -p tcp -j DROP (r:2)")
    }
  }
}
