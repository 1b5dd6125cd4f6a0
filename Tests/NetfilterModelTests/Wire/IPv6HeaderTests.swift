import NetfilterModel
import Testing

/// The IPv6 header and what may stand between it and the transport header.
struct IPv6HeaderTests {
  static let source = IPAddress.v6(0x2001_0db8_0000_0001, 7)
  static let destination = IPAddress.v6(0x2001_0db8_0000_0002, 9)

  static func packet(_ next: ProtocolNumber, _ rest: [UInt8]) -> [UInt8] {
    IPv6Header.make(
      trafficClass: 0xb8, payloadLength: rest.count, nextHeader: next, hopLimit: 3, source: source,
      destination: destination) + rest
  }

  @Test func whatIsMadeIsReadAgain() throws {
    let bytes = Self.packet(.udp, [1, 2, 3])
    #expect(Array(bytes.prefix(8)) == [0x6b, 0x80, 0, 0, 0, 3, 17, 3])
    #expect(IPv6Header.trafficClass(in: bytes, at: 0) == 0xb8)
    #expect(IPv6Header.flowLabel(in: bytes, at: 0) == 0)
    #expect(IPv6Header.flowLabel(in: [0x6b, 0x8f, 0x12, 0x34], at: 0) == 0xf1234)
    let header = try #require(IPHeader(bytes))
    #expect(header.family == .ipv6 && header.source == Self.source && header.destination == Self.destination)
    #expect(header.protocolNumber == .udp && header.totalLength == 43 && header.transportOffset == 40)
    #expect(header.tos == 0xb8 && header.ttl == 3)
  }

  @Test func aHeaderCutOffIsNone() {
    let bytes = Self.packet(.udp, [])
    for length in 0..<40 {
      #expect(IPHeader(Array(bytes.prefix(length))) == nil)
      #expect(IPv6Header.destination(in: Array(bytes.prefix(length)), at: 0) == nil)
    }
    #expect(IPHeader(bytes) != nil)
  }

  /// Hop-by-hop of 8 bytes, destination options of 16, a first fragment, AH of 12 bytes, then UDP.
  static let chain: [UInt8] =
    [60, 0, 0, 0, 0, 0, 0, 0] + [44, 1] + [UInt8](repeating: 0, count: 14) + [51, 0, 0, 1, 0, 0, 0, 5]
    + [17, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2] + [0, 53, 0, 53]

  @Test func extensionHeadersAreWalkedByTheirLengths() {
    let bytes = Self.packet(.ipv6HopByHop, Self.chain)
    #expect(IPv6Extensions.transportOffset(in: bytes, at: 0) == 40 + 8 + 16 + 8 + 12)
    #expect(IPv6Extensions.transportOffset(in: [0, 0] + bytes, at: 2) == 2 + 40 + 8 + 16 + 8 + 12)
    #expect(IPv6Extensions.transportOffset(in: Self.packet(.tcp, [1]), at: 0) == 40)
    for length in 0...(40 + 8 + 16 + 8 + 12) {
      #expect(IPv6Extensions.transportOffset(in: Array(bytes.prefix(length)), at: 0) == nil, "\(length)")
    }
  }

  @Test func aLaterFragmentHasNoTransportHeader() {
    #expect(
      IPv6Extensions.transportOffset(in: Self.packet(.ipv6Fragment, [17, 0, 0, 8, 0, 0, 0, 5, 0, 53]), at: 0) == nil)
    #expect(
      IPv6Extensions.transportOffset(in: Self.packet(.ipv6Fragment, [17, 0, 0, 7, 0, 0, 0, 5, 0, 53]), at: 0) == 48)
  }
}
