// The scopes of IPv6 addresses (RFC 4007, RFC 4291 §2.5, §2.7).

extension IPAddress {
  /// Whether the address is link-local: fe80::/10 (RFC 4291 §2.5.6), or a group of that scope.
  public var isLinkLocal: Bool { family == .ipv6 && high >> 54 == 0xfe80 >> 6 }

  /// Whether the address is site-local, fec0::/10 (RFC 4291 §2.5.7).
  public var isSiteLocal: Bool { family == .ipv6 && high >> 54 == 0xfec0 >> 6 }

  /// Whether the address stands for one of IPv4, ::ffff:0:0/96 (RFC 4291 §2.5.5.2).
  public var isIPv4Mapped: Bool { family == .ipv6 && high == 0 && low >> 32 == 0xffff }

  /// Whether the kernel counts the address as one of a single node (kernel: `IPV6_ADDR_UNICAST`).
  public var isIPv6Unicast: Bool { family == .ipv6 && !isMulticast && !isZero && !isIPv4Mapped }

  /// The scope of a group, 0...15 (RFC 4291 §2.7).
  public var multicastScope: UInt8 { UInt8(truncatingIfNeeded: high >> 48) & 15 }

  /// The scope as a number, 1...15 (kernel: `ipv6_addr_src_scope`): 2 for link-local and the loopback address, 5 site-local, 14 global.
  public var scope: UInt8 {
    if isMulticast { return multicastScope }
    if isLinkLocal || isLoopback { return 2 }
    if isSiteLocal { return 5 }
    return 14
  }

  /// The group that neighbours ask for the address (RFC 4291 §2.7.1).
  public var solicitedNode: IPAddress { .v6(0xff02_0000_0000_0000, 0x1_ff00_0000 | low & 0xff_ffff) }

  /// Whether the address is such a group, ff02::1:ff00:0/104 (kernel: `ipv6_addr_is_solict_mult`).
  public var isSolicitedNode: Bool { high == 0xff02_0000_0000_0000 && low >> 24 == 0x1ff }

  /// How many leading bits two addresses have in common, 0...128 (kernel: `ipv6_addr_diff`).
  public func commonPrefixLength(with other: IPAddress) -> Int {
    let first = (high ^ other.high).leadingZeroBitCount
    return first < 64 ? first : 64 + (low ^ other.low).leadingZeroBitCount
  }
}
