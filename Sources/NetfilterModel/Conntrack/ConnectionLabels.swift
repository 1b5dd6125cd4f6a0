// The labels of a connection.

/// Up to 128 labels of a connection (kernel: `struct nf_conn_labels`).
public struct ConnectionLabels: Hashable, Sendable {
  /// Labels 0...63, a bit each.
  public private(set) var low: UInt64 = 0
  /// Labels 64...127, a bit each.
  public private(set) var high: UInt64 = 0

  /// Makes no labels.
  public init() {}

  /// Adds a label, 0...127; false when it was there.
  @discardableResult
  public mutating func insert(_ label: UInt8) -> Bool {
    let before = self
    let bit = UInt64(1) << UInt64(label & 63)
    if label < 64 { low |= bit } else { high |= bit }
    return self != before
  }
}
