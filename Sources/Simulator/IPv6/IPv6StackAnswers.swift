// What the host's stack answers to IPv6 packets, with every port closed.

import NetfilterModel

/// The stack's answers (kernel: `tcp_v6_send_reset`, `__udp6_lib_rcv`).
enum IPv6StackAnswers {
  /// Whether the checksum over the pseudo header and what follows `place` is right (kernel: `nf_ip6_checksum`).
  static func isChecksumValid(
    _ bytes: [UInt8], _ header: IPHeader, _ place: IPv6HeaderPlace, _ number: ProtocolNumber, coverage: Int? = nil
  ) -> Bool {
    let pseudo = Checksum.pseudoHeader(
      source: header.source, destination: header.destination, protocolNumber: number,
      length: bytes.count - place.offset)
    let end = coverage.map { min(bytes.count, place.offset + $0) } ?? bytes.count
    return TransportChecksum.isValid(bytes, in: place.offset..<max(place.offset, end), pseudoHeader: pseudo)
  }

  /// A reset that answers the segment at `place`, or nil (kernel: `nf_reject_ip6_tcphdr_put`, `tcp_v6_send_response`).
  static func reset(
    _ bytes: [UInt8], _ header: IPHeader, _ place: IPv6HeaderPlace, source: IPAddress, trafficClass: UInt8,
    hopLimit: UInt8
  ) -> [UInt8]? {
    guard let segment = TCPReset.segment(bytes, at: place.offset, header.source, source) else { return nil }
    return IPv6Header.make(
      trafficClass: trafficClass, payloadLength: segment.count, nextHeader: .tcp, hopLimit: hopLimit, source: source,
      destination: header.source) + segment
  }

  /// The reset of a closed port, or nil for bad segments (kernel: `tcp_v6_rcv`).
  static func closedPort(
    _ packet: PacketContext, _ place: IPv6HeaderPlace, source: IPAddress, hopLimit: UInt8
  ) -> [UInt8]? {
    let (bytes, header) = (packet.packet.bytes, packet.header)
    let length = TCPHeader.length(in: bytes, at: place.offset)
    guard length >= TCPHeader.minimumLength, bytes.count - place.offset >= length else { return nil }
    if TCPOptions.isSigned(in: bytes, TCPHeader.options(in: bytes, at: place.offset)) { return nil }
    guard packet.checksumStanding == .right || isChecksumValid(bytes, header, place, .tcp) else { return nil }
    return reset(
      bytes, header, place, source: source, trafficClass: header.tos & TOSByte.dscpMask, hopLimit: hopLimit)
  }

  /// Up to this length in bytes a datagram's checksum is computed at once (kernel: `CHECKSUM_BREAK`).
  private static let shortDatagram = 76

  /// The packet of a datagram that no socket takes, cut to its length; nil for bad lengths and checksums (kernel:
  /// `__udp6_lib_rcv`).
  static func undeliverable(_ packet: PacketContext, _ place: IPv6HeaderPlace) -> [UInt8]? {
    let (bytes, header) = (packet.packet.bytes, packet.header)
    let available = bytes.count - place.offset
    guard available >= UDPHeader.length, UDPHeader.checksum(in: bytes, at: place.offset) != 0 else { return nil }
    let length = Int(UDPHeader.datagramLength(in: bytes, at: place.offset))
    // 0 stands for a jumbogram's length, and in UDP-Lite for all there is
    guard length == 0 || (length >= UDPHeader.length && length <= available) else { return nil }
    guard place.protocolNumber == .udp else {
      return isChecksumValid(bytes, header, place, .udplite, coverage: length == 0 ? available : length) ? bytes : nil
    }
    let size = length == 0 ? available : length
    let datagram = size == available ? bytes : Array(bytes[0..<place.offset + size])
    switch packet.checksumStanding {
    case .right where size == available: return datagram
    // A sum that no longer fits is bad, as nobody but the kernel itself computed it (kernel: `udp6_csum_init`).
    case .doubtful where size > shortDatagram: return nil
    default: return isChecksumValid(datagram, header, place, .udp) ? datagram : nil
    }
  }
}
