// The settings of IPv6 that a walk asks for: those of the whole host, and those that each interface has.

/// A setting of IPv6 that the whole host has: `net.ipv6.<raw value>`.
enum IPv6Setting: String, CaseIterable {
  case markReflect = "fwmark_reflect"
  case hopByHopOptions = "max_hbh_opts_number"
  /// In bytes.
  case hopByHopLength = "max_hbh_length"
  case destinationOptions = "max_dst_opts_number"
  /// In bytes.
  case destinationLength = "max_dst_opts_length"
  case echoIgnoreAll = "icmp.echo_ignore_all"
  case echoIgnoreMulticast = "icmp.echo_ignore_multicast"
  /// In milliseconds.
  case rateLimit = "icmp.ratelimit"

  /// The place of its value.
  var place: Int {
    switch self {
    case .markReflect: 0
    case .hopByHopOptions: 1
    case .hopByHopLength: 2
    case .destinationOptions: 3
    case .destinationLength: 4
    case .echoIgnoreAll: 5
    case .echoIgnoreMulticast: 6
    case .rateLimit: 7
    }
  }

  /// The values that the kernel takes (kernel: `ipv6_table_template`, `ipv6_icmp_table_template`).
  var range: ClosedRange<Int> {
    switch self {
    case .markReflect, .echoIgnoreAll, .echoIgnoreMulticast: 0...255
    case .hopByHopOptions, .hopByHopLength, .destinationOptions, .destinationLength:
      Int(Int32.min)...Int(Int32.max)
    case .rateLimit: 0...Int(Int32.max)
    }
  }

  /// The values of a fresh network namespace, by place.
  static let initial: SIMD8<Int> = [0, 8, Int(Int32.max), 8, Int(Int32.max), 0, 0, 100]
}

/// A setting of IPv6 that every interface has: `net.ipv6.conf.<interface>.<raw value>`.
enum IPv6InterfaceSetting: String, CaseIterable {
  case forwarding
  case hopLimit = "hop_limit"
  case forceForwarding = "force_forwarding"
  case useOutputAddressesOnly = "use_oif_addrs_only"
  case useTemporaryAddresses = "use_tempaddr"

  /// The place of its value among those of an interface.
  var place: Int {
    switch self {
    case .forwarding: 0
    case .hopLimit: 1
    case .forceForwarding: 2
    case .useOutputAddressesOnly: 3
    case .useTemporaryAddresses: 4
    }
  }

  /// The values that the kernel takes (kernel: `addrconf_sysctl`).
  var range: ClosedRange<Int> {
    switch self {
    case .hopLimit: 1...255
    case .forceForwarding: 0...1
    case .forwarding, .useOutputAddressesOnly, .useTemporaryAddresses: Int(Int32.min)...Int(Int32.max)
    }
  }

  /// What a write to `conf.all` changes besides `all` itself.
  var reachOfAll: Reach {
    switch self {
    case .forwarding: .everything
    case .forceForwarding: .interfaces
    case .hopLimit, .useOutputAddressesOnly, .useTemporaryAddresses: .nothing
    }
  }

  /// What a write to `conf.all` changes.
  enum Reach {
    /// Every interface, and what new ones get (kernel: `addrconf_fixup_forwarding`).
    case everything
    /// Every interface (kernel: `addrconf_sysctl_force_forwarding`).
    case interfaces
    /// Nothing: the kernel asks for the interface's own value alone.
    case nothing
  }

  /// The values of a new interface, by place.
  static let initial: SIMD8<Int> = [0, 64, 0, 0, 0, 0, 0, 0]
}
