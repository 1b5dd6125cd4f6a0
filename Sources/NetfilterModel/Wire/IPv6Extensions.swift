// The extension headers of IPv6 (RFC 8200 §4).

extension ProtocolNumber {
  /// The hop-by-hop options of IPv6 (`NEXTHDR_HOP`; RFC 8200 §4.3).
  @inlinable public static var ipv6HopByHop: ProtocolNumber { ProtocolNumber(0) }
  /// The routing header of IPv6 (`NEXTHDR_ROUTING`; RFC 8200 §4.4).
  @inlinable public static var ipv6Routing: ProtocolNumber { ProtocolNumber(43) }
  /// The fragment header of IPv6 (`NEXTHDR_FRAGMENT`; RFC 8200 §4.5).
  @inlinable public static var ipv6Fragment: ProtocolNumber { ProtocolNumber(44) }
  /// The destination options of IPv6 (`NEXTHDR_DEST`; RFC 8200 §4.6).
  @inlinable public static var ipv6DestinationOptions: ProtocolNumber { ProtocolNumber(60) }
}

/// Walking the extension headers of IPv6.
public enum IPv6Extensions {
  /// The length of a fragment header in bytes.
  static let fragmentLength = 8

  /// Where the transport header of the packet at `start` is, or nil when it is cut off or in another fragment (kernel:
  /// `ipv6_skip_exthdr`).
  public static func transportOffset(in bytes: [UInt8], at start: Int) -> Int? {
    var next = IPv6Header.nextHeader(in: bytes, at: start)
    var offset = start &+ IPv6Header.length
    while offset < bytes.count {
      switch next {
      case .ipv6HopByHop, .ipv6Routing, .ipv6DestinationOptions:
        next = ProtocolNumber(bytes.byte(at: offset))
        offset &+= (Int(bytes.byte(at: offset &+ 1)) &+ 1) &* 8
      case .ipv6Fragment:
        if fragmentOffset(in: bytes, at: offset) != 0 { return nil }
        next = ProtocolNumber(bytes.byte(at: offset))
        offset &+= fragmentLength
      case .ah:
        next = AHHeader.nextHeader(in: bytes, at: offset)
        offset &+= AHHeader.length(in: bytes, at: offset)
      default: return offset
      }
    }
    return nil
  }

  /// The offset that the fragment header at `start` names, in units of 8 bytes (kernel: `frag_off` of
  /// `struct frag_hdr`).
  public static func fragmentOffset(in bytes: [UInt8], at start: Int) -> UInt16 { bytes.uint16(at: start &+ 2) >> 3 }
}
