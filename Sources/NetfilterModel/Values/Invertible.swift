// A value that may be negated, as most options of a rule can be.

/// A condition that may be negated with `!`.
public struct Invertible<Value> {
  /// The value compared with.
  public var value: Value
  /// Whether `!` stood before it.
  public var inverted: Bool

  /// Makes a condition.
  public init(_ value: Value, inverted: Bool = false) {
    self.value = value
    self.inverted = inverted
  }
}
extension Invertible: Equatable where Value: Equatable {}
extension Invertible: Hashable where Value: Hashable {}
extension Invertible: Sendable where Value: Sendable {}
