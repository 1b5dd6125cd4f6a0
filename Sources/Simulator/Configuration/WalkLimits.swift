// What bounds a walk, so that every walk ends in bounded time and memory.

/// What bounds the walk of a packet: its time and its memory. The kernel has no such bounds; a walk that meets one is `unknown`.
public struct WalkLimits: Hashable, Sendable {
  /// How many rules a packet may visit, with all that it causes, in all tables: 10,000,000, at least 0. Chains that
  /// jump twice to the next double the rules with each chain.
  public var rules = 10_000_000
  /// How many packets a packet may cause (answers, fragments and what comes back through loopback): 4,096, at least 0. A packet that
  /// goes round through loopback with a TTL of 255 causes 255 and its ICMP error.
  public var consequences = 4096

  /// Makes the limits that a new host has.
  public init() {}
}
