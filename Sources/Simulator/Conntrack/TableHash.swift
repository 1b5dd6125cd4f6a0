// The hash by which connections are found.

import NetfilterModel

/// Hashes of tuples and sources: few multiplications, as every tracked packet is looked up by its tuple.
///
/// The kernel's hash has a key that each boot draws; this one has a fixed key, so that what depends on it is the same in every run.
enum TableHash {
  @inline(__always)
  private static func mix(_ first: UInt64, _ second: UInt64) -> UInt64 {
    let product = (first ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(by: second ^ 0xe703_7ed1_a0b4_28db)
    return product.high ^ product.low
  }

  @inline(__always)
  private static func folded(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash ^ hash >> 32) }

  /// The hash of one direction of a connection.
  @inline(__always)
  static func of(_ tuple: ConnectionTuple) -> UInt32 {
    let keys =
      UInt64(tuple.sourceKey) << 32 | UInt64(tuple.destinationKey) << 16 | UInt64(tuple.protocolNumber.rawValue)
    var hash = mix(tuple.source.low, tuple.destination.low)
    if tuple.family == .ipv6 { hash ^= mix(tuple.source.high ^ hash, tuple.destination.high) }
    return folded(mix(hash, keys))
  }

  /// The hash of the source of a tuple (kernel: `hash_by_src`).
  @inline(__always)
  static func ofSource(_ tuple: ConnectionTuple) -> UInt32 {
    let keys = UInt64(tuple.sourceKey) << 8 | UInt64(tuple.protocolNumber.rawValue)
    return folded(mix(mix(tuple.source.low, tuple.source.high), keys))
  }
}

extension ConnectionTuple {
  /// Whether another tuple has the same source (kernel: `same_src`).
  @inline(__always)
  func hasSource(of other: ConnectionTuple) -> Bool {
    source == other.source && sourceKey == other.sourceKey && protocolNumber == other.protocolNumber
  }
}
