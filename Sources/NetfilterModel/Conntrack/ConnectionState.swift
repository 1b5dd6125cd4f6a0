// The state of a packet with respect to its connection, and the status bits of the connection.

/// How a packet relates to its connection (kernel: `enum ip_conntrack_info`, with the two cases that have no connection).
public enum ConnectionState: UInt8, Hashable, Sendable {
  /// Part of an established connection, original direction.
  case established = 0
  /// Starts a connection that belongs to another, or is an ICMP error about one, original direction.
  case related = 1
  /// Starts a connection, or continues one that has not been answered.
  case new = 2
  /// A reply of an established connection.
  case establishedReply = 3
  /// As `related`, in the reply direction.
  case relatedReply = 4
  /// Excluded from tracking (NOTRACK; kernel: `IP_CT_UNTRACKED`).
  case untracked = 7
  /// No connection: tracking could not make sense of the packet, or is off (`-m state --state INVALID` matches).
  case none = 255

  /// Whether the packet belongs to a connection that it is not part of (`IP_CT_RELATED`, in both directions).
  public var isRelated: Bool { self == .related || self == .relatedReply }

  /// The direction of the packet within its connection (kernel: `CTINFO2DIR`).
  public var direction: ConnectionDirection {
    self == .establishedReply || self == .relatedReply ? .reply : .original
  }
}
