// How many ICMP errors the host sends: a bucket for each peer, and one for all of them together.

import NetfilterModel

/// The kernel's limits on ICMP errors (kernel: `icmpv4_global_allow`, `icmpv4_xrlim_allow`; man page icmp(7), kernel documentation ip-sysctl).
///
/// Applies to destination unreachable, source quench, time exceeded and parameter problem (`icmp_ratemask` 6168), not to fragmentation needed.
/// A peer gets six at once and then one a second; all peers together get 50 at once and 1,000 a second, of which each message
/// costs 0, 1 or 2 by chance.
struct ICMPRateLimiter: Hashable, Sendable {
  /// What the limits say about a message.
  struct Decision: Hashable, Sendable {
    /// Whether it is sent, if each message so far cost one.
    var isAllowed: Bool
    /// Whether the kernel's random costs could have decided otherwise.
    var isByChance = false
  }

  struct Peer: Hashable, Sendable {
    var tokens: UInt64
    var last: UInt64
  }

  /// What is left for all.
  struct Credit: Hashable, Sendable {
    /// When each message cost two.
    var low = globalBurst
    /// When each message cost one.
    var expected = globalBurst
  }

  static let second: UInt64 = 1_000_000_000
  static let globalBurst: Int64 = 50
  static let globalRate: UInt64 = 1000
  static let maximumPeers = 65536
  /// A bit for each type that is limited unless a sysctl says otherwise.
  static let defaultMask: UInt32 = 6168

  private(set) var peers: [IPAddress: Peer] = [:]
  /// What is left for all when each message cost two, one, and nothing.
  private(set) var credit = Credit()
  private(set) var stamp: UInt64?
  /// The peers of which the packet that walks now took already: within a moment nothing flows in or over (kernel: `jiffies`).
  private var touched: [IPAddress] = []
  /// With how many peers those are forgotten that have been silent.
  private(set) var sweepAt = maximumPeers

  /// Makes limits that nothing has used.
  init() {}

  /// Whether a message of a type is limited at all (kernel: `icmpv4_mask_allow`).
  static func isLimited(type: ICMPType, code: ICMPCode, mask: UInt32 = defaultMask) -> Bool {
    if type == .destinationUnreachable && code == .fragmentationNeeded || !type.isKnown { return false }
    return mask >> UInt32(type.rawValue) & 1 == 1
  }

  /// Whether a message to `peer` is sent at time `now` (nanoseconds), and takes it from the buckets if so.
  ///
  /// `mask` is `net.ipv4.icmp_ratemask`, `interval` is `net.ipv4.icmp_ratelimit` in nanoseconds; 0 means no limit for a peer.
  /// The limit of all does not count for packets that came in on the loopback interface, that of a peer not for answers that leave by it.
  mutating func allows(
    type: ICMPType, code: ICMPCode, to peer: IPAddress, now: UInt64, camesFromLoopback: Bool = false,
    leavesByLoopback: Bool = false, mask: UInt32 = defaultMask, interval: UInt64 = second
  ) -> Decision {
    guard Self.isLimited(type: type, code: code, mask: mask) else { return Decision(isAllowed: true) }
    var decision = Decision(isAllowed: true)
    if !camesFromLoopback { decision = globalAllows(now) }
    guard decision.isAllowed else { return decision }
    if leavesByLoopback { return decision }
    guard peerAllows(peer, now, interval) else { return Decision(isAllowed: false) }
    credit.low -= 2
    credit.expected -= 1
    return decision
  }

  /// Whether a redirect of IPv6 is sent on account of an address, one a second (kernel: `inet_peer_xrlim_allow`).
  mutating func allowsRedirect(about peer: IPAddress, now: UInt64) -> Bool { peerAllows(peer, now, Self.second) }

  /// Whether an ICMPv6 message to `peer` is sent (kernel: `icmpv6_global_allow`, `icmpv6_xrlim_allow`); both families share the bucket of all.
  ///
  /// `mask` has the types that are limited (`net.ipv6.icmp.ratemask`), `interval` is `net.ipv6.icmp.ratelimit` in nanoseconds; 0 means no
  /// limit for a peer.
  mutating func allowsIPv6(
    _ type: ICMPv6Type, to peer: IPAddress, now: UInt64, isAtLoopback: Bool, leavesByLoopback: Bool,
    mask: ICMPv6TypeSet,
    interval: UInt64
  ) -> Decision {
    // Nothing is counted at loopback.
    if isAtLoopback || !mask.contains(type) { return Decision(isAllowed: true) }
    let decision = globalAllows(now)
    guard decision.isAllowed else { return decision }
    guard leavesByLoopback || peerAllows(peer, now, interval) else { return Decision(isAllowed: false) }
    credit.low -= 2
    credit.expected -= 1
    return decision
  }

  /// The bucket of all (kernel: `icmp_global_allow`): it is filled up only when it is empty and 20 ms have passed.
  private mutating func globalAllows(_ now: UInt64) -> Decision {
    if stamp == nil { stamp = now }
    if credit.low > 0 { return Decision(isAllowed: true) }
    let elapsed = min(now &- (stamp ?? now), Self.second)
    let isRefilled = elapsed >= Self.second / 50
    if isRefilled {
      let increment = Int64(Self.globalRate * elapsed / Self.second)
      // a bucket that was not empty was not filled up either
      credit.low = min(1, credit.low + increment)
      if credit.expected <= 0 { credit.expected = min(credit.expected + increment, Self.globalBurst) }
      stamp = now
      return Decision(isAllowed: true)
    }
    return Decision(isAllowed: credit.expected > 0, isByChance: true)
  }

  /// Whether a packet that cannot be routed is answered at all: five at once for a peer, then one a second, from the
  /// same bucket as the errors themselves (kernel: `ip_error`).
  mutating func allowsRouteError(to peer: IPAddress, now: UInt64) -> Bool {
    take(Self.second, from: peer, burst: 5 * Self.second, now, overflows: true)
  }

  /// The bucket of a peer (kernel: `inet_peer_xrlim_allow`).
  private mutating func peerAllows(_ address: IPAddress, _ now: UInt64, _ interval: UInt64) -> Bool {
    take(interval, from: address, burst: 6 &* interval, now)
  }

  /// Forgets which peers the packet that is done took from.
  mutating func endTurn() { if !touched.isEmpty { touched = [] } }

  /// Takes from a bucket; what it holds above `burst` is lost when time has passed, or with `overflows` in any case.
  private mutating func take(
    _ cost: UInt64, from address: IPAddress, burst: UInt64, _ now: UInt64, overflows: Bool = false
  ) -> Bool {
    if peers.count >= sweepAt {
      peers = peers.filter { now &- $0.value.last < 6 * Self.second }
      // Those that stay would else be looked through again for each packet.
      sweepAt = max(Self.maximumPeers, peers.count * 2)
    }
    // A peer that is new has saved up a minute (kernel: `inet_getpeer`).
    var peer = peers[address] ?? Peer(tokens: min(burst, 60 * Self.second), last: now)
    // Each packet that is given to the host comes in a moment of its own.
    let isLater = now != peer.last || !touched.contains(address)
    if isLater { touched.append(address) }
    if isLater || overflows { peer.tokens = min(peer.tokens &+ (now &- peer.last), burst) }
    peer.last = now
    let isAllowed = peer.tokens >= cost
    if isAllowed { peer.tokens -= cost }
    peers[address] = peer
    return isAllowed
  }
}
