// What a condition asks of the connections of the host, which it cannot see itself.

/// How many connections the networks of a rule have (kernel: `nf_conncount_count`).
public struct ConnectionCount: Hashable, Sendable {
  /// The network: the bits of an address that count.
  public var mask: IPAddress
  /// Whether the packet's destination is counted by, not its source.
  public var usesDestination: Bool

  /// Makes a count.
  public init(mask: IPAddress, usesDestination: Bool) {
    self.mask = mask
    self.usesDestination = usesDestination
  }

  /// The network of a packet.
  public func network(of header: IPHeader) -> IPAddress {
    let address = usesDestination ? header.destination : header.source
    return IPAddress(family: address.family, high: address.high & mask.high, low: address.low & mask.low)
  }
}

/// What a condition asks of the host's connections.
public enum ConnectionQuestion: Hashable, Sendable {
  /// How many connections the packet's network has with the packet's own, which is counted from now on; 0 when the
  /// packet has no tuple. The first word of the condition's state is the place of its lists (`SharedStore`).
  case count(ConnectionCount)
  /// Whether the packet's connection has a label, 1 or 0; a connection that does not have it gets it. A packet without
  /// a connection has none. 0...127.
  case label(UInt8)
}
