// How the TTL changes.

/// How the TTL changes; it stays between 0 and 255.
public enum TTLChange: Hashable, Sendable {
  /// It is set.
  case set(UInt8)
  /// It grows.
  case increase(UInt8)
  /// It shrinks.
  case decrease(UInt8)

  /// The TTL after the change.
  public func applied(to old: UInt8) -> UInt8 {
    switch self {
    case .set(let new): new
    case .increase(let step): old > 255 &- step ? 255 : old &+ step
    case .decrease(let step): old < step ? 0 : old &- step
    }
  }
}
