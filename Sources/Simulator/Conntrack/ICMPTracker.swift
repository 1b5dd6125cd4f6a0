// ICMP: queries are connections of their own, errors belong to the connection of the packet that they quote.

import NetfilterModel

extension ConnectionTable {
  /// Looks at an ICMP message before the table is asked (kernel: `nf_conntrack_icmpv4_error`).
  ///
  /// An error about a known connection gets that connection, as `related` or `relatedReply`.
  /// - Returns: false when the message is malformed, or an error about nothing that is known: it is invalid then.
  func trackICMPError(_ packet: inout PacketContext, _ location: TransportLocation) -> Bool {
    guard packet.length &- location.offset >= 8 else { return false }
    guard acceptsChecksum(packet, location, pseudoHeaderOf: nil) else { return false }
    switch packet.packet.bytes.byte(at: location.offset) {
    case 3, 4, 5, 11, 12: return trackInnerPacket(&packet, at: location.offset &+ 8)
    case 0...18: return true
    default: return false
    }
  }

  /// Finds the connection of the packet quoted at `start` (kernel: `nf_conntrack_inet_error`).
  private func trackInnerPacket(_ packet: inout PacketContext, at start: Int) -> Bool {
    let bytes = packet.packet.bytes
    guard let location = TransportLocation(bytes, at: start, family: packet.header.family),
      let inner = ConnectionTuple(bytes, location), let inverted = inner.inverted,
      let found = find(inverted, now: packet.services.now)
    else { return false }
    // The error goes to the sender of the quoted packet; one that goes elsewhere is forged.
    guard packet.header.destination == found.connection.tuple(found.direction).destination else { return false }
    packet.connection = found.connection
    packet.state = found.direction == .reply ? .relatedReply : .related
    return true
  }

  /// Keeps up a connection of ICMP queries (kernel: `nf_conntrack_icmp_packet`).
  func trackICMP(_ packet: borrowing PacketContext, _ connection: Connection, now: UInt64) -> TrackerResult {
    guard packet.header.family == .ipv4 else { return .invalid }
    switch connection.original.icmpType {
    case 8, 13, 15, 17: break
    default: return .invalid
    }
    connection.refresh(packet.state.direction, bytes: packet.length, seconds: settings.icmpTimeout, now: now)
    return .accept
  }
}
