// What identifies one direction of a connection.

/// One of the two directions of a connection (kernel: `enum ip_conntrack_dir`).
public enum ConnectionDirection: UInt8, Hashable, Sendable, CaseIterable {
  /// As the first packet went.
  case original = 0
  /// The answers.
  case reply = 1

  /// The other direction.
  public var opposite: ConnectionDirection { self == .original ? .reply : .original }
}

/// The addresses and transport keys of one direction (kernel: `struct nf_conntrack_tuple`).
///
/// `sourceKey` and `destinationKey` are the ports of TCP, UDP, SCTP, DCCP and UDP-Lite; for ICMP `sourceKey` is the
/// identifier and `destinationKey` is `type << 8 | code`; for GRE they are the call keys; 0 for other protocols.
public struct ConnectionTuple: Hashable, Sendable {
  /// The source address.
  public var source: IPAddress
  /// The destination address.
  public var destination: IPAddress
  /// The source port, or ICMP identifier.
  public var sourceKey: UInt16
  /// The destination port, or ICMP type and code.
  public var destinationKey: UInt16
  /// The protocol.
  public var protocolNumber: ProtocolNumber

  /// Makes a tuple.
  public init(
    source: IPAddress, destination: IPAddress, sourceKey: UInt16, destinationKey: UInt16,
    protocolNumber: ProtocolNumber
  ) {
    self.source = source
    self.destination = destination
    self.sourceKey = sourceKey
    self.destinationKey = destinationKey
    self.protocolNumber = protocolNumber
  }

  /// Few words into the hasher: every tracked packet is looked up by its tuple.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(source)
    hasher.combine(destination)
    hasher.combine(UInt64(sourceKey) << 32 | UInt64(destinationKey) << 16 | UInt64(protocolNumber.rawValue))
  }

  /// The family of the addresses.
  public var family: AddressFamily { source.family }
  /// The ICMP type, when the protocol is ICMP or ICMPv6.
  public var icmpType: UInt8 { UInt8(destinationKey >> 8) }
  /// The ICMP code, when the protocol is ICMP or ICMPv6.
  public var icmpCode: UInt8 { UInt8(destinationKey & 0xff) }
}
