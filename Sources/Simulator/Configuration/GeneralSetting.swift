// The settings of IPv4 that no interface has for itself.

/// A setting that the whole host has: `net.ipv4.<raw value>`.
enum GeneralSetting: String, CaseIterable {
  case defaultTTL = "ip_default_ttl"
  case echoIgnoreAll = "icmp_echo_ignore_all"
  case echoIgnoreBroadcasts = "icmp_echo_ignore_broadcasts"
  /// In milliseconds.
  case rateLimit = "icmp_ratelimit"
  case rateMask = "icmp_ratemask"
  case errorsUseInboundAddress = "icmp_errors_use_inbound_ifaddr"
  case markReflect = "fwmark_reflect"
  case forwardUpdatesPriority = "ip_forward_update_priority"
  /// In seconds.
  case fragmentTime = "ipfrag_time"
  case fragmentDistance = "ipfrag_max_dist"
  /// In bytes.
  case fragmentMemory = "ipfrag_high_thresh"

  /// The place of its value.
  var place: Int {
    switch self {
    case .defaultTTL: 0
    case .echoIgnoreAll: 1
    case .echoIgnoreBroadcasts: 2
    case .rateLimit: 3
    case .rateMask: 4
    case .errorsUseInboundAddress: 5
    case .markReflect: 6
    case .forwardUpdatesPriority: 7
    case .fragmentTime: 8
    case .fragmentDistance: 9
    case .fragmentMemory: 10
    }
  }

  /// The values that the kernel takes (kernel: `ipv4_net_table`).
  var range: ClosedRange<Int> {
    switch self {
    case .defaultTTL: 1...255
    case .echoIgnoreAll, .echoIgnoreBroadcasts, .errorsUseInboundAddress, .forwardUpdatesPriority: 0...1
    case .rateLimit: 0...0x7fff_ffff
    // Kept in jiffies of 4 ms (kernel: `proc_dointvec_jiffies`).
    case .fragmentTime: 0...0x7fff_ffff / 250
    case .fragmentDistance: 0...0x7fff_ffff
    case .fragmentMemory: 0...Int.max
    case .rateMask: Int(Int32.min)...Int(Int32.max)
    case .markReflect: 0...255
    }
  }

  /// The values of a fresh network namespace, by place.
  static let initial: SIMD16<Int> = [64, 0, 1, 1000, 6168, 0, 0, 1, 30, 64, 4_194_304, 0, 0, 0, 0, 0]
}
