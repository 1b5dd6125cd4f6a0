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
  /// Nothing follows (`NEXTHDR_NONE`; RFC 8200 §4.7).
  @inlinable public static var ipv6NoNextHeader: ProtocolNumber { ProtocolNumber(59) }
  /// The mobility header of IPv6 (`NEXTHDR_MOBILITY`; RFC 6275 §6.1).
  @inlinable public static var ipv6Mobility: ProtocolNumber { ProtocolNumber(135) }
}

extension ProtocolNumber {
  /// Whether the kernel counts the number among the extension headers (kernel: `ipv6_ext_hdr`).
  @inlinable public var isIPv6Extension: Bool {
    switch rawValue {
    case 0, 43, 44, 51, 59, 60: true
    default: false
    }
  }
}

/// Walking the extension headers of IPv6.
public enum IPv6Extensions {
  /// Where the transport header of the packet at `start` is, or nil when it is cut off or in another fragment (kernel:
  /// `ipv6_skip_exthdr`).
  public static func transportOffset(in bytes: [UInt8], at start: Int) -> Int? {
    var next = IPv6Header.nextHeader(in: bytes, at: start)
    var offset = start &+ IPv6Header.length
    while offset < bytes.count {
      switch next {
      case .ipv6HopByHop, .ipv6Routing, .ipv6DestinationOptions:
        next = IPv6OptionsHeader.nextHeader(in: bytes, at: offset)
        offset &+= IPv6OptionsHeader.length(in: bytes, at: offset)
      case .ipv6Fragment:
        if IPv6FragmentHeader.fragmentation(in: bytes, at: offset).offset != 0 { return nil }
        next = IPv6OptionsHeader.nextHeader(in: bytes, at: offset)
        offset &+= IPv6FragmentHeader.length
      case .ah:
        next = AHHeader.nextHeader(in: bytes, at: offset)
        offset &+= AHHeader.length(in: bytes, at: offset)
      default: return offset
      }
    }
    return nil
  }
}
