// Hosts as text, and packets that follow others on them.

@testable import FlowTesting
import NetfilterModel
import Simulator
import Testing

@Suite struct HostTextTests {
  static let gateway = """
    host gw
    route default via 203.0.113.1 dev wan   # before its interface
    iface wan 203.0.113.2/24 mtu 1400
    iface lan 192.168.1.1/24
    sysctl net.ipv4.ip_forward = 1
    rules v4 gw.rules
    let server = 192.168.1.10
    in on wan tcp 198.51.100.7:5000 > \\
      203.0.113.2:443 [S]
    reply
    """
  static let rules = """
    *nat
    -A PREROUTING -i wan -p tcp -m tcp --dport 443 -j DNAT --to-destination 192.168.1.10
    COMMIT

    """

  func describe(_ text: String) -> DescribedHost {
    HostText.describe(text, file: "gw.flow") { $0 == "gw.rules" ? Self.rules : nil }
  }

  @Test func aHostIsBuiltWhateverTheOrderOfLines() throws {
    let described = describe(Self.gateway)
    #expect(described.diagnostics == [])
    let host = try #require(described.host)
    #expect(host.name == "gw")
    #expect(host.interfaces.map(\.name) == ["lo", "wan", "lan"])
    #expect(host.interface("wan")?.mtu == 1400)
    #expect(host.ruleset()[.nat]?["PREROUTING"]?.rules.count == 1)
    #expect(described.steps.count == 2)
  }

  @Test func theReplyIsWhatTheFarEndWouldSend() throws {
    let described = describe(Self.gateway)
    var host = try #require(described.host)
    guard case .packet(let first) = described.steps[0].action else {
      Issue.record("the first step is no packet")
      return
    }
    var conversation = Conversation()
    conversation.record(first, host.receive(first.packet.packet(), on: "wan"))
    let reply = try conversation.reply(FollowUp())
    #expect(reply.origin == .arrival("lan"))
    #expect(PacketSummary.text(reply.packet.packet()) == "TCP 192.168.1.10:443 > 198.51.100.7:5000 [S.] ttl 64 len 40")
    #expect(reply.packet.acknowledgement == 1001)
    let walk = host.receive(reply.packet.packet(), on: "lan")
    #expect(walk.disposition == .forwarded("wan"))
    #expect(walk.emitted.map { PacketSummary.ends($0.packet) } == ["203.0.113.2:443 > 198.51.100.7:5000"])
    conversation.record(reply, walk)
    let third = try conversation.reply(FollowUp())
    #expect(third.origin == .arrival("wan"))
    #expect(third.packet.flags == .ack)
    #expect(third.packet.sequence == 1001)
    #expect(third.packet.acknowledgement == 5001)
    conversation.record(third, host.receive(third.packet.packet(), on: "wan"))
    let data = try conversation.again(FollowUp(flags: [.psh, .ack], options: [.payload([1, 2, 3])]))
    #expect(data.packet.sequence == 1001)
    conversation.record(data, host.receive(data.packet.packet(), on: "wan"))
    #expect(try conversation.again(FollowUp()).packet.sequence == 1004)
    #expect(host.connections.connections.count == 1)
    #expect(host.connections.connections.first?.status.contains(.assured) == true)
  }

  @Test func aPacketThatDidNotArriveHasNoReply() throws {
    var host = try #require(describe("iface wan 203.0.113.2/24").host)
    let flow = FlowPacket(
      origin: .arrival("wan"), packet: PacketDescription(.icmp, from: .v4(0xc633_6407), to: .v4(0x0808_0808)))
    var conversation = Conversation()
    #expect(throws: ConversationError.self) { try conversation.reply(FollowUp()) }
    let walk = host.receive(flow.packet.packet(), on: "wan")
    #expect(walk.disposition == .discarded(.forwardingOff))
    conversation.record(flow, walk)
    #expect(throws: ConversationError.self) { try conversation.reply(FollowUp()) }
  }

  @Test(arguments: [
    ("iface wan 203.0.113.2/240", "bad-address", 11),
    ("route default via nowhere", "bad-route", 7),
    ("route default via 203.0.113.1", "bad-route", 1),
    ("sysctl net.ipv4.ip_forward 1", "missing-equals", 8),
    ("rules v5 x", "bad-family", 7),
    ("rules v4 missing.rules", "unreadable-file", 1),
    ("ifcae wan", "unknown-keyword", 1),
    ("let a 1", "missing-equals", 7),
    ("test \"x\"", "unclosed-test", 1),
    ("matrix x", "not-modelled", 1),
    ("wait 30", "bad-duration", 6),
    ("host a b", "unexpected-word", 8),
  ])
  func errorsPointAtTheWord(line: String, id: String, column: Int) throws {
    let described = describe("# comment\n" + line)
    #expect(described.host == nil)
    let first = try #require(described.diagnostics.first)
    #expect(first.id.rawValue == id)
    #expect(first.range.line == 2)
    #expect(first.range.column == column)
    #expect(first.sourceLine == line)
  }

  @Test func everyErrorIsReported() {
    #expect(describe("ifcae wan\nrules v5 x\nwait 1").diagnostics.map(\.range.line) == [1, 2, 3])
  }

  @Test func anAssumedHostRoutesAsThePacketSays() throws {
    for (text, end) in [
      ("in on eth0 tcp 198.51.100.7:40000 > 203.0.113.1:22 deliver", Disposition.delivered),
      ("in on eth0 tcp 198.51.100.7:40000 > 203.0.113.1:22 forward out eth1", .forwarded("eth1")),
      ("local udp 203.0.113.1:40000 > 198.51.100.7:53 out eth7", .sent("eth7")),
    ] {
      guard case .packet(let flow) = try PacketText.step(text).action else {
        Issue.record("\(text) is no packet")
        continue
      }
      let assumed = try #require(AssumedHost(for: [flow]))
      #expect(!assumed.assumptions.isEmpty)
      var host = assumed.host
      let isLocal = flow.origin == .local
      let walk =
        isLocal ? host.send(flow.packet.packet(isLocal: true)) : host.receive(flow.packet.packet(), on: "eth0")
      #expect(walk.disposition == end)
    }
    #expect(AssumedHost(for: []) == nil)
  }
}
