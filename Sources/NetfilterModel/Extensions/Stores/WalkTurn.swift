// Which of a host's walks this is.

/// The number of a walk, from 1. How many walks there were says nothing about a host: two that differ in it alone are equal.
public struct WalkTurn: Hashable, Sendable {
  /// The number; 0 before the first walk.
  public private(set) var number: UInt64 = 0

  /// Before the first walk.
  public init() {}

  /// The next walk begins.
  public mutating func advance() { number &+= 1 }

  /// All are equal.
  public static func == (left: WalkTurn, right: WalkTurn) -> Bool { true }

  /// Nothing is hashed.
  public func hash(into hasher: inout Hasher) {}
}
