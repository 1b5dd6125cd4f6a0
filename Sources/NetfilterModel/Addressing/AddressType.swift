// The types that routing gives addresses.

/// The type that routing gives an address (kernel: `RTN_*`).
public enum AddressType: UInt8, Hashable, Sendable, CaseIterable {
  /// `RTN_UNSPEC`: the zero address.
  case unspec = 0
  /// `RTN_UNICAST`.
  case unicast = 1
  /// `RTN_LOCAL`: an address of the host.
  case local = 2
  /// `RTN_BROADCAST`.
  case broadcast = 3
  /// `RTN_ANYCAST`.
  case anycast = 4
  /// `RTN_MULTICAST`.
  case multicast = 5
  /// `RTN_BLACKHOLE`.
  case blackhole = 6
  /// `RTN_UNREACHABLE`.
  case unreachable = 7
  /// `RTN_PROHIBIT`.
  case prohibit = 8
  /// `RTN_THROW`.
  case `throw` = 9
  /// `RTN_NAT`.
  case nat = 10
  /// `RTN_XRESOLVE`.
  case xresolve = 11
}
