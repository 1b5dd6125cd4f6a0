// What a packet has in a field, in words: the second half of "failed on --dport 80: the packet has 443".

extension Field {
  /// What the packet has here, as a half sentence; empty where the condition itself says all.
  ///
  /// `value` is the field's value of this packet, `connection` the packet's.
  public func saw(_ value: FieldValue, _ packet: borrowing PacketContext, _ connection: Connection?) -> String {
    let low = value.low
    if isOfTransport, !value.isPresent || (packet.header.fragmentOffset != 0 && !readsFragments) {
      return packet.header.fragmentOffset != 0
        ? "the packet is a later fragment, without a transport header" : absentText
    }
    if isOfConnection, connection == nil, self != .connectionState, self != .packetState {
      return "the packet has no connection"
    }
    switch self {
    case .source: return "the packet is from \(packet.header.source)"
    case .destination: return "the packet goes to \(packet.header.destination)"
    case .input:
      return packet.input.isNone ? "the packet has no input interface here" : "the packet came in on \(packet.input)"
    case .output:
      return packet.output.isNone
        ? "the packet has no output interface here" : "the packet goes out on \(packet.output)"
    case .protocolNumber:
      return value.isPresent
        ? "the packet is \(packet.header.protocolNumber)" : "the packet's extension headers lead to no protocol"
    case .fragmentOffset: return "the packet is \(low == 0 ? "no" : "a") later fragment"
    case .totalLength: return "the packet has \(low) bytes"
    case .tos:
      let name = packet.header.family == .ipv4 ? "TOS" : "traffic class"
      return "the packet has \(name) 0x\(String(low, radix: 16))"
    case .dscp: return "the packet has DSCP 0x\(String(low, radix: 16))"
    case .ecn: return "the packet has ECT \(low)"
    case .ttl: return "the packet has \(packet.header.family == .ipv4 ? "TTL" : "hop limit") \(low)"
    case .transportLength: return "the transport header is cut off after \(low) bytes"
    case .sourcePort, .destinationPort, .maximumSegmentSize: return "the packet has \(low)"
    case .eitherPort: return "the packet has \(low) and \(value.high)"
    case .tcpFlags: return "the packet has [\(TCPFlags(rawValue: UInt8(truncatingIfNeeded: low)).letters)]"
    case .tcpHeaderIsWhole: return "the TCP header is cut off, or its length cannot be"
    case .tcpOption: return low == 1 ? "the packet has the option" : "the packet does not have the option"
    case .icmpType:
      let (type, code) = (UInt8(truncatingIfNeeded: low >> 8), UInt8(truncatingIfNeeded: low))
      let name = ICMPNames.name(type: type, code: code, packet.header.protocolNumber).map { "\($0) " } ?? ""
      return "the packet is \(name)(\(type)/\(code))"
    case .securityParameterIndex: return "the packet has \(low)"
    case .mark: return "the packet has mark 0x\(String(low, radix: 16))"
    case .packetType: return "the packet came as \(Self.packetTypes[Int(min(low, 3))])"
    case .sourceMAC:
      guard value.isPresent else { return "the packet has no Ethernet address" }
      return "the packet came from \(Self.macText(low))"
    case .socket: return value.isPresent ? "a socket sent the packet" : "no socket sent the packet"
    case .userID: return value.isPresent ? "user \(low) sent the packet" : "no process sent the packet"
    case .groupID: return value.isPresent ? "group \(low) sent the packet" : "no process sent the packet"
    case .connectionState, .packetState:
      return "the packet is \(WordList.print(UInt16(truncatingIfNeeded: low), ConnectionStateSet.names))"
    case .hasConnection: return ""
    case .connectionMark: return "the connection has mark 0x\(String(low, radix: 16))"
    case .connectionProtocol: return "the connection is \(ProtocolNumber(UInt8(truncatingIfNeeded: low)))"
    case .connectionAddress(let direction, let end):
      guard let tuple = connection?.tuple(direction) else { return "" }
      return "the connection has \(end == .source ? tuple.source : tuple.destination)"
    case .connectionPort, .connectionTraffic:
      return value.isPresent ? "the connection has \(low)" : "nothing is counted"
    case .connectionStatus:
      return "the connection is \(ConnectionStatus(rawValue: UInt32(truncatingIfNeeded: low)).words)"
    case .connectionExpiry: return "the connection has \(low) s left"
    case .connectionDirection: return "the packet goes in the \(low == 0 ? "original" : "reply") direction"
    case .expectedByHelper: return "no such helper expected the connection"
    case .addressType(let end, _, _):
      let address = end == .source ? packet.header.source : packet.header.destination
      return "\(address) is \(WordList.print(UInt16(truncatingIfNeeded: low), AddressTypeSet.names))"
    case .reversePath: return low == 1 ? "the way back is as asked for" : "the way back leads elsewhere"
    case .connectionLabels: return "the connection \(Self.labelText(value))"
    case .connectionNode: return "the connection falls to node \(low.trailingZeroBitCount + 1)"
    case .interfaceGroup(let end):
      let name = end == .source ? packet.input : packet.output
      return value.isPresent ? "\(name) is in group \(low)" : "the packet has no such interface here"
    case .ipsec: return "the packet meets no IPsec here"
    case .bridge: return "the packet crosses no bridge here"
    case .other: return ""
    }
  }

  private static let packetTypes = ["unicast", "broadcast", "multicast", "otherhost"]

  private static func macText(_ number: UInt64) -> String {
    (0..<6).map { index in
      let byte = number >> UInt64(40 - 8 * index) & 0xff
      return (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined(separator: ":")
  }

  private static func labelText(_ labels: FieldValue) -> String {
    let bits = (0..<128).filter { ($0 < 64 ? labels.low >> UInt64($0) : labels.high >> UInt64($0 - 64)) & 1 == 1 }
    if bits.isEmpty { return "has no labels" }
    return "has \(bits.count == 1 ? "label" : "labels") \(bits.map { "\($0)" }.joined(separator: ", "))"
  }

  /// Whether the value lies in the transport header.
  public var isOfTransport: Bool {
    switch self {
    case .sourcePort, .destinationPort, .eitherPort, .tcpFlags, .tcpOption, .maximumSegmentSize, .icmpType,
      .securityParameterIndex:
      true
    default: false
    }
  }

  /// Whether the kernel reads it also where a later fragment has something else.
  private var readsFragments: Bool {
    switch self {
    case .maximumSegmentSize, .tcpFlags: true
    default: false
    }
  }

  private var absentText: String {
    switch self {
    case .sourcePort, .destinationPort, .eitherPort: "the packet has no port"
    case .maximumSegmentSize: "the packet has no such option"
    case .icmpType: "the packet has no ICMP type"
    case .securityParameterIndex: "the packet has no security parameter index"
    default: "the packet has no TCP header"
    }
  }
}
