// Fragment offset and flags of the IPv4 header, in one word (RFC 791 §3.1).

/// The word of the IPv4 header with the fragment offset and the flags (kernel: `frag_off` of `struct iphdr`).
public struct IPv4Fragmentation: RawRepresentable, Hashable, Sendable {
  /// The word in host order: three flags, then 13 bits of offset.
  public let rawValue: UInt16
  /// Makes it from the word.
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Makes it from the offset in units of 8 bytes, which should be less than 8192, and the flags.
  @inlinable public init(offset: UInt16 = 0, moreFragments: Bool = false, dontFragment: Bool = false) {
    rawValue = offset | (moreFragments ? 0x2000 : 0) | (dontFragment ? 0x4000 : 0)
  }

  /// The offset in units of 8 bytes, 0...8191 (`IP_OFFSET`).
  @inlinable public var offset: UInt16 { rawValue & 0x1fff }
  /// Whether more fragments follow (`IP_MF`).
  @inlinable public var moreFragments: Bool { rawValue & 0x2000 != 0 }
  /// Whether the packet must not be cut (`IP_DF`).
  @inlinable public var dontFragment: Bool { rawValue & 0x4000 != 0 }
  /// Whether the flag that must be zero is set, which the kernel calls congestion (`IP_CE`).
  @inlinable public var isReservedSet: Bool { rawValue & 0x8000 != 0 }
}
