// What the host's stack answers to a packet that was delivered to it, with every port closed.

import NetfilterModel

/// The stack's answers (scenario: `"stack": "answers"`; kernel: `ip_local_deliver_finish` and the protocols' receivers).
enum StackAnswers {
  /// The answer to a whole, delivered packet; `routeType` is `local` for the host's own addresses.
  ///
  /// An ICMP error is returned as a request, since its source address and the rate limit are not decided here.
  /// `echo` are the options of answers to it. `broadcastSource` is the address that answers an ICMP query to a
  /// broadcast or multicast address; nil when such are ignored.
  static func answer(
    to packet: Packet, routeType: AddressType, timeOfDay: UInt32?, ttl: UInt8 = defaultTTL,
    echo: EchoedOptions = EchoedOptions(), broadcastSource: IPAddress? = nil
  ) -> HostAnswer {
    guard let header = IPHeader(packet.bytes), header.family == .ipv4,
      packet.type == .host || header.protocolNumber == .icmp && broadcastSource != nil
    else { return .none }
    let bytes = AnswersHeader.trimmed(packet.bytes, header)
    switch header.protocolNumber {
    case .icmp:
      return ICMPAnswers.reply(
        to: bytes, routeType: routeType, timeOfDay: timeOfDay, ttl: ttl, echo: echo, source: broadcastSource)
    case .tcp:
      return TCPAnswers.closedPort(for: bytes, routeType: routeType, ttl: ttl, echo: echo, timeOfDay: timeOfDay)
    case .udp, .udplite: return udp(bytes, header, routeType)
    // IGMP and PIM have receivers; 255 is what raw sockets are opened with
    case ProtocolNumber(2), ProtocolNumber(103), ProtocolNumber(255): return .none
    default: return error(.protocolUnreachable, about: bytes, routeType)
    }
  }

  /// Port unreachable, about the datagram cut to its own length; none for bad lengths and checksums (kernel: `__udp4_lib_rcv`).
  static func udp(_ bytes: [UInt8], _ header: IPHeader, _ routeType: AddressType) -> HostAnswer {
    let start = header.transportOffset
    let available = bytes.count - start
    guard available >= UDPHeader.length else { return .none }
    var datagram = bytes
    let checksum = UDPHeader.checksum(in: bytes, at: start)
    var covered = available
    let length = Int(UDPHeader.datagramLength(in: bytes, at: start))
    if header.protocolNumber == .udp {
      guard length >= UDPHeader.length, length <= available else { return .none }
      datagram = Array(bytes[0..<start + length])
      covered = length
      if checksum == 0 { return error(.portUnreachable, about: datagram, routeType) }
    } else {
      guard length == 0 || (length >= UDPHeader.length && length <= available), checksum != 0 else { return .none }
      covered = length == 0 ? available : length
    }
    let pseudo = Checksum.pseudoHeader(
      source: header.source, destination: header.destination, protocolNumber: header.protocolNumber,
      length: datagram.count - start)
    guard TransportChecksum.isValid(datagram, in: start..<start + covered, pseudoHeader: pseudo) else { return .none }
    return error(.portUnreachable, about: datagram, routeType)
  }

  static func error(_ code: ICMPCode, about bytes: [UInt8], _ routeType: AddressType) -> HostAnswer {
    guard ICMPAnswers.mayAnswer(Packet(bytes: bytes), type: .destinationUnreachable, routeType: routeType) else {
      return .none
    }
    return .icmpError(type: .destinationUnreachable, code: code, about: bytes)
  }
}
