// Packet states and translations as sets.

/// A set of packet states and address translations (kernel: `XT_CONNTRACK_STATE_*`).
public struct ConnectionStateSet: OptionSet, Hashable, Sendable {
  /// The bits.
  public var rawValue: UInt16
  /// Makes a set from its bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Without a connection.
  public static let invalid = ConnectionStateSet(rawValue: 1 << 0)
  /// Of an answered connection.
  public static let established = ConnectionStateSet(rawValue: 1 << 1)
  /// Of a connection that belongs to another, or an ICMP error about one.
  public static let related = ConnectionStateSet(rawValue: 1 << 2)
  /// Of a connection that was not answered.
  public static let new = ConnectionStateSet(rawValue: 1 << 3)
  /// Excluded from tracking.
  public static let untracked = ConnectionStateSet(rawValue: 1 << 6)
  /// Of a connection whose source is translated; not a packet state.
  public static let sourceNAT = ConnectionStateSet(rawValue: 1 << 7)
  /// Of a connection whose destination is translated; not a packet state.
  public static let destinationNAT = ConnectionStateSet(rawValue: 1 << 8)

  /// The packet's own state, without the translations (kernel: `XT_CONNTRACK_STATE_BIT`).
  ///
  /// `status` is that of the packet's connection, nil without one; with `withNAT` its translations are added.
  @inlinable public init(_ state: ConnectionState, status: ConnectionStatus?, withNAT: Bool) {
    switch state {
    case .untracked: self = .untracked
    case .none: self = .invalid
    case .established, .establishedReply: self = status == nil ? .invalid : .established
    case .related, .relatedReply: self = status == nil ? .invalid : .related
    case .new: self = status == nil ? .invalid : .new
    }
    guard withNAT, let status else { return }
    if status.rawValue & ConnectionStatus.sourceNAT.rawValue != 0 { insert(.sourceNAT) }
    if status.rawValue & ConnectionStatus.destinationNAT.rawValue != 0 { insert(.destinationNAT) }
  }

  /// The names in the order in which they are printed.
  static let names: [(name: String, bits: UInt16)] = [
    ("INVALID", invalid.rawValue), ("NEW", new.rawValue), ("RELATED", related.rawValue),
    ("ESTABLISHED", established.rawValue), ("UNTRACKED", untracked.rawValue), ("SNAT", sourceNAT.rawValue),
    ("DNAT", destinationNAT.rawValue),
  ]
}
