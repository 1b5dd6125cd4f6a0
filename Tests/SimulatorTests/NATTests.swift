// NAT's choices, clashes and status bits.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct NATTests {
  static func udp(_ source: IPAddress, _ sourcePort: UInt16, _ destination: IPAddress, _ port: UInt16) -> Packet {
    var bytes = [UInt8](repeating: 0, count: 28)
    bytes[0] = 0x45
    bytes[3] = 28
    bytes[8] = 64
    bytes[9] = 17
    bytes.setUInt32(source.v4Bits, at: 12)
    bytes.setUInt32(destination.v4Bits, at: 16)
    bytes.setUInt16(sourcePort, at: 20)
    bytes.setUInt16(port, at: 22)
    bytes.setUInt16(8, at: 24)
    bytes.setIPv4Checksum(length: 20)
    return Packet(bytes: bytes)
  }

  static let server = address(192, 168, 1, 9)
  static let outside = address(192, 168, 1, 1)

  static func masquerading() -> NATWorld {
    let world = NATWorld()
    world.rule = { packet in
      guard packet.hook == .postrouting else { return nil }
      var range = NATRange()
      range.addresses = outside...outside
      return range
    }
    return world
  }

  /// The translated source port of a UDP packet, or nil when the packet was dropped.
  static func port(_ world: NATWorld, from client: IPAddress, _ port: UInt16) -> UInt16? {
    world.forward(udp(client, port, server, 80).hex, from: "eth0", to: "eth1").flatMap { Packet(hex: $0) }?.bytes
      .uint16(at: 20)
  }

  @Test(arguments: [(7, 1, 511), (511, 1, 511), (512, 600, 1023), (1023, 600, 1023), (1024, 1024, 65535)])
  func aTakenPortStaysInItsClass(port: UInt16, first: UInt16, last: UInt16) {
    let size = UInt32(last) - UInt32(first) + 1
    for random: UInt32 in [0, 1, 1000, 65535] {
      let world = Self.masquerading()
      world.random = random
      #expect(Self.port(world, from: address(10, 0, 0, 5), port) == port)
      #expect(!world.isByChance)
      let chosen = Self.port(world, from: address(10, 0, 0, 6), port)
      #expect(world.isByChance)
      let expected = UInt16(UInt32(first) + random % size)
      // the port that is taken is passed over
      #expect(chosen == (expected == port ? expected + 1 : expected))
    }
  }

  @Test func twoConnectionsNeverCollide() {
    let world = Self.masquerading()
    world.random = 17
    var seen: Set<UInt16> = []
    for client in 1...200 as ClosedRange<UInt32> {
      guard let port = Self.port(world, from: address(10, 0, 1, client), 5000) else { continue }
      #expect(seen.insert(port).inserted)
    }
    #expect(seen.count > 128)
    #expect(Set(world.table.connections.map(\.reply)).count == world.table.connections.count)
  }

  @Test func anExhaustedRangeEndsInAClash() {
    let world = NATWorld()
    world.rule = { packet in
      guard packet.hook == .postrouting else { return nil }
      var range = NATRange()
      range.addresses = Self.outside...Self.outside
      range.ports = 5000...5002
      return range
    }
    let ports = (5...9 as ClosedRange<UInt32>).map { Self.port(world, from: address(10, 0, 0, $0), 1000) }
    #expect(ports == [5000, 5001, 5002, nil, nil])
    #expect(world.isByChance)
  }

  @Test func aClosedConnectionIsEvictedOnlyByHigherSequenceNumbers() {
    for (end, isEvicted) in [(99, false), (100, false), (101, true)] as [(UInt32, Bool)] {
      let world = NATWorld()
      func connection(_ client: UInt32, _ state: TCPConnectionState, _ end: UInt32) -> Connection {
        let original = ConnectionTuple(
          source: address(10, 0, 0, client), destination: Self.server, sourceKey: 7, destinationKey: 80,
          protocolNumber: .tcp)
        let result = Connection(original: original, reply: NATCore.inverted(original), serial: 0)
        var tracking = TCPTracking()
        tracking.state = state
        tracking.original.end = end
        result.tracking = .tcp(tracking)
        return result
      }
      var range = NATRange()
      range.addresses = Self.outside...Self.outside
      range.ports = 5000...5000
      let old = connection(3, .timeWait, 100)
      let new = connection(4, .synSent, end)
      #expect(world.core.setUp(old, range: range, manipulation: .source, now: 0, random: { 0 }).result == .accept)
      #expect(world.confirm(old))
      let outcome = world.core.setUp(new, range: range, manipulation: .source, now: 0, random: { 0 })
      #expect(outcome == NATOutcome(result: .accept, isByChance: false))
      #expect(old.status.contains(.dying) == isEvicted)
      #expect(world.confirm(new) == isEvicted)
    }
  }

  @Test func aRandomRangeAlwaysDraws() {
    let world = NATWorld()
    world.random = 41
    world.rule = { packet in
      guard packet.hook == .postrouting else { return nil }
      var range = NATRange()
      range.addresses = Self.outside...Self.outside
      range.isFullyRandom = true
      return range
    }
    #expect(Self.port(world, from: address(10, 0, 0, 5), 2000) == 1065)
    #expect(world.isByChance)
  }

  @Test func statusTellsWhatWasSetUp() throws {
    let world = Self.masquerading()
    #expect(Self.port(world, from: address(10, 0, 0, 5), 2000) == 2000)
    let connection = try #require(world.table.connections.first)
    #expect(connection.status == [.sourceNAT, .sourceNATDone, .destinationNATDone, .confirmed])
    #expect(connection.reply.destination == Self.outside)
    #expect(world.walks == [.prerouting, .postrouting])
    // the table is not walked again, neither for a second first packet nor for the answer
    #expect(Self.port(world, from: address(10, 0, 0, 5), 2000) == 2000)
    let answer = world.forward(Self.udp(Self.server, 80, Self.outside, 2000).hex, from: "eth1", to: "eth0")
    #expect(answer.flatMap { Packet(hex: $0) }?.bytes.uint32(at: 16) == 0x0a00_0005)
    #expect(world.walks == [.prerouting, .postrouting])
  }

  @Test func inputTranslatesTheSourceAndOutputTheDestination() throws {
    let world = NATWorld()
    let host = address(10, 0, 0, 1)
    world.rule = { packet in
      var range = NATRange()
      switch packet.hook {
      case .input: range.addresses = address(10, 0, 0, 77)...address(10, 0, 0, 77)
      case .output: range.addresses = address(192, 168, 1, 7)...address(192, 168, 1, 7)
      default: return nil
      }
      return range
    }
    var incoming = try #require(
      world.track(Self.udp(address(10, 0, 0, 2), 5, host, 53), .prerouting, input: "eth0", output: .none))
    #expect(world.pass(&incoming, .prerouting) == NATHookOutcome(result: .accept))
    #expect(world.pass(&incoming, .input).result == .accept)
    #expect(incoming.header.source == address(10, 0, 0, 77))
    let connection = try #require(incoming.connection)
    #expect(connection.reply.destination == address(10, 0, 0, 77) && connection.reply.destinationKey == 5)

    var outgoing = try #require(
      world.track(Self.udp(host, 5, address(10, 9, 0, 1), 53), .output, input: .none, output: "eth0"))
    #expect(world.pass(&outgoing, .output) == NATHookOutcome(result: .accept, reroutes: true))
    #expect(outgoing.header.destination == address(192, 168, 1, 7))
  }

  @Test func aMasqueradedConnectionDiesWhenItMoves() throws {
    let world = Self.masquerading()
    #expect(Self.port(world, from: address(10, 0, 0, 5), 2000) == 2000)
    let connection = try #require(world.table.connections.first)
    connection.masqueradeInterface = "eth1"
    let packet = Self.udp(address(10, 0, 0, 5), 2000, Self.server, 80).hex
    #expect(world.forward(packet, from: "eth0", to: "eth1") != nil)
    #expect(world.forward(packet, from: "eth0", to: "eth2") == nil)
    #expect(world.table.connections.isEmpty && connection.status.contains(.dying))
  }

  @Test func aDropInTheTableEndsThere() throws {
    let world = NATWorld()
    var packet = try #require(
      world.track(Self.udp(address(10, 0, 0, 2), 5, Self.server, 53), .prerouting, input: "eth0", output: .none))
    let outcome = world.core.process(&packet, now: 0, random: { 0 }) { _ in .drop }
    #expect(outcome.result == .drop)
    #expect(packet.connection?.status == [])
  }

  @Test func brokenPacketsDoNotTrap() throws {
    for item in natKernelCases {
      let whole = try #require(Packet(hex: item.packet))
      for length in 20..<whole.bytes.count {
        let world = NATWorld()
        world.rule = NATKernelTests.rule
        _ = world.forward(Packet(bytes: Array(whole.bytes.prefix(length))).hex, from: "eth0", to: "eth1")
      }
    }
  }
}
