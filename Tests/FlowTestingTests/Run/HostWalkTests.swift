// A host that takes packets as text: the conversation, what is compared, and what is said when something is wrong.

@testable import FlowTesting
import NetfilterModel
import Simulator
import Testing

@Suite struct HostWalkTests {
  private func gateway() throws -> LinuxHost {
    let suite = FlowSuiteTests().suite("test \"t\"\nlocal tcp 127.0.0.1:1 > 127.0.0.1:2 => drop\nend\n")
    return try #require(suite.host)
  }

  @Test func aConversationIsRemembered() throws {
    var host = try gateway()
    let first = try host.walk("in on lan tcp 192.168.1.50:6000 > 93.184.216.34:80")
    #expect(first.verdict == .forward("wan"))
    #expect(first.verdict == .forward(nil))
    #expect(first.verdict != .forward("lan"))
    #expect(first.verdict != .drop)
    #expect(first.state?.name == "NEW")
    #expect(first.packet.map { PacketSummary.ends($0) } == "203.0.113.2:6000 > 93.184.216.34:80")
    let reply = try host.walk("reply [S.]")
    #expect(reply.verdict == .forward("lan"))
    #expect(reply.state?.name == "ESTABLISHED")
    #expect(try host.walk("again [F.]").verdict == .forward("lan"))
    #expect(try host.walk("reply").packet.map { PacketSummary.ends($0) } == "203.0.113.2:6000 > 93.184.216.34:80")
  }

  /// The conversation is a part of the host's value.
  @Test func aCopyHasAConversationOfItsOwn() throws {
    var host = try gateway()
    try host.walk("in on lan tcp 192.168.1.50:6000 > 93.184.216.34:80")
    var other = host
    #expect(other == host)
    try other.walk("in on lan udp 192.168.1.51:7000 > 93.184.216.34:53")
    #expect(other != host)
    #expect(try host.walk("reply").walk.emitted.first?.output == "lan")
    #expect(try other.walk("reply").packet.map { PacketSummary.ends($0) } == "93.184.216.34:53 > 192.168.1.51:7000")
    #expect(try host.walk("again").packet.map { PacketSummary.ends($0) } == "93.184.216.34:80 > 192.168.1.50:6000")
  }

  /// A packet that was given as a value is no part of the conversation, and neither does it end it.
  @Test func packetsAsValuesStandBeside() throws {
    var host = try gateway()
    try host.walk("in on lan tcp 192.168.1.50:6000 > 93.184.216.34:80")
    let (packet, _) = try PacketText.packet("in on wan tcp 198.51.100.7:5 > 203.0.113.2:22")
    _ = host.receive(packet, on: "wan")
    #expect(try host.walk("reply").verdict == .forward("lan"))
  }

  @Test func aWalkReadsWell() throws {
    var host = try gateway()
    let dropped = try host.walk("in on wan tcp 198.51.100.7:5 > 203.0.113.2:23")
    #expect(
      "\(dropped)"
        == "drop by filter/INPUT policy DROP (t/gw.rules:10): TCP 198.51.100.7:5 > 203.0.113.2:23 [S] ttl 64 len 40")
    let rejected = try host.walk("in on wan tcp 198.51.100.7:5 > 203.0.113.2:22")
    #expect(
      "\(rejected.verdict)"
        == "reject with icmp-port-unreachable by filter/INPUT#2 -p tcp -m tcp --dport 22 -j REJECT --reject-with icmp-port-unreachable (t/gw.rules:14)"
    )
    #expect(rejected.verdict.decidedBy?.hasPrefix("filter/INPUT#2 ") == true)
    #expect(rejected.verdict.location == "t/gw.rules:14")
    let unknown = try host.walk("in on wan tcp 198.51.100.7:5 > 203.0.113.2:99")
    #expect(unknown.verdict == .unknown)
    #expect("\(unknown.verdict)".contains("by filter/INPUT#4 "))
    #expect("\(unknown.verdict)".contains("statistic"))
    let martian = try host.walk("in on wan tcp 127.0.0.1:5 > 203.0.113.2:23")
    #expect("\(martian.verdict)" == "drop because martian")
    #expect(martian.verdict == .drop)
    let loop = try host.walk("local tcp 127.0.0.1:5 > 127.0.0.1:23")
    #expect(loop.verdict == .send("lo"))
    #expect(loop.verdict == .drop)
  }

  @Test func whatIsExpectedMayStandBehindAnArrow() throws {
    var host = try gateway()
    let good = try host.walk("in on wan tcp 198.51.100.7:5 > 203.0.113.2:23 => drop at filter/INPUT policy")
    #expect(good.firstFailure == nil)
    let bad = try host.walk("in on wan tcp 198.51.100.7:5 > 203.0.113.2:23 => deliver")
    let failure = try #require(bad.firstFailure)
    #expect(failure.message == "expected deliver, got drop")
    #expect(failure.explanation.nearest.contains { $0.text.hasPrefix("filter/INPUT#3 ") })
    #expect("\(bad)".hasSuffix("; expected deliver, got drop"))
    #expect("\(failure)".hasPrefix("packet:1:1: error: test \"in on wan tcp"))
    #expect("\(failure)".contains("\n  decided by  filter/INPUT policy DROP   t/gw.rules:10\n"))
  }

  @Test(arguments: [
    ("in on wan tpc 1.2.3.4:1 > 203.0.113.2:2", "bad-protocol", 11, 3, "did you mean `tcp`?"),
    ("in on wna tcp 1.2.3.4:1 > 203.0.113.2:2", "unknown-interface", 1, 39, "the host has lo, wan, lan"),
    ("in on wan tcp 1.2.3.4:1 > $server:2", "unknown-name", 27, 7, "give it a value with `let server = ADDRESS`"),
    ("in on wan tcp 1.2.3.4:1 > 203.0.113.2:2 deliver", "unexpected-word", 1, 47, nil),
    ("reply", "nothing-follows", 1, 5, nil),
    ("again", "nothing-follows", 1, 5, nil),
    ("wait 30s", "not-a-packet", 1, 8, "let time pass with `wait(nanoseconds:)`"),
    ("", "not-a-step", 1, 1, nil),
    ("in on wan tcp 1.2.3.4:1 > 203.0.113.2:2\nreply", "not-a-step", 1, 1, nil),
  ])
  func whatIsWrongHasAPlace(_ text: String, _ id: String, _ column: Int, _ length: Int, _ help: String?) throws {
    var host = try gateway()
    let before = host
    let error = #expect(throws: FlowError.self) { try host.walk(text) }
    let first = try #require(error?.diagnostics.first)
    #expect(first.id.rawValue == id)
    #expect((first.range.file, first.range.line, first.range.column) == ("packet", 1, column))
    if !text.contains("\n") { #expect(first.range.length == length) }
    if let help { #expect(first.help == help) }
    #expect(host == before, "what is wrong changes nothing")
  }

  @Test func nothingAnswersWhatDidNotArrive() throws {
    var host = try gateway()
    try host.walk("in on wan tcp 198.51.100.7:5 > 203.0.113.2:23")
    let error = #expect(throws: FlowError.self) { try host.walk("reply") }
    #expect(error?.description.hasPrefix("packet:1:1: error: the last packet did not arrive anywhere") == true)
  }

  @Test func aSuiteThatCannotRunHasNoCases() throws {
    let missing = #expect(throws: FlowError.self) { try FlowSuite(path: "gone.flow") { _ in nil } }
    #expect(missing?.diagnostics.map(\.id) == [.unreadableFile])
    let wrong = #expect(throws: FlowError.self) { try FlowSuite(path: "a.flow") { _ in "banana\n" }.cases() }
    #expect(wrong?.diagnostics.map(\.id) == [.unknownKeyword])
    #expect(throws: FlowError.self) { try FlowSuite("", file: "a.flow") { _ in nil }.cases() }
  }

  @Test func casesAreTheTestsInOrder() throws {
    let text =
      "test \"a\" @x @y\nlocal tcp 127.0.0.1:1 > 127.0.0.1:2 => drop\nend\n"
      + "test \"b\"\nlocal tcp 127.0.0.1:1 > 127.0.0.1:2 => deliver\nend\n"
      + "test \"c\" skip \"why\"\nend\ntest \"d\" todo \"why\"\nlocal tcp 127.0.0.1:1 > 127.0.0.1:2 => deliver\nend\n"
    let cases = try FlowSuiteTests().suite(text).cases()
    #expect(cases.map(\.description) == ["a @x @y", "b", "c", "d"])
    #expect(cases.map(\.id) == ["t/gw.flow: a", "t/gw.flow: b", "t/gw.flow: c", "t/gw.flow: d"])
    #expect(cases.map { $0.firstFailure?.message } == [nil, "expected deliver, got drop", nil, nil])
  }
}
