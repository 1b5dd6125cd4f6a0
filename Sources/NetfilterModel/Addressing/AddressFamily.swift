// Which IP version a rule, a packet or a table belongs to.

/// The address family of a packet or a ruleset (kernel: `NFPROTO_IPV4`, `NFPROTO_IPV6`).
public enum AddressFamily: UInt8, Hashable, Sendable, CaseIterable {
  /// IPv4: what `iptables` handles.
  case ipv4 = 2
  /// IPv6: what `ip6tables` handles.
  case ipv6 = 10

  /// `v4` or `v6`, as reports and the flow language name the family.
  public var name: String { self == .ipv4 ? "v4" : "v6" }
  /// The length of an address in bytes, 4 or 16.
  public var addressLength: Int { self == .ipv4 ? 4 : 16 }
  /// The length of an address in bits, 32 or 128.
  public var addressBits: Int { self == .ipv4 ? 32 : 128 }
}
