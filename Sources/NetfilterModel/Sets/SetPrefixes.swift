// The prefix lengths that a set has entries of, and how many of each: only these are looked up.

/// The prefix lengths in use, the longest first (kernel: `struct net_prefixes`).
struct SetPrefixes: Hashable, Sendable {
  private var counts: [UInt32] = []
  /// The lengths, the longest first.
  private(set) var lengths: [UInt8] = []

  /// Counts an entry (kernel: `mtype_add_cidr`).
  mutating func add(_ length: UInt8) {
    if counts.isEmpty { counts = [UInt32](repeating: 0, count: 256) }
    counts[Int(length)] &+= 1
    if counts[Int(length)] > 1 { return }
    lengths.insert(length, at: lengths.firstIndex { $0 < length } ?? lengths.count)
  }

  /// Counts an entry no more (kernel: `mtype_del_cidr`).
  mutating func remove(_ length: UInt8) {
    guard !counts.isEmpty, counts[Int(length)] > 0 else { return }
    counts[Int(length)] &-= 1
    if counts[Int(length)] == 0 { lengths.removeAll { $0 == length } }
  }
}
