// Reports of long walks: how many lines are shown, what is said of the rest, and how the packet ended all the same.

@testable import FlowTesting
import NetfilterModel
@testable import Simulator
import Testing

@Suite struct ReportBoundTests {
  static func host(_ rules: String) throws -> LinuxHost {
    let described = HostText.describe("iface wan 203.0.113.2/24\nrules v4 r\n", file: "h", read: { _ in rules })
    #expect(described.diagnostics == [])
    return try #require(described.host)
  }

  static func walk(_ host: LinuxHost) throws -> Walk {
    var host = host
    return host.receive(try PacketText.packet("in on wan tcp 203.0.113.7:5000 > 203.0.113.2:22").packet, on: "wan")
  }

  /// Chains that each jump `times` times to the next.
  static func nested(_ depth: Int, times: Int) -> String {
    var text = "*filter\n:INPUT DROP [0:0]\n" + (0..<depth).map { ":c\($0) - [0:0]\n" }.joined() + "-A INPUT -j c0\n"
    for chain in 0..<depth - 1 {
      text += String(repeating: "-A c\(chain) -j c\(chain + 1)\n", count: times)
    }
    return text + "COMMIT\n"
  }

  @Test func theRestIsCounted() throws {
    let host = try Self.host(Self.nested(6, times: 2))
    let walk = try Self.walk(host)
    let whole = TextReport().render(walk, on: host).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    let cut = TextReport(mostLines: 20).render(walk, on: host)
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(cut.prefix(20) == whole.prefix(20))
    #expect(cut.dropFirst(20).first == "… and \(whole.count - 23) more lines of this walk are not shown")
    #expect(cut.count == 24)
    #expect(cut.suffix(3) == whole.suffix(3))
    #expect(cut.suffix(2).first == "=> DROPPED")
    // One line more than there are, and the report is whole.
    #expect(TextReport(mostLines: whole.count).render(walk, on: host) == whole.map { "\($0)\n" }.joined())
    let almost = TextReport(mostLines: whole.count - 4).render(walk, on: host)
    #expect(almost.contains("\n… and 1 more line of this walk is not shown\n\n=> DROPPED\n"))
    // The end is shown whole, and never counted.
    #expect(TextReport(mostLines: whole.count - 1).render(walk, on: host) == whole.map { "\($0)\n" }.joined())
    #expect(TextReport().mostLines == 100_000)
  }

  @Test func kernelLinesAndJSONAreCountedToo() throws {
    let host = try Self.host(Self.nested(6, times: 2))
    let walk = try Self.walk(host)
    let lines = KernelReport().lines(walk, on: host)
    #expect(
      KernelReport(mostLines: 5).lines(walk, on: host)
        == lines.prefix(5) + ["… and \(lines.count - 5) more lines of this walk are not shown"])
    let value = JSONReport(host, mostEvents: 7).value(walk)
    #expect(value.events == Array(JSONReport(host).value(walk).events.prefix(7)))
    #expect(value.hiddenEvents == walk.steps.count - 7)
    #expect(value.disposition.type == "dropped")
    #expect(JSONReport(host).value(walk).hiddenEvents == nil)
    #expect(KernelReport().mostLines == 100_000)
    #expect(JSONReport(host).mostEvents == 100_000)
  }

  /// What is kept of a long walk: its first hits, the one that decides, and all that is not a rule's.
  @Test func aRecordIsBounded() throws {
    let host = try Self.host(Self.nested(6, times: 2))
    let walk = try Self.walk(host)
    var record = StepRecord(mostHits: 10, mostMisses: 0)
    for step in walk.steps { record.add(step) }
    let all = walk.ruleHits.count
    let kept = Walk(record, disposition: walk.disposition)
    #expect(all > 100)
    #expect(kept.ruleHits.map(\.place) == walk.ruleHits.prefix(10).map(\.place) + walk.ruleHits.suffix(1).map(\.place))
    #expect(record.omitted == all - 11)
    #expect(record.steps.count + record.omitted == walk.steps.count)
    let passage = FlowPassage(kept)
    #expect(passage.decider == FlowPassage(walk).decider)
    #expect(TextReport().render(kept, on: host).contains("\n… and \(all - 11) steps of this walk were not kept\n"))
    #expect(JSONReport(host).value(kept).hiddenEvents == all - 11)
    // Nobody can say of a walk that is not whole that it did not come to a place.
    let check = FlowCheck(index: RuleIndex(host))
    for (text, walk, isRight) in [("c0#2", walk, true), ("c0#2", kept, false), ("INPUT#1", kept, true)] {
      let expectation = try #require(PacketText.step("again => drop via filter/\(text)", file: "e").expectation)
      #expect(check.mismatches(FlowPassage(walk), expectation).isEmpty == isRight, "\(text)")
    }
    let none = try #require(PacketText.step("again => drop not via filter/OUTPUT", file: "e").expectation)
    #expect(check.mismatches(FlowPassage(walk), none).isEmpty)
    #expect(!check.mismatches(passage, none).isEmpty)
  }

  /// Every format of a walk through deep chains grows with the depth and no faster: nothing is indented by it.
  @Test func deepChainsAreShownInEveryFormat() throws {
    let depth = 2000
    let host = try Self.host(Self.nested(depth, times: 1))
    let walk = try Self.walk(host)
    #expect(walk.ruleHits.count == 2 * depth + 1)
    for explains in [false, true] {
      let text = TextReport(explains: explains).render(walk, on: host)
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
      #expect(text.utf8.count < 200 * 2 * depth)
      #expect(text.contains("filter/c\(depth - 1)"))
    }
    #expect(KernelReport().lines(walk, on: host).count == 2 * depth + 1)
    #expect(JSONReport(host).value(walk).events.count == walk.steps.count)
  }

  @Test func aLongLineOfRoutingFits() throws {
    let host = try Self.host("*filter\nCOMMIT\n")
    var other = host
    let packet = try PacketText.packet("in on wan tcp 203.0.113.7:5000 > 198.51.100.2:22").packet
    let walk = other.receive(packet, on: "wan")
    for width in [40, 60, 80, 120] {
      let text = TextReport(style: Style(width: width), explains: true).render(walk, on: host)
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= width }, "\(width)")
    }
    #expect(
      TextReport().render(walk, on: host).contains(
        """
        ROUTING     dropped: it is not for this host, and forwarding is off
                    (net.ipv4.ip_forward = 0)

        """))
  }

  @Test func longNamesFit() throws {
    let path = "/" + String(repeating: "folder/", count: 20) + "rules.v4"
    let chain = "a-chain-of-28-bytes-in-all-x"
    var host = LinuxHost()
    host.addAddress(try #require(InterfaceAddress("203.0.113.2/24")), to: "wan")
    let text = """
      *security
      :\(chain) - [0:0]
      -A INPUT -j \(chain)
      -A \(chain) -m comment --comment \(String(repeating: "comment", count: 30)) -j ACCEPT
      COMMIT

      """
    #expect(HostText.load(text, file: path, family: .ipv4, on: &host) == [])
    let walk = try Self.walk(host)
    for width in [50, 80, 120] {
      let report = TextReport(style: Style(width: width), explains: true).render(walk, on: host)
      #expect(report.split(separator: "\n").allSatisfy { $0.count <= width }, "\(width)\n\(report)")
      let joined = report.filter { $0 != "\n" && $0 != " " }
      #expect(joined.contains("security/\(chain)#1"))
      #expect(joined.contains(path))
      #expect(joined.contains(String(repeating: "comment", count: 30)))
    }
  }

  @Test func aGuessIsSaidToBeOne() throws {
    var host = try Self.host("*nat\n-A PREROUTING -j DNAT --to-destination 192.0.2.9\nCOMMIT\n")
    try host.addRoute("default via 203.0.113.1")
    try host.setSysctl("net.ipv4.ip_forward", "1")
    let walk = try Self.walk(host)
    let guess =
      "ROUTING     forward out wan via 203.0.113.1\n"
      + "            a guess: no host was given, so nobody said where 192.0.2.9 is\n"
    #expect(TextReport(isHostAssumed: true).render(walk, on: host).contains(guess))
    #expect(!TextReport().render(walk, on: host).contains("guess"))
    let plain = try Self.host("*filter\nCOMMIT\n")
    #expect(!TextReport(isHostAssumed: true).render(try Self.walk(plain), on: plain).contains("guess"))
  }

  @Test func missingInterfacesAreFound() throws {
    let host = try Self.host(
      """
      *filter
      -A INPUT -i wan -j ACCEPT
      -A INPUT -i wa+ -j ACCEPT
      -A INPUT -i ppp0 -j DROP
      -A FORWARD ! -i docker+ -o ppp0 -j DROP
      -A FORWARD -i lo -o ppp0 -j DROP
      COMMIT

      """)
    #expect(
      MissingInterface.all(on: host).map(\.text) == [
        "ppp0 (filter/INPUT#3 and 2 more rules)", "docker+ (filter/FORWARD#1)",
      ])
  }
}
