// What every rule asks of the network header, read once from the bytes and kept as plain numbers.

/// The fields of an IPv4 or IPv6 header that the walk needs, decoded once for each packet and again after a change.
public struct IPHeader: Hashable, Sendable {
  /// The family.
  public var family: AddressFamily
  /// The source address.
  public var source: IPAddress
  /// The destination address.
  public var destination: IPAddress
  /// The transport protocol; for IPv6 that behind the extension headers, or where these cannot be followed (kernel:
  /// `ipv6_find_hdr` without a target).
  public var protocolNumber: ProtocolNumber
  /// The fragment offset in units of 8 bytes; 0 for whole packets and first fragments.
  public var fragmentOffset: UInt16
  /// Whether more fragments follow.
  public var moreFragments: Bool
  /// Whether the don't-fragment bit is set (IPv4).
  public var dontFragment: Bool
  /// Where the transport header starts, at most the end of the packet; 0 in a later fragment of IPv6 (kernel:
  /// `par->thoff`).
  public var transportOffset: Int
  /// Whether the protocol could be found; false for IPv6 where an extension header is cut off, and in a later fragment
  /// that begins with one.
  public var isProtocolKnown = true
  /// Whether a fragment header precedes the transport header (IPv6), also that of a packet in one fragment.
  public var hasFragmentHeader = false
  /// The length of the packet by its header (IPv4 total length, IPv6 payload length + 40).
  public var totalLength: Int
  /// The TOS or traffic class byte.
  public var tos: UInt8
  /// The TTL or hop limit.
  public var ttl: UInt8
  /// The identification (IPv4).
  public var identification: UInt16

  /// The fragment offset as matches compare it: in units of 8 bytes for IPv4, in bytes for IPv6 (kernel: `par->fragoff`).
  public var comparedFragmentOffset: UInt16 { family == .ipv4 ? fragmentOffset : fragmentOffset << 3 }

  /// Whether this is a fragment of a larger packet.
  public var isFragment: Bool { fragmentOffset != 0 || moreFragments }

  /// Decodes the header of `bytes`, or returns nil when it is too short or of no known version; checks no checksum.
  public init?(_ bytes: [UInt8]) {
    switch IPv4Header.version(in: bytes, at: 0) {
    case 4:
      let length = IPv4Header.length(in: bytes, at: 0)
      guard bytes.count >= IPv4Header.minimumLength, length >= IPv4Header.minimumLength, length <= bytes.count else {
        return nil
      }
      family = .ipv4
      source = IPv4Header.source(in: bytes, at: 0)
      destination = IPv4Header.destination(in: bytes, at: 0)
      protocolNumber = IPv4Header.protocolNumber(in: bytes, at: 0)
      let fragmentation = IPv4Header.fragmentation(in: bytes, at: 0)
      fragmentOffset = fragmentation.offset
      moreFragments = fragmentation.moreFragments
      dontFragment = fragmentation.dontFragment
      transportOffset = length
      totalLength = Int(IPv4Header.totalLength(in: bytes, at: 0))
      tos = IPv4Header.tos(in: bytes, at: 0)
      ttl = IPv4Header.ttl(in: bytes, at: 0)
      identification = IPv4Header.identification(in: bytes, at: 0)
    case 6:
      guard let source = IPv6Header.source(in: bytes, at: 0),
        let destination = IPv6Header.destination(in: bytes, at: 0)
      else { return nil }
      family = .ipv6
      self.source = source
      self.destination = destination
      let transport = IPv6Extensions.transport(in: bytes, at: 0)
      protocolNumber = transport.protocolNumber
      isProtocolKnown = transport.isKnown
      fragmentOffset = transport.fragmentation.offset
      hasFragmentHeader = transport.hasFragmentHeader
      moreFragments = transport.fragmentation.moreFragments
      dontFragment = true
      transportOffset = fragmentOffset == 0 ? transport.offset : 0
      totalLength = Int(IPv6Header.payloadLength(in: bytes, at: 0)) + IPv6Header.length
      tos = IPv6Header.trafficClass(in: bytes, at: 0)
      ttl = IPv6Header.hopLimit(in: bytes, at: 0)
      identification = 0
    default: return nil
    }
  }
}
