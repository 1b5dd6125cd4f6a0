// One address type for both families, held as two 64-bit words so that a masked comparison is four instructions.

/// An IPv4 or IPv6 address; an IPv4 address lies in the low 32 bits of `low`.
public struct IPAddress: Hashable, Sendable {
  /// The family that the address belongs to.
  public var family: AddressFamily
  /// The upper 64 bits; zero for IPv4.
  public var high: UInt64
  /// The lower 64 bits; at most `0xffff_ffff` for IPv4.
  public var low: UInt64

  /// Makes an address from its words.
  public init(family: AddressFamily, high: UInt64, low: UInt64) {
    self.family = family
    self.high = high
    self.low = low
  }

  /// One word for IPv4, two for IPv6.
  public func hash(into hasher: inout Hasher) {
    if family == .ipv6 { hasher.combine(high) }
    hasher.combine(low)
  }

  /// Makes an IPv4 address from its 32 bits in host order.
  public static func v4(_ bits: UInt32) -> IPAddress {
    IPAddress(family: .ipv4, high: 0, low: UInt64(bits))
  }

  /// Makes an IPv6 address from its two halves.
  public static func v6(_ high: UInt64, _ low: UInt64) -> IPAddress {
    IPAddress(family: .ipv6, high: high, low: low)
  }

  /// The loopback address of a family: 127.0.0.1 or ::1.
  public static func loopback(_ family: AddressFamily) -> IPAddress {
    family == .ipv4 ? .v4(0x7f00_0001) : .v6(0, 1)
  }

  /// The all-zero address of a family (`0.0.0.0`, `::`).
  public static func any(_ family: AddressFamily) -> IPAddress {
    IPAddress(family: family, high: 0, low: 0)
  }

  /// The 32 bits of an IPv4 address in host order; the low 32 bits otherwise.
  public var v4Bits: UInt32 { UInt32(truncatingIfNeeded: low) }

  /// Whether every bit is zero.
  public var isZero: Bool { high | low == 0 }

  /// Whether the address is a loopback address (127.0.0.0/8, `::1`; RFC 1122 §3.2.1.3, RFC 4291 §2.5.3).
  public var isLoopback: Bool {
    family == .ipv4 ? v4Bits >> 24 == 127 : (high == 0 && low == 1)
  }

  /// Whether the address is a multicast address (224.0.0.0/4, `ff00::/8`; RFC 5771, RFC 4291 §2.7).
  public var isMulticast: Bool {
    family == .ipv4 ? v4Bits >> 28 == 0xe : high >> 56 == 0xff
  }

  /// The address with every bit outside `mask` cleared.
  public func masked(by mask: IPAddress) -> IPAddress {
    IPAddress(family: family, high: high & mask.high, low: low & mask.low)
  }

  /// A mask of `length` leading one bits, clamped to 0...32 or 0...128.
  public static func prefixMask(_ length: Int, family: AddressFamily) -> IPAddress {
    switch family {
    case .ipv4:
      let bits = max(0, min(32, length))
      return .v4(bits == 0 ? 0 : UInt32.max << UInt32(32 - bits))
    case .ipv6:
      let bits = max(0, min(128, length))
      let high = bits == 0 ? 0 : (bits >= 64 ? UInt64.max : UInt64.max << UInt64(64 - bits))
      let low = bits <= 64 ? 0 : UInt64.max << UInt64(128 - bits)
      return .v6(high, low)
    }
  }

  /// The prefix length if the address is a contiguous mask, otherwise nil.
  public var prefixLength: Int? {
    let bits: Int
    if family == .ipv4 {
      bits = (~v4Bits).leadingZeroBitCount
    } else {
      let first = (~high).leadingZeroBitCount
      bits = first == 64 ? 64 + (~low).leadingZeroBitCount : first
    }
    return self == .prefixMask(bits, family: family) ? bits : nil
  }

  /// Reads the address out of `bytes` in network order, or nil when too few bytes are left.
  public init?(family: AddressFamily, bytes: [UInt8], at offset: Int) {
    let length = family.addressLength
    guard offset >= 0, bytes.count - offset >= length else { return nil }
    // Every packet's addresses are read here, so it is done by words.
    self = bytes.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
      if family == .ipv4 {
        return .v4(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
      }
      return .v6(
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)))
    }
  }

  /// The address in network order, 4 or 16 bytes.
  public var bytes: [UInt8] {
    if family == .ipv4 { return (0..<4).map { UInt8(truncatingIfNeeded: low >> UInt64(24 - 8 * $0)) } }
    return (0..<16).map {
      UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> UInt64(56 - 8 * ($0 % 8)))
    }
  }
}

extension IPAddress: Comparable {
  /// Orders addresses by their numeric value, IPv4 before IPv6.
  public static func < (left: IPAddress, right: IPAddress) -> Bool {
    (left.family.rawValue, left.high, left.low) < (right.family.rawValue, right.high, right.low)
  }
}
