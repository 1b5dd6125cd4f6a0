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
  case echoIgnoreAnycast = "icmp.echo_ignore_anycast"
  case errorAnycastAsUnicast = "icmp.error_anycast_as_unicast"
  case anycastAnswers = "anycast_src_echo_reply"
  /// In milliseconds.
  case rateLimit = "icmp.ratelimit"
  /// In seconds.
  case fragmentTime = "ip6frag_time"
  /// In seconds; the one of connection tracking.
  case trackedFragmentTime = "nf_conntrack_frag6_timeout"

  /// The setting of a whole name, `net.ipv6.fwmark_reflect`.
  init?(name: String) {
    let prefix = name == "net.netfilter.nf_conntrack_frag6_timeout" ? "net.netfilter." : "net.ipv6."
    guard name.hasPrefix(prefix) else { return nil }
    self.init(rawValue: String(name.dropFirst(prefix.count)))
  }

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
    case .echoIgnoreAnycast: 8
    case .errorAnycastAsUnicast: 9
    case .anycastAnswers: 10
    case .fragmentTime: 11
    case .trackedFragmentTime: 12
    }
  }

  /// The values that the kernel takes (kernel: `ipv6_table_template`, `ipv6_icmp_table_template`).
  var range: ClosedRange<Int> {
    switch self {
    case .markReflect, .echoIgnoreAll, .echoIgnoreMulticast, .echoIgnoreAnycast, .anycastAnswers: 0...255
    case .errorAnycastAsUnicast: 0...1
    case .hopByHopOptions, .hopByHopLength, .destinationOptions, .destinationLength:
      Int(Int32.min)...Int(Int32.max)
    case .rateLimit: 0...Int(Int32.max)
    case .fragmentTime, .trackedFragmentTime: 0...Int(ConntrackSettings.longestTimeout)
    }
  }

  /// The values of a fresh network namespace, by place.
  static let initial: SIMD16<Int> = [0, 8, Int(Int32.max), 8, Int(Int32.max), 0, 0, 100, 0, 0, 0, 60, 60, 0, 0, 0]
}

/// A setting of IPv6 that every interface has: `net.ipv6.conf.<interface>.<raw value>`.
enum IPv6InterfaceSetting: String, CaseIterable {
  case forwarding
  case hopLimit = "hop_limit"
  case forceForwarding = "force_forwarding"
  case useOutputAddressesOnly = "use_oif_addrs_only"
  case useTemporaryAddresses = "use_tempaddr"
  /// In bytes; 0 where nobody has set it, which is the interface's own.
  case mtu
  /// The traffic class of messages of neighbour discovery.
  case discoveryTrafficClass = "ndisc_tclass"
  case suppressFragmentedDiscovery = "suppress_frag_ndisc"
  case acceptUntrackedAdvertisements = "accept_untracked_na"
  case forceTargetAddress = "force_tllao"
  /// How often a neighbour is asked for before nobody is thought to be there; of `net.ipv6.neigh`.
  case multicastSolicitations = "mcast_solicit"

  /// The setting of a whole name with `*` in the interface's place, `net.ipv6.conf.*.forwarding`.
  init?(pattern: String) {
    let prefix = pattern == "net.ipv6.neigh.*.mcast_solicit" ? "net.ipv6.neigh.*." : "net.ipv6.conf.*."
    guard pattern.hasPrefix(prefix) else { return nil }
    self.init(rawValue: String(pattern.dropFirst(prefix.count)))
  }

  /// The place of its value among those of an interface.
  var place: Int {
    switch self {
    case .forwarding: 0
    case .hopLimit: 1
    case .forceForwarding: 2
    case .useOutputAddressesOnly: 3
    case .useTemporaryAddresses: 4
    case .mtu: 5
    case .discoveryTrafficClass: 6
    case .suppressFragmentedDiscovery: 7
    case .acceptUntrackedAdvertisements: 8
    case .forceTargetAddress: 9
    case .multicastSolicitations: 10
    }
  }

  /// The values that the kernel takes (kernel: `addrconf_sysctl`).
  var range: ClosedRange<Int> {
    switch self {
    case .hopLimit: 1...255
    case .mtu: 1280...65536
    case .forceForwarding: 0...1
    case .discoveryTrafficClass: 0...255
    case .acceptUntrackedAdvertisements: 0...2
    case .multicastSolicitations: 0...Int(Int32.max)
    case .forwarding, .useOutputAddressesOnly, .useTemporaryAddresses, .suppressFragmentedDiscovery,
      .forceTargetAddress:
      Int(Int32.min)...Int(Int32.max)
    }
  }

  /// What a write to `conf.all` changes besides `all` itself.
  var reachOfAll: Reach {
    switch self {
    case .forwarding: .everything
    case .forceForwarding: .interfaces
    default: .nothing
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
  static let initial: SIMD16<Int> = [0, 64, 0, 0, 0, 0, 0, 1, 0, 0, 3, 0, 0, 0, 0, 0]
}
