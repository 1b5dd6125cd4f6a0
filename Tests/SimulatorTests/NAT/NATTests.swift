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
  static let masquerading = "-A POSTROUTING -o eth1 -j SNAT --to-source 192.168.1.1\n"

  /// The translated source port of a UDP packet, or nil when the packet was dropped.
  static func port(_ world: inout NATGateway, from client: IPAddress, _ port: UInt16) -> UInt16? {
    world.forward(udp(client, port, server, 80), on: "eth0")?.bytes.uint16(at: 20)
  }

  @Test(arguments: [(7, 1, 511), (511, 1, 511), (512, 600, 1023), (1023, 600, 1023), (1024, 1024, 65535)])
  func aTakenPortStaysInItsClass(port: UInt16, first: UInt16, last: UInt16) throws {
    let size = UInt32(last) - UInt32(first) + 1
    for random: UInt16 in [0, 1, 1000, 65535] {
      var world = try NATGateway(Self.masquerading)
      world.random = .drawing(random)
      #expect(Self.port(&world, from: address(10, 0, 0, 5), port) == port)
      #expect(!world.isByChance)
      #expect(world.random == .drawing(random))
      let chosen = Self.port(&world, from: address(10, 0, 0, 6), port)
      #expect(world.isByChance)
      let expected = UInt16(UInt32(first) + UInt32(random) % size)
      // the port that is taken is passed over
      #expect(chosen == (expected == port ? expected + 1 : expected))
    }
  }

  @Test func twoConnectionsNeverCollide() throws {
    var world = try NATGateway(Self.masquerading)
    let random = RandomSource.drawing(17)
    var seen: Set<UInt16> = []
    for client in 1...200 as ClosedRange<UInt32> {
      // Everybody draws the same number first, and looks on from there.
      world.random = random
      guard let port = Self.port(&world, from: address(10, 0, 1, client), 5000) else { continue }
      #expect(seen.insert(port).inserted)
    }
    #expect(seen.count > 128)
    #expect(seen.isSuperset(of: 1041..<1169))
    let connections = world.host.connections.connections
    #expect(connections.count == seen.count)
    #expect(Set(connections.map(\.reply)).count == connections.count)
  }

  @Test func anExhaustedRangeEndsInAClash() throws {
    var world = try NATGateway("-A POSTROUTING -o eth1 -p udp -j SNAT --to-source 192.168.1.1:5000-5002\n")
    let random = RandomSource.drawing(0)
    var ports: [UInt16?] = []
    for client in 5...9 as ClosedRange<UInt32> {
      world.random = random
      ports.append(Self.port(&world, from: address(10, 0, 0, client), 1000))
    }
    #expect(ports == [5000, 5001, 5002, nil, nil])
    #expect(world.walk.disposition == .discarded(.conntrack))
    #expect(world.isByChance)
  }

  /// The old connection is closed when its end of the sequence numbers is 100; the new one ends with its SYN.
  @Test(arguments: [(99, false), (100, false), (101, true)] as [(UInt32, Bool)])
  func aClosedConnectionIsEvictedOnlyByHigherSequenceNumbers(_ end: UInt32, _ isEvicted: Bool) throws {
    var world = try NATGateway("-A POSTROUTING -o eth1 -p tcp -j SNAT --to-source 192.168.1.1:5000\n")
    func segment(
      _ from: (IPAddress, UInt16), _ to: (IPAddress, UInt16), _ flags: UInt8, _ sequence: UInt32, _ ack: UInt32
    )
      -> Packet
    {
      var bytes = [UInt8](repeating: 0, count: 20)
      bytes.setUInt16(from.1, at: 0)
      bytes.setUInt16(to.1, at: 2)
      bytes.setUInt32(sequence, at: 4)
      bytes.setUInt32(ack, at: 8)
      bytes.setByte(0x50, at: 12)
      bytes.setByte(flags, at: 13)
      bytes.setUInt16(1000, at: 14)
      return Packet(bytes: Make.transport(from: from.0.v4Bits, to: to.0.v4Bits, 6, bytes, field: 16))
    }
    let (old, new) = ((address(10, 0, 0, 3), UInt16(7)), (address(10, 0, 0, 4), UInt16(7)))
    let (far, near) = ((Self.server, UInt16(80)), (Self.outside, UInt16(5000)))
    for (packet, input) in [
      (segment(old, far, Flag.syn, 98, 0), "eth0"), (segment(far, near, Flag.syn | Flag.ack, 7000, 99), "eth1"),
      (segment(old, far, Flag.ack, 99, 7001), "eth0"), (segment(old, far, Flag.fin | Flag.ack, 99, 7001), "eth0"),
      (segment(far, near, Flag.fin | Flag.ack, 7001, 100), "eth1"), (segment(old, far, Flag.ack, 100, 7002), "eth0"),
    ] as [(Packet, InterfaceName)] {
      #expect(world.forward(packet, on: input) != nil)
    }
    let closed = try #require(world.host.connections.connections.first)
    guard case .tcp(let tracking) = closed.tracking else {
      Issue.record("no TCP connection")
      return
    }
    #expect(tracking.state == .timeWait && tracking.original.end == 100)
    let emitted = world.forward(segment(new, far, Flag.syn, end - 1, 0), on: "eth0")
    #expect((emitted != nil) == isEvicted)
    #expect(!world.isByChance)
    // One of the two is in the table, with the one port that there is.
    let connections = world.host.connections.connections
    #expect(connections.map(\.original.source) == [isEvicted ? new.0 : old.0])
    #expect(connections.map(\.reply.destinationKey) == [5000])
    #expect(world.walk.disposition == (isEvicted ? .forwarded("eth1") : .discarded(.conntrack)))
  }

  @Test func aRandomRangeAlwaysDraws() throws {
    var world = try NATGateway("-A POSTROUTING -o eth1 -j SNAT --to-source 192.168.1.1 --random-fully\n")
    world.random = .drawing(41)
    #expect(Self.port(&world, from: address(10, 0, 0, 5), 2000) == 1065)
    #expect(world.isByChance)
  }

  @Test func statusTellsWhatWasSetUp() throws {
    var world = try NATGateway(Self.masquerading)
    #expect(Self.port(&world, from: address(10, 0, 0, 5), 2000) == 2000)
    let connection = try #require(world.host.connections.connections.first)
    #expect(connection.status == [.sourceNAT, .sourceNATDone, .destinationNATDone, .confirmed])
    #expect(connection.reply.destination == Self.outside)
    #expect(world.walks == [.prerouting, .postrouting])
    // the table is not walked again, neither for a second first packet nor for the answer
    #expect(Self.port(&world, from: address(10, 0, 0, 5), 2000) == 2000)
    let answer = world.forward(Self.udp(Self.server, 80, Self.outside, 2000), on: "eth1")
    #expect(answer?.bytes.uint32(at: 16) == 0x0a00_0005)
    #expect(world.walks == [.prerouting, .postrouting])
  }

  @Test func inputTranslatesTheSourceAndOutputTheDestination() throws {
    var world = try NATGateway(
      "-A INPUT -j SNAT --to-source 10.0.0.77\n-A OUTPUT -j DNAT --to-destination 192.168.1.7\n")
    let host = address(10, 0, 0, 1)
    world.pass(Self.udp(address(10, 0, 0, 2), 5, host, 53), on: "eth0")
    #expect(world.walk.disposition == .delivered)
    let translations = world.walk.events.compactMap { event -> NATManipulation? in
      if case .translated(let end, _, _) = event { end } else { nil }
    }
    #expect(translations == [.source])
    let delivered = world.walk.events.compactMap { event -> Packet? in
      if case .delivered(let packet) = event { packet } else { nil }
    }
    #expect(delivered.map { IPHeader($0.bytes)?.source } == [address(10, 0, 0, 77)])
    let connection = try #require(world.host.connections.connections.first)
    #expect(connection.reply.destination == address(10, 0, 0, 77) && connection.reply.destinationKey == 5)

    // The packet is routed again, as its destination is another one.
    world.pass(Self.udp(host, 5, address(10, 0, 9, 1), 53), on: nil)
    let routes = world.walk.events.compactMap { event -> RoutingDecision? in
      if case .routed(let decision) = event { decision } else { nil }
    }
    #expect(routes == [.output(output: "eth0", gateway: nil), .output(output: "eth1", gateway: nil)])
    #expect(world.walk.emitted.map { IPHeader($0.packet.bytes)?.destination } == [address(192, 168, 1, 7)])
  }

  @Test func aMasqueradedConnectionDiesWhenItMoves() throws {
    var world = try NATGateway("-A POSTROUTING -j MASQUERADE\n")
    #expect(Self.port(&world, from: address(10, 0, 0, 5), 2000) == 2000)
    #expect(world.host.connections.connections.map(\.masqueradeInterface) == ["eth1"])
    let packet = Self.udp(address(10, 0, 0, 5), 2000, Self.server, 80)
    #expect(world.forward(packet, on: "eth0") != nil)
    try world.host.addAddress("172.16.0.1/24", to: "eth2")
    try world.host.addRoute("192.168.1.9 dev eth2")
    #expect(world.forward(packet, on: "eth0") == nil)
    #expect(world.walk.disposition == .discarded(.nat))
    #expect(world.host.connections.connections.isEmpty)
  }

  /// What has no address to redirect to is dropped in the table, and nothing is set up.
  @Test func aDropInTheTableEndsThere() throws {
    var world = try NATGateway("-A PREROUTING -i eth7 -j REDIRECT\n")
    world.host.addInterface(Interface("eth7"))
    var walker = world.host.walker
    let packet = Self.udp(address(10, 0, 0, 2), 5, Self.server, 53)
    var flight = Flight(
      context: PacketContext(
        packet: packet, header: try #require(IPHeader(packet.bytes)), hook: .prerouting, table: .raw, input: "eth7",
        output: .none, connection: nil, state: .none), reason: .received)
    var observer = SilentObserver()
    let outcome = walker.run(.prerouting, &flight, input: "eth7", output: .none, observer: &observer)
    guard case .ended(.dropped(let place)) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect("\(place)" == "nat/PREROUTING#1")
    let id = try #require(flight.context.connection)
    #expect(walker.state.connections[id].status == [])
  }

  @Test func brokenPacketsDoNotTrap() throws {
    let fresh = try NATGateway(NATKernelTests.rules)
    for item in Recorded.nat {
      let whole = try #require(Packet(hex: item.packet))
      for length in 20..<whole.bytes.count {
        var world = fresh
        _ = world.forward(Packet(bytes: Array(whole.bytes.prefix(length))), on: "eth0")
      }
    }
  }
}
