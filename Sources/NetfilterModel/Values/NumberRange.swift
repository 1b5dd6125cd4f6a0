// A range of numbers.

/// A range of numbers, both ends included; one whose end lies below its start holds nothing.
public struct NumberRange: Hashable, Sendable {
  /// The first number.
  public var lower: UInt64
  /// The last number.
  public var upper: UInt64

  /// Makes a range.
  public init(_ lower: some BinaryInteger, _ upper: some BinaryInteger) {
    self.lower = UInt64(truncatingIfNeeded: lower)
    self.upper = UInt64(truncatingIfNeeded: upper)
  }

  /// Whether a number is in it.
  public func contains(_ number: UInt64) -> Bool { number >= lower && number <= upper }
}
