// What every rule asks of the network header, read once from the bytes and kept as plain numbers.

/// The fields of an IPv4 or IPv6 header that the walk needs, decoded once for each packet and again after a change.
public struct IPHeader: Hashable, Sendable {
  /// The family.
  public var family: AddressFamily
  /// The source address.
  public var source: IPAddress
  /// The destination address.
  public var destination: IPAddress
  /// The transport protocol (IPv6: of the last header that was parsed).
  public var protocolNumber: ProtocolNumber
  /// The fragment offset in units of 8 bytes; 0 for whole packets and first fragments.
  public var fragmentOffset: UInt16
  /// Whether more fragments follow.
  public var moreFragments: Bool
  /// Whether the don't-fragment bit is set (IPv4).
  public var dontFragment: Bool
  /// Where the transport header starts.
  public var transportOffset: Int
  /// The length of the packet by its header (IPv4 total length, IPv6 payload length + 40).
  public var totalLength: Int
  /// The TOS or traffic class byte.
  public var tos: UInt8
  /// The TTL or hop limit.
  public var ttl: UInt8
  /// The identification (IPv4).
  public var identification: UInt16

  /// Whether this is a fragment of a larger packet.
  public var isFragment: Bool { fragmentOffset != 0 || moreFragments }

  /// Decodes the header of `bytes`, or returns nil when it is too short or of no known version; checks no checksum.
  public init?(_ bytes: [UInt8]) {
    switch bytes.byte(at: 0) >> 4 {
    case 4:
      let length = Int(bytes.byte(at: 0) & 15) * 4
      guard bytes.count >= 20, length >= 20, length <= bytes.count else { return nil }
      family = .ipv4
      source = .v4(bytes.uint32(at: 12))
      destination = .v4(bytes.uint32(at: 16))
      protocolNumber = ProtocolNumber(bytes[9])
      let fragment = bytes.uint16(at: 6)
      fragmentOffset = fragment & 0x1fff
      moreFragments = fragment & 0x2000 != 0
      dontFragment = fragment & 0x4000 != 0
      transportOffset = length
      totalLength = Int(bytes.uint16(at: 2))
      tos = bytes[1]
      ttl = bytes[8]
      identification = bytes.uint16(at: 4)
    case 6:
      guard let source = IPAddress(family: .ipv6, bytes: bytes, at: 8),
        let destination = IPAddress(family: .ipv6, bytes: bytes, at: 24)
      else { return nil }
      family = .ipv6
      self.source = source
      self.destination = destination
      protocolNumber = ProtocolNumber(bytes[6])
      fragmentOffset = 0
      moreFragments = false
      dontFragment = true
      transportOffset = 40
      totalLength = Int(bytes.uint16(at: 4)) + 40
      tos = UInt8(truncatingIfNeeded: bytes.uint16(at: 0) >> 4)
      ttl = bytes[7]
      identification = 0
    default: return nil
    }
  }
}
