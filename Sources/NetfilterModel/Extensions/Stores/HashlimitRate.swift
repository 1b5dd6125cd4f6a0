// The rates of -m hashlimit as numbers.

/// Rates: the time for a packet, or bytes a second, which are kept as a cost.
enum HashlimitRate {
  /// Parts of a second in which the time for a packet is counted (kernel: `XT_HASHLIMIT_SCALE_v2`).
  static let scale: UInt64 = 1_000_000

  /// The bytes a second that a cost stands for (iptables: `cost_to_bytes`).
  static func bytes(cost: UInt64) -> UInt64 {
    let rate = cost == 0 ? UInt64(UInt32.max) : UInt64(UInt32.max) / cost
    return (rate &- 1) << 4
  }

  /// The cost of a rate in bytes a second, or nil where iptables crashes (iptables: `bytes_to_cost`).
  static func cost(bytes: UInt64) -> UInt64? {
    let divisor = UInt32(truncatingIfNeeded: bytes >> 4) &+ 1
    return divisor == 0 ? nil : UInt64(UInt32.max / divisor)
  }
}
