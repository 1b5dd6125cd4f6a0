// Kinds of TCP options as a set.

/// A set of TCP option kinds.
public struct TCPOptionSet: Hashable, Sendable {
  private var first: UInt64 = 0
  private var second: UInt64 = 0
  private var third: UInt64 = 0
  private var fourth: UInt64 = 0

  /// Makes an empty set.
  public init() {}

  /// Whether a kind is in it.
  public func contains(_ kind: UInt8) -> Bool {
    let word = kind < 64 ? first : kind < 128 ? second : kind < 192 ? third : fourth
    return word & 1 << UInt64(kind & 63) != 0
  }

  /// Adds a kind.
  public mutating func insert(_ kind: UInt8) {
    let bit: UInt64 = 1 << UInt64(kind & 63)
    switch kind {
    case 0..<64: first |= bit
    case 64..<128: second |= bit
    case 128..<192: third |= bit
    default: fourth |= bit
    }
  }

  /// The kinds in order.
  public var kinds: [UInt8] { (UInt8.min...UInt8.max).filter(contains) }
}
