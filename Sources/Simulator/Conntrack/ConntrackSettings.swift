// The sysctls of connection tracking that decide what happens to a packet.

import NetfilterModel

/// The `net.netfilter.nf_conntrack_*` sysctls that matter to a packet, with the kernel's defaults.
///
/// Every timeout is in whole seconds.
public struct ConntrackSettings: Hashable, Sendable {
  /// Whether connections get packet and byte counters when they are created (`nf_conntrack_acct`).
  public var acct = false
  /// Whether transport checksums are verified on PREROUTING (`nf_conntrack_checksum`).
  public var checksum = true
  /// How many connections there may be, 0 for no limit (`nf_conntrack_max`).
  public var maximum: UInt32 = 262_144
  /// How many buckets the kernel's table has, which decides where a full table looks for a connection to evict (`nf_conntrack_buckets`).
  public var buckets: UInt32 = 262_144
  /// Whether TCP connections are picked up in the middle (`nf_conntrack_tcp_loose`).
  public var tcpLoose = true
  /// Whether segments outside the window pass as valid (`nf_conntrack_tcp_be_liberal`).
  public var tcpBeLiberal = false
  /// Whether the sequence number of RST segments goes unchecked (`nf_conntrack_tcp_ignore_invalid_rst`).
  public var tcpIgnoreInvalidRST = false
  /// How often a segment may be sent again before the timeout shrinks (`nf_conntrack_tcp_max_retrans`).
  public var tcpMaxRetrans: UInt8 = 3
  /// Timeouts of the TCP states, indexed by the raw value of `TCPConnectionState`.
  public var tcpTimeouts: [UInt32] = [120, 120, 60, 432_000, 120, 60, 30, 120, 10, 120]
  /// The timeout after too many retransmissions (`nf_conntrack_tcp_timeout_max_retrans`).
  public var tcpTimeoutMaxRetrans: UInt32 = 300
  /// The longest timeout while data waits for its acknowledgement (`nf_conntrack_tcp_timeout_unacknowledged`).
  public var tcpTimeoutUnacknowledged: UInt32 = 300
  /// UDP without an answer (`nf_conntrack_udp_timeout`).
  public var udpTimeout: UInt32 = 30
  /// UDP streams (`nf_conntrack_udp_timeout_stream`).
  public var udpTimeoutStream: UInt32 = 120
  /// ICMP (`nf_conntrack_icmp_timeout`).
  public var icmpTimeout: UInt32 = 30
  /// ICMPv6 (`nf_conntrack_icmpv6_timeout`).
  public var icmpv6Timeout: UInt32 = 30
  /// Protocols without a tracker (`nf_conntrack_generic_timeout`).
  public var genericTimeout: UInt32 = 600
  /// GRE without an answer (`nf_conntrack_gre_timeout`).
  public var greTimeout: UInt32 = 30
  /// GRE with an answer (`nf_conntrack_gre_timeout_stream`).
  public var greTimeoutStream: UInt32 = 180
  /// Timeouts of the SCTP states, indexed by the raw value of `SCTPConnectionState`.
  public var sctpTimeouts: [UInt32] = [10, 10, 3, 3, 210, 3, 3, 3, 30]

  /// Makes settings with the defaults of Linux 6.18.
  public init() {}

  /// Sets one sysctl from its text, as writing to `/proc/sys` does.
  ///
  /// `key` is the name after `net.netfilter.nf_conntrack_`; the prefix may stand in front. Sysctls that change
  /// nothing about a packet (`log_invalid`, `events`, ...) are accepted and forgotten.
  /// - Returns: false for an unknown name, a read-only one, or a value that the kernel refuses.
  public mutating func set(_ key: String, _ value: String) -> Bool {
    var name = Substring(key)
    for prefix in ["net.netfilter.", "net.", "nf_conntrack_"] where name.hasPrefix(prefix) {
      name = name.dropFirst(prefix.count)
    }
    guard let number = Self.number(value) else { return false }
    switch name {
    case "acct": return Self.assign(number, &acct)
    case "checksum": return Self.assign(number, &checksum)
    case "tcp_loose": return Self.assign(number, &tcpLoose)
    case "tcp_be_liberal": return Self.assign(number, &tcpBeLiberal)
    case "tcp_ignore_invalid_rst": return Self.assign(number, &tcpIgnoreInvalidRST)
    case "tcp_max_retrans":
      guard let count = UInt8(exactly: number) else { return false }
      tcpMaxRetrans = count
      return true
    case "max":
      guard number <= 0x7fff_ffff else { return false }
      maximum = number
      return true
    case "buckets":
      // Whole pages of list heads (kernel: `nf_ct_alloc_hashtable`).
      guard number > 0, number <= 0x1fff_ffff else { return false }
      buckets = (number + 511) / 512 * 512
      return true
    case _ where Self.unused.contains(name): return true
    default: return setTimeout(name, number)
    }
  }

  /// The values that a sysctl takes, by its full name; nil when connection tracking has none of this name that can be written.
  ///
  /// The kernel takes negative timeouts too, as ones of 198 days; these are left out.
  static func range(of key: String) -> ClosedRange<Int>? {
    guard let name = shortName(key) else { return nil }
    switch name {
    case "acct", "checksum", "tcp_loose", "tcp_be_liberal", "tcp_ignore_invalid_rst", "timestamp": return 0...1
    case "events": return 0...2
    case "tcp_max_retrans", "log_invalid": return 0...255
    case "max": return 0...0x7fff_ffff
    case "buckets": return 1...0x1fff_ffff
    default:
      var trial = ConntrackSettings()
      return trial.setTimeout(name, 0) ? 0...Int(longestTimeout) : nil
    }
  }

  /// Whether a sysctl of connection tracking changes something about a packet.
  static func isUsed(_ key: String) -> Bool {
    guard let name = shortName(key) else { return false }
    return !unused.contains(name)
  }

  /// The name after `net.netfilter.nf_conntrack_`, or nil for others.
  private static func shortName(_ key: String) -> Substring? {
    for prefix in ["net.netfilter.nf_conntrack_", "net.nf_conntrack_"] where key.hasPrefix(prefix) {
      return key.dropFirst(prefix.count)
    }
    return nil
  }

  /// What changes nothing about a packet.
  private static let unused: [Substring] = [
    "timestamp", "log_invalid", "events", "expect_max", "frag6_timeout", "frag6_low_thresh",
    "frag6_high_thresh",
  ]

  /// The TCP timeout of a state.
  func tcpTimeout(_ state: TCPConnectionState) -> UInt32 {
    Int(state.rawValue) < tcpTimeouts.count ? tcpTimeouts[Int(state.rawValue)] : 0
  }

  /// The SCTP timeout of a state.
  func sctpTimeout(_ state: SCTPConnectionState) -> UInt32 {
    Int(state.rawValue) < sctpTimeouts.count ? sctpTimeouts[Int(state.rawValue)] : 0
  }

  /// The longest timeout in seconds that 32-bit jiffies hold at the kernel's 250 Hz (`proc_dointvec_jiffies`).
  static let longestTimeout: UInt32 = 0x7fff_ffff / 250

  private mutating func setTimeout(_ name: Substring, _ seconds: UInt32) -> Bool {
    guard seconds <= Self.longestTimeout else { return false }
    switch name {
    case "tcp_timeout_syn_sent": setTCP(.synSent, seconds)
    case "tcp_timeout_syn_recv": setTCP(.synRecv, seconds)
    case "tcp_timeout_established": setTCP(.established, seconds)
    case "tcp_timeout_fin_wait": setTCP(.finWait, seconds)
    case "tcp_timeout_close_wait": setTCP(.closeWait, seconds)
    case "tcp_timeout_last_ack": setTCP(.lastAck, seconds)
    case "tcp_timeout_time_wait": setTCP(.timeWait, seconds)
    case "tcp_timeout_close": setTCP(.close, seconds)
    case "tcp_timeout_max_retrans": tcpTimeoutMaxRetrans = seconds
    case "tcp_timeout_unacknowledged": tcpTimeoutUnacknowledged = seconds
    case "udp_timeout": udpTimeout = seconds
    case "udp_timeout_stream": udpTimeoutStream = seconds
    case "icmp_timeout": icmpTimeout = seconds
    case "icmpv6_timeout": icmpv6Timeout = seconds
    case "generic_timeout": genericTimeout = seconds
    case "gre_timeout": greTimeout = seconds
    case "gre_timeout_stream": greTimeoutStream = seconds
    case "sctp_timeout_closed": setSCTP(.closed, seconds)
    case "sctp_timeout_cookie_wait": setSCTP(.cookieWait, seconds)
    case "sctp_timeout_cookie_echoed": setSCTP(.cookieEchoed, seconds)
    case "sctp_timeout_established": setSCTP(.established, seconds)
    case "sctp_timeout_shutdown_sent": setSCTP(.shutdownSent, seconds)
    case "sctp_timeout_shutdown_recd": setSCTP(.shutdownReceived, seconds)
    case "sctp_timeout_shutdown_ack_sent": setSCTP(.shutdownAckSent, seconds)
    case "sctp_timeout_heartbeat_sent": setSCTP(.heartbeatSent, seconds)
    default: return false
    }
    return true
  }

  private mutating func setTCP(_ state: TCPConnectionState, _ seconds: UInt32) {
    if Int(state.rawValue) < tcpTimeouts.count { tcpTimeouts[Int(state.rawValue)] = seconds }
  }

  private mutating func setSCTP(_ state: SCTPConnectionState, _ seconds: UInt32) {
    if Int(state.rawValue) < sctpTimeouts.count { sctpTimeouts[Int(state.rawValue)] = seconds }
  }

  private static func assign(_ number: UInt32, _ field: inout Bool) -> Bool {
    guard number <= 1 else { return false }
    field = number == 1
    return true
  }

  private static func number(_ text: String) -> UInt32? {
    NumberReader.procGetLong(text).flatMap { UInt32(exactly: $0) }
  }
}
