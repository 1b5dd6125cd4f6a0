// Which packet of a walk an event belongs to: packets that cause others, and what reads the steps.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct PacketIdentityTests {
  static let host = address(10, 0, 0, 1)
  static let client = address(10, 0, 0, 2)
  static let outside = address(192, 168, 1, 9)
  static let loopback = IPAddress.v4(0x7f00_0001)

  static func gateway(_ rules: String, stack: LocalStack = .silent) throws -> LinuxHost {
    var host = LinuxHost(name: "gateway", stack: stack)
    try host.addAddress("10.0.0.1/24", to: "eth0")
    try host.addAddress("192.168.1.1/24", to: "eth1")
    try host.setSysctl("net.ipv4.ip_forward", "1")
    try host.load(Ruleset(parsing: rules, file: "r"))
    return host
  }

  /// A packet of a walk: its number, the number of the one that caused it, where it comes from, and its ends.
  static func packets(_ walk: Walk) -> [String] {
    walk.steps.compactMap { step in
      guard case .packetStarts(let packet, _, let reason) = step.event, let header = IPHeader(packet.bytes) else {
        return nil
      }
      let parent = step.packet.parent.map { " of \($0)" } ?? ""
      return "\(step.packet.number)\(parent) \(reason) \(header.source) > \(header.destination)"
    }
  }

  /// Every packet begins once, before anything else of it, and ends once, after all of it.
  static func isWhole(_ walk: Walk) -> Bool {
    let numbers = Set(walk.steps.map(\.packet.number))
    return numbers.allSatisfy { number in
      let own = walk.steps.filter { $0.packet.number == number }
      let ends = own.filter { if case .ended = $0.event { true } else { false } }
      guard case .packetStarts? = own.first?.event, case .ended? = own.last?.event else { return false }
      return ends.count == 1 && Set(own.map(\.packet)).count == 1
    } && numbers == Set(0..<numbers.count)
  }

  @Test(arguments: [("icmp-host-prohibited", UInt8(17)), ("tcp-reset", 6)])
  func rejectsAnswer(_ with: String, _ number: UInt8) throws {
    var host = try Self.gateway("*filter\n-A FORWARD -p \(number) -j REJECT --reject-with \(with)\nCOMMIT\n")
    let bytes =
      number == 6
      ? Make.tcp(5, Flag.syn, seq: 1) : NATTests.udp(Self.client, 5, .v4(Make.server), 53).bytes
    try host.addRoute("192.0.2.0/24 dev eth1")
    let walk = host.receive(Packet(bytes: bytes), on: "eth0")
    // A reset is the other end's; an ICMP error is the host's own.
    let sender = number == 6 ? IPAddress.v4(Make.server) : Self.host
    #expect(
      Self.packets(walk) == [
        "0 received 10.0.0.2 > \(IPAddress.v4(Make.server))", "1 of 0 answer \(sender) > 10.0.0.2",
      ])
    #expect(Self.isWhole(walk))
    // The answer leaves when what it answers is done.
    let starts = walk.steps.firstIndex { $0.packet.number == 1 }
    #expect(walk.steps.lastIndex { $0.packet.number == 0 }.map { $0 + 1 } == starts)
  }

  @Test func loopbackAndWhatAnswersThere() throws {
    var host = try Self.gateway("*filter\n-A INPUT -i lo -p udp -j REJECT\nCOMMIT\n")
    let walk = host.send(NATTests.udp(Self.loopback, 5, Self.loopback, 53))
    let ends = "127.0.0.1 > 127.0.0.1"
    // The packet, what came back of it, the error about that, and what came back of the error.
    #expect(
      Self.packets(walk) == [
        "0 sent \(ends)", "1 of 0 looped \(ends)", "2 of 1 answer \(ends)", "3 of 2 looped \(ends)",
      ])
    #expect(Self.isWhole(walk))
    #expect(walk.disposition == .sent(.loopback))
  }

  @Test func errorsOfRouting() throws {
    var host = try Self.gateway("*filter\nCOMMIT\n")
    var packet = NATTests.udp(Self.client, 5, Self.outside, 53)
    packet.bytes[8] = 1
    packet.bytes.setIPv4Checksum(length: 20)
    let walk = host.receive(packet, on: "eth0")
    #expect(walk.disposition == .discarded(.ttl))
    #expect(Self.packets(walk) == ["0 received 10.0.0.2 > 192.168.1.9", "1 of 0 answer 10.0.0.1 > 10.0.0.2"])
    #expect(Self.isWhole(walk))
  }

  @Test func theStacksAnswers() throws {
    var host = try Self.gateway("*filter\nCOMMIT\n", stack: .answers)
    let walk = host.receive(NATTests.udp(Self.client, 5, Self.host, 53), on: "eth0")
    #expect(Self.packets(walk) == ["0 received 10.0.0.2 > 10.0.0.1", "1 of 0 answer 10.0.0.1 > 10.0.0.2"])
    #expect(Self.isWhole(walk))
  }

  /// A process's multicast comes back to the host before the packet itself goes on.
  @Test func multicastCopyIsNested() throws {
    var host = try Self.gateway("*mangle\nCOMMIT\n*filter\n-A INPUT -p udp -j ACCEPT\nCOMMIT\n")
    try host.addRoute("default via 10.0.0.254")
    let group = address(224, 0, 0, 1)
    let walk = host.send(NATTests.udp(Self.host, 5, group, 53))
    #expect(Self.packets(walk) == ["0 sent 10.0.0.1 > 224.0.0.1", "1 of 0 looped 10.0.0.1 > 224.0.0.1"])
    #expect(Self.isWhole(walk))
    let numbers = walk.steps.map(\.packet.number)
    let first = try #require(numbers.firstIndex(of: 1))
    let last = try #require(numbers.lastIndex(of: 1))
    #expect(numbers[first...last].allSatisfy { $0 == 1 })
    #expect(numbers[..<first].contains(0) && numbers[(last + 1)...].contains(0))
    #expect(walk.disposition == .sent("eth0"))

    // The cursor keeps both apart: each packet has the hooks, interfaces and hits of its own.
    var cursor = WalkCursor()
    var positions: [Int: PacketPosition] = [:]
    for step in walk.steps {
      cursor.take(step)
      positions[step.packet.number] = cursor.position
    }
    // The copy has a POSTROUTING of its own before it comes back, which counts as the packet's.
    #expect(positions[0]?.hooks == [.output, .postrouting, .postrouting])
    #expect(positions[1]?.hooks == [.prerouting, .input])
    #expect(positions[0]?.arrival == InterfaceName.none && positions[1]?.arrival == "eth0")
    #expect(positions[0]?.reason == .sent && positions[1]?.reason == .looped)
    #expect(positions[0]?.lastHit?.chain == "POSTROUTING" && positions[1]?.lastHit?.chain == "INPUT")
    #expect(positions[0]?.tableWalks == 4 && positions[1]?.tableWalks == 3)
    #expect(cursor.position?.output == "eth0")
  }

  /// Steps of two packets in turn: what one step says of one packet changes nothing of the other.
  @Test func theCursorKeepsPacketsApart() throws {
    let outer = NATTests.udp(Self.client, 5, Self.outside, 53)
    var changed = outer
    changed.bytes[21] = 9
    let inner = NATTests.udp(Self.host, 7, Self.client, 53)
    let (first, second) = (PacketIdentity(number: 0), PacketIdentity(number: 1, parent: 0))
    let place = RulePlace(table: .nat, chain: "POSTROUTING", kind: .rule, number: 1)
    let steps: [WalkStep] = [
      WalkStep(packet: first, event: .packetStarts(outer, input: "eth0", reason: .received)),
      WalkStep(packet: first, event: .hookEntered(.postrouting, input: "eth0", output: "eth1")),
      WalkStep(packet: first, event: .tracked(.new, nil)),
      WalkStep(packet: second, event: .packetStarts(inner, input: .none, reason: .answer)),
      WalkStep(packet: second, event: .hookEntered(.output, input: .none, output: "eth0")),
      WalkStep(packet: first, event: .tableEntered(.nat, .postrouting)),
      WalkStep(packet: second, event: .tracked(.relatedReply, nil)),
      WalkStep(packet: first, event: .ruleHit(place, outer, hook: .postrouting, input: "eth0", output: "eth1")),
      WalkStep(packet: first, event: .translated(.source, from: outer, to: changed)),
      WalkStep(packet: second, event: .ended(.sent("eth0"))),
      WalkStep(packet: first, event: .ended(.forwarded("eth1"))),
    ]
    var cursor = WalkCursor()
    var seen: [PacketPosition] = []
    var previous: [Packet?] = []
    for step in steps {
      cursor.take(step)
      seen.append(try #require(cursor.position))
      previous.append(cursor.previous)
    }
    #expect(seen.map(\.packet) == [outer, outer, outer, inner, inner, outer, inner, outer, changed, inner, changed])
    #expect(seen[4].hook == .output && seen[5].hook == .postrouting && seen[6].hook == .output)
    #expect(seen[5].state == .new && seen[6].state == .relatedReply && seen[10].state == .new)
    #expect(seen[9].translations.isEmpty && seen[9].lastHit == nil && seen[9].table != .nat && !seen[9].hasWalkedNAT)
    #expect(seen[10].translations.map(\.place) == [place] && seen[10].input == "eth0" && seen[10].output == "eth1")
    // Only the step that shows another packet has one before it.
    #expect(previous.enumerated().compactMap { $0.element == nil ? nil : $0.offset } == [8])
    #expect(previous[8] == outer)
  }
}
