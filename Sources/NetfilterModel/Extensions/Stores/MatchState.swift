// What one match of one rule keeps between packets.

/// The state that one match of one rule keeps between packets (limit, quota, statistic), two words so that the walk
/// never allocates.
public struct MatchState: Hashable, Sendable {
  /// The first word; each match says what it keeps there.
  public var first: UInt64
  /// The second word.
  public var second: UInt64

  /// Makes a state.
  public init(first: UInt64 = 0, second: UInt64 = 0) {
    self.first = first
    self.second = second
  }
}
