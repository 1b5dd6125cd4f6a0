// What a condition looks at: a field of the packet, of its connection, or of the host's view of it.

/// Which address of the packet a field is about.
public enum AddressEnd: UInt8, Hashable, Sendable, CaseIterable {
  /// The source.
  case source
  /// The destination.
  case destination
}

/// The interface to which a question about an address is limited (man page: iptables-extensions, addrtype).
public enum InterfaceLimit: UInt8, Hashable, Sendable {
  /// Any interface.
  case none
  /// The one that the packet came in on.
  case input
  /// The one that it leaves on.
  case output
}

/// How the way back to a packet's source is looked for (man page: iptables-extensions, rpfilter).
public struct ReversePathQuestion: Hashable, Sendable {
  /// Any interface will do.
  public var isLoose: Bool
  /// The look-up counts the packet's mark.
  public var usesMark: Bool
  /// A source that is the host's own is fine.
  public var acceptsLocal: Bool

  /// Makes a question.
  public init(isLoose: Bool, usesMark: Bool, acceptsLocal: Bool) {
    self.isLoose = isLoose
    self.usesMark = usesMark
    self.acceptsLocal = acceptsLocal
  }
}

/// A field that a condition can ask for. Numbers are in host order; a field that the packet does not have is absent.
public enum Field: Hashable, Sendable {
  /// The source address, 128 bits.
  case source
  /// The destination address, 128 bits.
  case destination
  /// The input interface's name, 128 bits; zero where there is none.
  case input
  /// The output interface's name, 128 bits; zero where there is none.
  case output
  /// The protocol number.
  case protocolNumber
  /// The fragment offset in units of eight bytes for IPv4, in bytes for IPv6.
  case fragmentOffset
  /// The total length by the IP header, in bytes.
  case totalLength
  /// The TOS byte or traffic class.
  case tos
  /// The differentiated services code point, 0...63.
  case dscp
  /// The ECN bits of the IP header, 0...3.
  case ecn
  /// The TTL or hop limit.
  case ttl
  /// How many bytes there are from the transport header on.
  case transportLength
  /// The source port.
  case sourcePort
  /// The destination port.
  case destinationPort
  /// Both ports: a condition holds when it holds for one of them.
  case eitherPort
  /// The TCP flags byte.
  case tcpFlags
  /// Whether the TCP header with its options lies within the packet, and its length is possible: 1 or 0.
  case tcpHeaderIsWhole
  /// Whether the TCP header has an option of a kind: 1 or 0.
  case tcpOption(UInt8)
  /// The maximum segment size option of the TCP header; absent without one.
  case maximumSegmentSize
  /// The ICMP type in the upper byte and the code in the lower.
  case icmpType
  /// The first four bytes of ESP.
  case securityParameterIndex
  /// The firewall mark.
  case mark
  /// How the link layer delivered the packet (`PacketType`); what came back through loopback counts as broadcast or multicast.
  case packetType
  /// The Ethernet source address, 48 bits.
  case sourceMAC
  /// Whether a socket of a process or of the kernel sent the packet: 1; absent without a socket.
  case socket
  /// The sending process's user.
  case userID
  /// The sending process's group.
  case groupID
  /// The state bits (`ConnectionStateSet`), with those of NAT.
  case connectionState
  /// The state bits (`ConnectionStateSet`) without those of NAT.
  case packetState
  /// Whether the packet has a connection: 1 or 0.
  case hasConnection
  /// The connection's mark.
  case connectionMark
  /// The connection's labels, 128 bits.
  case connectionLabels
  /// The node of a cluster that the connection falls to, as a bit: node 1 is bit 0.
  case connectionNode(ClusterHash)
  /// The protocol of the connection.
  case connectionProtocol
  /// An address of the connection, 128 bits.
  case connectionAddress(ConnectionDirection, AddressEnd)
  /// A port or identifier of the connection.
  case connectionPort(ConnectionDirection, AddressEnd)
  /// The connection's status bits (`ConnectionStatus`).
  case connectionStatus
  /// How many whole seconds the connection lives without another packet.
  case connectionExpiry
  /// The packet's direction in its connection: 0 original, 1 reply.
  case connectionDirection
  /// Packets or bytes that the connection has carried; nil for both directions together.
  case connectionTraffic(TrafficMeasure, ConnectionDirection?)
  /// Whether a helper whose name a text begins with, or any for an empty text, expected the connection: 1 or 0.
  case expectedByHelper(String)
  /// The type of an address by the host's routing, as a set of one bit (`AddressTypeSet`).
  case addressType(AddressEnd, InterfaceLimit, among: AddressTypeSet)
  /// Whether an answer would leave by the interface that the packet came in on: 1 or 0.
  case reversePath(ReversePathQuestion)
  /// The group of the input interface (`source`) or the output interface; absent where there is none.
  case interfaceGroup(AddressEnd)
  /// Whether IPsec transformed the packet, or will: 0, as no packet here meets IPsec.
  case ipsec
  /// Whether the packet crosses a bridge: 0, as no packet here does.
  case bridge
  /// Whatever an opaque condition looks at.
  case other
}

/// What is counted of a connection.
public enum TrafficMeasure: UInt8, Hashable, Sendable {
  /// Packets.
  case packets
  /// Bytes.
  case bytes
  /// Bytes for each packet, rounded down.
  case averageLength
}

/// What a field holds: up to 128 bits, or nothing.
public struct FieldValue: Hashable, Sendable {
  /// The upper 64 bits; the destination port for `Field.eitherPort`.
  public var high: UInt64
  /// The lower 64 bits; the source port for `Field.eitherPort`.
  public var low: UInt64
  /// Whether the packet has the field.
  public var isPresent: Bool

  /// Makes a value that is there.
  public init(_ low: some BinaryInteger, high: UInt64 = 0) {
    self.low = UInt64(truncatingIfNeeded: low)
    self.high = high
    isPresent = true
  }

  /// Makes a value of an address.
  public init(_ address: IPAddress) { self.init(address.low, high: address.high) }

  /// Makes a value of an interface name.
  public init(_ name: InterfaceName) { self.init(name.first, high: name.second) }

  /// Makes a value of a truth: 1 or 0.
  public init(_ truth: Bool) { self.init(truth ? 1 : 0) }

  /// What the packet does not have.
  public static let absent: FieldValue = {
    var value = FieldValue(0)
    value.isPresent = false
    return value
  }()
}
