// What an entry gives to packets.

/// The mark, priority and queue of an entry, for SET --map-set (kernel: `struct ip_set_skbinfo`).
public struct SetPacketInfo: Hashable, Sendable {
  /// The mark.
  public var mark: UInt32 = 0
  /// The bits of a packet's mark that it replaces.
  public var markMask: UInt32 = 0
  /// The traffic-control priority.
  public var priority: UInt32 = 0
  /// The queue of the network card.
  public var queue: UInt16 = 0

  /// Makes one of zeros.
  public init() {}
}
