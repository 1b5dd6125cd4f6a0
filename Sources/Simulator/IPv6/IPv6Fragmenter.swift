// Cuts IPv6 packets that were put together from fragments (kernel: `ip6_fragment`; RFC 8200 §4.5).

import NetfilterModel

/// Fragmentation of IPv6 packets.
enum IPv6Fragmenter {
  /// What the kernel keeps free for the header of a device without one, in bytes (kernel: `LL_RESERVED_SPACE`).
  private static let linkLayerSpace = 16

  /// The fragments of a packet for an MTU in bytes; the packet itself when it cannot be cut.
  ///
  /// A packet that was reassembled on its way in leaves in the pieces that it came in where they fit.
  static func fragment(
    _ bytes: [UInt8], mtu: Int, origin: FragmentOrigin?, identification: UInt32
  ) -> [[UInt8]] {
    guard let head = IPv6Extensions.unfragmentable(in: bytes) else { return [bytes] }
    let space = mtu - head.length - IPv6FragmentHeader.length
    let length = bytes.count - head.length
    guard space >= 8, length > 0 else { return [bytes] }
    var header = Array(bytes[..<head.length])
    let next = IPv6Header.number(in: bytes, at: head.numberOffset)
    IPv6Header.setNumber(.ipv6Fragment, in: &header, at: head.numberOffset)
    var fragments: [[UInt8]] = []
    var position = 0
    func cut(_ size: Int) {
      let start = head.length + position
      let end = min(bytes.count, start + size)
      guard start < end else { return }
      var fragment = header
      fragment += IPv6FragmentHeader.make(
        nextHeader: next, offset: UInt16(truncatingIfNeeded: position / 8), moreFragments: end < bytes.count,
        identification: identification)
      fragment += bytes[start..<end]
      IPv6Header.setPayloadLength(UInt16(clamping: fragment.count - IPv6Header.length), in: &fragment, at: 0)
      fragments.append(fragment)
      position += end - start
    }
    // In front of a piece there must be room for its headers and those of the link layer.
    let needed = head.length + IPv6FragmentHeader.length + linkLayerSpace
    if let origin, origin.headroom >= needed, origin.fits(length: length, space: space) {
      for size in origin.lengths { cut(size) }
      return fragments
    }
    while position < length { cut(length - position <= space ? length - position : space & ~7) }
    return fragments
  }
}
