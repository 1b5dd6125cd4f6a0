// A range of 16-bit port numbers, as `--dport 1:1024` holds it.

/// An inclusive range of 16-bit numbers.
public struct PortRange: Hashable, Sendable {
  /// The first port.
  public var lower: UInt16
  /// The last port; smaller than `lower` never matches.
  public var upper: UInt16

  /// Makes a range.
  public init(_ lower: UInt16, _ upper: UInt16) {
    self.lower = lower
    self.upper = upper
  }

  /// Makes a range of one port.
  public init(_ port: UInt16) { self.init(port, port) }

  /// Every port.
  public static let all = PortRange(0, .max)

  /// Whether `port` lies inside.
  public func contains(_ port: UInt16) -> Bool { port >= lower && port <= upper }
}

extension PortRange: CustomStringConvertible {
  /// The text that `iptables-save` prints: `22` or `1:1024`.
  public var description: String { lower == upper ? "\(lower)" : "\(lower):\(upper)" }
}
