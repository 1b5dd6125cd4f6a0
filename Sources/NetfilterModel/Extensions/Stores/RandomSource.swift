// Chance.

/// The random source of a host (splitmix64); the same seed gives the same numbers.
public struct RandomSource: Hashable, Sendable {
  /// The state; any number.
  public var state: UInt64
  /// Whether the numbers count as given by the input, so that what they decide is decided.
  public var isInjected = false

  /// Makes a source whose numbers do not count as given.
  public init(state: UInt64 = 0x9e37_79b9_7f4a_7c15) { self.state = state }

  /// Makes a source of a seed, whose numbers decide.
  public init(seed: UInt64) {
    state = seed ^ 0x9e37_79b9_7f4a_7c15
    isInjected = true
  }

  /// The next number.
  public mutating func next32() -> UInt32 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return UInt32(truncatingIfNeeded: (mixed ^ (mixed >> 31)) >> 32)
  }
}
