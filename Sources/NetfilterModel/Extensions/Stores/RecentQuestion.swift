// What a rule with -m recent asks of its list.

/// What a rule asks of a list of addresses (kernel: `struct xt_recent_mtinfo_v1`).
struct RecentQuestion: Hashable, Sendable {
  /// What is done, and whether `!` stood before it.
  var operation: Invertible<RecentOperation>
  /// How many seconds back a sighting counts; nil for any.
  var seconds: UInt32?
  /// Whether the oldest entry goes when it is older than `seconds`.
  var reaps: Bool
  /// How many sightings are needed; nil or 0 for one.
  var hitCount: UInt32?
  /// Whether the TTL must be that of the entry.
  var checksTTL: Bool
}
