// Cuts IPv4 datagrams that are too large for the interface that they leave on.

import NetfilterModel

/// Fragmentation of IPv4 datagrams (kernel: `ip_do_fragment`; RFC 791 §3.2).
public enum Fragmenter {
  /// The fragments of a datagram for an MTU in bytes; the datagram itself when it cannot be cut.
  ///
  /// A datagram that was reassembled on its way in (`origin`) leaves as it came, fragment for fragment, where the
  /// MTU allows, and never in larger pieces than it came in. Whether it may be cut at all is not asked here.
  public static func fragment(_ bytes: [UInt8], mtu: Int, origin: FragmentOrigin? = nil) -> [[UInt8]] {
    guard let header = IPHeader(bytes), header.family == .ipv4 else { return [bytes] }
    let limit = min(mtu, origin.map { $0.maximumSize > 0 ? $0.maximumSize : mtu } ?? mtu)
    let space = limit &- header.transportOffset
    let length = bytes.count &- header.transportOffset
    guard space >= 8, length > 0 else { return [bytes] }
    var later = Array(bytes[..<header.transportOffset])
    removeUncopiedOptions(&later)
    var cutter = Cutter(bytes: bytes, header: header, laterHeader: later)
    if let origin, !header.isFragment, origin.fits(length: length, space: space) {
      for size in origin.lengths { cutter.cut(size) }
      return cutter.fragments
    }
    cutter.setsDontFragment = origin?.keepsDontFragment ?? false
    while cutter.remaining > 0 { cutter.cut(cutter.remaining <= space ? cutter.remaining : space & ~7) }
    return cutter.fragments
  }

  /// Overwrites the options that only the first fragment has with no-operations (kernel: `ip_options_fragment`).
  private static func removeUncopiedOptions(_ header: inout [UInt8]) {
    var index = IPv4Header.minimumLength
    while index < header.count {
      let kind = IPv4Option.kind(in: header, at: index)
      if kind == .end { return }
      if kind == .noOperation {
        index &+= 1
        continue
      }
      let length = IPv4Option.length(in: header, at: index)
      guard length >= IPv4Option.headerLength, index &+ length <= header.count else { return }
      if !kind.isCopied {
        let nothing = repeatElement(IPv4OptionKind.noOperation.rawValue, count: length)
        header.replaceSubrange(index..<(index &+ length), with: nothing)
      }
      index &+= length
    }
  }

  /// Cuts one fragment after the other off a datagram.
  private struct Cutter {
    let bytes: [UInt8]
    let header: IPHeader
    let laterHeader: [UInt8]
    var setsDontFragment = false
    var position = 0
    var fragments: [[UInt8]] = []

    init(bytes: [UInt8], header: IPHeader, laterHeader: [UInt8]) {
      self.bytes = bytes
      self.header = header
      self.laterHeader = laterHeader
    }

    /// How many bytes of payload are left.
    var remaining: Int { bytes.count &- header.transportOffset &- position }

    mutating func cut(_ size: Int) {
      let start = header.transportOffset &+ position
      let end = min(bytes.count, start &+ size)
      guard start < end else { return }
      var fragment = position == 0 ? Array(bytes[..<header.transportOffset]) : laterHeader
      let fragmentation = IPv4Fragmentation(
        offset: header.fragmentOffset &+ UInt16(truncatingIfNeeded: position / 8),
        moreFragments: end < bytes.count || header.moreFragments, dontFragment: setsDontFragment)
      fragment += bytes[start..<end]
      IPv4Header.setTotalLength(UInt16(clamping: fragment.count), in: &fragment, at: 0)
      IPv4Header.setFragmentation(fragmentation, in: &fragment, at: 0)
      IPv4Header.updateChecksum(of: &fragment, length: header.transportOffset)
      fragments.append(fragment)
      position &+= end &- start
    }
  }
}
