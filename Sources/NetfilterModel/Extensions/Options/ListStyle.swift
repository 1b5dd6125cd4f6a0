// How a list is printed.

/// How `iptables -L` was asked to print.
public struct ListStyle: Hashable, Sendable {
  /// `-n`: numbers instead of names.
  public var numeric: Bool

  /// Makes a style.
  public init(numeric: Bool) { self.numeric = numeric }
}
