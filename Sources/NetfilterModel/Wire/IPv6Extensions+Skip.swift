// The other ways in which the kernel follows the extension headers of IPv6: past them all, to the fragment header, and to where a
// packet may be cut.

extension IPv6Extensions {
  /// What lies behind the extension headers from `start` on, the first of which is `number`; nil when one of them is cut
  /// off, or says that nothing follows (kernel: `ipv6_skip_exthdr`). At a later fragment it stops at the fragment header.
  public static func skipped(from start: Int, _ number: ProtocolNumber, in bytes: [UInt8]) -> IPv6HeaderPlace? {
    var place = IPv6HeaderPlace(protocolNumber: number, offset: start)
    while place.protocolNumber.isIPv6Extension {
      guard place.protocolNumber != .ipv6NoNextHeader,
        bytes.count &- place.offset >= IPv6OptionsHeader.minimumLength
      else { return nil }
      if place.protocolNumber == .ipv6Fragment {
        guard place.readFragment(bytes) else { return nil }
        if place.fragmentation.offset != 0 { return place }
      }
      place.advance(bytes)
    }
    return place
  }

  /// Where the fragment header of the packet at `start` is, and where its number is written; nil without one (kernel:
  /// `find_prev_fhdr`).
  public static func fragmentHeader(in bytes: [UInt8], at start: Int) -> (offset: Int, numberOffset: Int)? {
    var place = IPv6HeaderPlace(
      protocolNumber: IPv6Header.nextHeader(in: bytes, at: start), offset: start &+ IPv6Header.length)
    var numberOffset = IPv6Header.nextHeaderOffset(at: start)
    while place.protocolNumber != .ipv6Fragment {
      guard place.protocolNumber.isIPv6Extension, place.protocolNumber != .ipv6NoNextHeader,
        bytes.count &- place.offset >= IPv6OptionsHeader.minimumLength
      else { return nil }
      numberOffset = place.numberOffset
      place.advance(bytes)
    }
    return place.offset <= bytes.count ? (place.offset, numberOffset) : nil
  }

  /// How many bytes of a packet every fragment of it repeats, and where the number of what follows them is written; nil when
  /// its headers are cut off (kernel: `ip6_find_1stfragopt`).
  public static func unfragmentable(in bytes: [UInt8]) -> (length: Int, numberOffset: Int)? {
    var place = IPv6HeaderPlace.first(in: bytes)
    var numberOffset = IPv6Header.nextHeaderOffset(at: 0)
    var hasRouting = false
    while place.offset <= bytes.count {
      switch place.protocolNumber {
      case .ipv6HopByHop: break
      case .ipv6Routing: hasRouting = true
      case .ipv6DestinationOptions: if hasRouting { return (place.offset, numberOffset) }
      default: return (place.offset, numberOffset)
      }
      guard bytes.count &- place.offset >= IPv6OptionsHeader.minimumLength else { return nil }
      numberOffset = place.numberOffset
      place.advance(bytes)
    }
    return nil
  }
}
