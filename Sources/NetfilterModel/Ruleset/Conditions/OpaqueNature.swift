// What kind of question an opaque condition asks, for those who read rules and do not walk packets.

/// What kind of question an opaque condition asks.
public enum OpaqueNature: Hashable, Sendable {
  /// How many packets came lately (limit, hashlimit); `isAbove` where it holds for those beyond the rate.
  case rate(isAbove: Bool)
  /// How much has gone through in all (quota).
  case amount
  /// Whether an address is in a list that rules keep; `writes` where asking puts the address there.
  case list(name: String, writes: Bool, isInverted: Bool)
  /// Chance, in units of 2^-31.
  case chance(UInt32, isInverted: Bool)
  /// Every so many packets (statistic nth).
  case turn(every: UInt32)
  /// Something else, or something that nothing here knows.
  case other
}
