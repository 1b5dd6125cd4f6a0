import Testing

@testable import NetfilterModel

/// Looking for headers in the chain of IPv6.
@Suite struct IPv6ExtensionsTests {
  typealias Place = IPv6Extensions.Search

  /// Hop-by-hop (8 bytes), routing (24), fragment (8), AH (12), destination options (16), UDP.
  static let parts: [(next: ProtocolNumber, bytes: [UInt8])] = [
    (.ipv6Routing, [43, 0, 1, 4, 0, 0, 0, 0]),
    (.ipv6Fragment, [44, 2, 0, 1, 0, 0, 0, 0] + [UInt8](repeating: 7, count: 16)),
    (.ah, [51, 0, 0, 1, 0, 0, 0, 5]),
    (.ipv6DestinationOptions, [60, 1, 0, 0, 0, 0, 0, 9, 0, 0, 0, 1]),
    (.udp, [17, 1] + [UInt8](repeating: 0, count: 14)),
  ]

  static func packet(_ first: ProtocolNumber, _ rest: [UInt8]) -> [UInt8] {
    IPv6HeaderTests.packet(first, rest)
  }

  static let whole = packet(.ipv6HopByHop, parts.flatMap { $0.bytes } + [0, 53, 0, 53, 0, 8, 0, 0])

  @Test func everyHeaderIsFoundAtItsPlace() {
    let places: [(ProtocolNumber, Int)] = [
      (.ipv6HopByHop, 40), (.ipv6Routing, 48), (.ipv6Fragment, 72), (.ah, 80), (.ipv6DestinationOptions, 92),
    ]
    for (number, place) in places { #expect(IPv6Extensions.find(number, in: Self.whole, at: 0) == .found(place)) }
    #expect(IPv6Extensions.find(.udp, in: Self.whole, at: 0) == .found(108))
    #expect(IPv6Extensions.find(.esp, in: Self.whole, at: 0) == .absent)
    #expect(IPv6Extensions.find(.ah, in: [1, 2] + Self.whole, at: 2) == .found(82))
    let transport = IPv6Extensions.transport(in: Self.whole, at: 0)
    #expect(transport.protocolNumber == .udp && transport.offset == 108 && transport.isKnown)
    #expect(transport.fragmentation.moreFragments && transport.fragmentation.offset == 0)
  }

  @Test func aCutOffHeaderIsNoAbsentOne() {
    // Two bytes say how long a header is; of routing headers four are read, of fragments the offset.
    for (target, start, needed) in [
      (ProtocolNumber.ipv6HopByHop, 40, 2), (.ipv6Routing, 48, 4), (.ipv6Fragment, 72, 4), (.ah, 80, 2),
    ] {
      for length in 40..<Self.whole.count {
        let bytes = Array(Self.whole.prefix(length))
        let expected: Place = length >= start + needed ? .found(start) : .cutOff
        #expect(IPv6Extensions.find(target, in: bytes, at: 0) == expected, "\(target) \(length)")
      }
    }
    for length in 40..<108 {
      let bytes = Array(Self.whole.prefix(length))
      let transport = IPv6Extensions.transport(in: bytes, at: 0)
      // What a header says of the next one is known before its last byte.
      #expect(transport.isKnown == (length >= 94), "\(length)")
      #expect(transport.offset <= length)
      let header = IPHeader(bytes)
      #expect(header?.isProtocolKnown == (length >= 94) && (header?.transportOffset ?? 0) <= length)
    }
  }

  @Test func aLaterFragmentEndsTheSearch() {
    let fragment: [UInt8] = [17, 0, 0, 8, 0, 0, 0, 5, 1, 2, 3, 4]
    let bytes = Self.packet(.ipv6Fragment, fragment)
    #expect(IPv6Extensions.find(.ipv6Fragment, in: bytes, at: 0) == .found(40))
    #expect(IPv6Extensions.find(.ah, in: bytes, at: 0) == .absent)
    let header = IPHeader(bytes)
    #expect(header?.protocolNumber == .udp && header?.fragmentOffset == 1 && header?.isProtocolKnown == true)
    #expect(header?.moreFragments == false && header?.isFragment == true)
    #expect(header?.transportOffset == 0 && header?.comparedFragmentOffset == 8)
    // One that begins with an extension header has no protocol (kernel: `-ENOENT`).
    let nested = IPHeader(Self.packet(.ipv6Fragment, [60] + fragment.dropFirst()))
    #expect(nested?.isProtocolKnown == false && nested?.fragmentOffset == 0)
    #expect(IPHeader(Self.packet(.ipv6Fragment, [59] + fragment.dropFirst()))?.isProtocolKnown == true)
  }

  @Test func kindsOfHeaders() {
    let kinds = { (bytes: [UInt8]) in IPv6Extensions.kinds(in: bytes, at: 0) }
    #expect(kinds(Self.whole) == [.hopByHop, .routing, .fragment, .ah, .destinationOptions, .transport])
    #expect(kinds(Self.packet(.tcp, [])) == [.transport])
    #expect(kinds(Self.packet(.ipv6NoNextHeader, [])) == IPv6Extensions.Kinds.none)
    #expect(kinds(Self.packet(.esp, [1, 2])) == [.esp])
    #expect(kinds(Self.packet(.esp, [1])) == nil)
    #expect(kinds(Self.packet(.ipv6HopByHop, [6])) == nil)
    // A header that leads beyond the packet, to "no next header": that is not counted.
    #expect(kinds(Self.packet(.ipv6HopByHop, [59, 9])) == [.hopByHop])
    #expect(kinds(Self.packet(.ipv6HopByHop, [6, 9])) == [.hopByHop, .transport])
  }

  @Test func optionsAreComparedInOrder() {
    let begins = { (list: [(UInt8, UInt8?)], bytes: [UInt8]) in
      IPv6OptionsHeader.begins(with: list.map { (type: $0.0, length: $0.1) }, in: bytes, at: 0)
    }
    let header: [UInt8] = [6, 0, 5, 2, 0, 0, 1, 0]
    #expect(begins([(5, nil)], header) && begins([(5, 2)], header) && begins([(5, 2), (1, 0)], header))
    #expect(!begins([(5, 3)], header) && !begins([(1, nil)], header) && !begins([(5, nil), (1, 1)], header))
    #expect(!begins([(5, nil), (1, nil), (0, nil)], header))
    #expect(begins([(0, nil), (0, nil)], [6, 0, 0, 0, 0, 0, 0, 0]))
    // The last option may be longer than the header, one before it may not (kernel: `hbh_mt6`).
    #expect(begins([(5, 9)], [6, 0, 5, 9, 0, 0, 0, 0]) && !begins([(5, 9), (0, nil)], [6, 0, 5, 9, 0, 0, 0, 0]))
    for length in 0..<8 { _ = begins([(5, 2), (1, 0)], Array(header.prefix(length))) }
  }

  @Test func trafficClassAndHopLimitChangeInPlace() throws {
    let bytes = Self.whole
    var packet = PacketContext(
      packet: Packet(bytes: bytes), header: try #require(IPHeader(bytes)), hook: .forward, table: .mangle,
      input: "eth0", output: .none, connection: nil, state: .none)
    packet.setTOS(0x5a)
    packet.setTTL(200)
    #expect(packet.header == IPHeader(packet.packet.bytes))
    #expect(packet.header.tos == 0x5a && packet.header.ttl == 200)
    packet.setTOS(0xb8)
    packet.setTTL(3)
    #expect(packet.packet.bytes == bytes)
  }
}
