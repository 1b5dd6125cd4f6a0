// The mask of a list of -m recent, which holds for the addresses of both families.

/// The 16 bytes of a mask (kernel: `nf_inet_addr_mask`): of an IPv4 one, which fills the first four, 12 zeros follow, so that a
/// list made by `--mask 255.255.255.255` keeps the first 32 bits of IPv6 addresses.
struct RecentMask: Hashable, Sendable {
  private let bits: IPAddress

  init(_ mask: IPAddress) {
    bits = mask.family == .ipv6 ? mask : .v6(mask.low << 32, 0)
  }

  /// The part of an address that counts.
  func kept(of address: IPAddress) -> IPAddress {
    address.masked(by: address.family == .ipv6 ? bits : .v4(UInt32(truncatingIfNeeded: bits.high >> 32)))
  }
}
