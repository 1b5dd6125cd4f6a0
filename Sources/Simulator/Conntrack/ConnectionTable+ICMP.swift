// ICMP: queries are connections of their own, errors belong to the connection of the packet that they quote.

import NetfilterModel

extension ConnectionTable {
  /// Looks at an ICMP message before the table is asked (kernel: `nf_conntrack_icmpv4_error`).
  ///
  /// An error about a known connection gets that connection, as `related` or `relatedReply`.
  /// - Returns: false when the message is malformed, or an error about nothing that is known: it is invalid then.
  mutating func trackICMPError(
    _ packet: inout PacketContext, _ location: TransportLocation, _ settings: ConntrackSettings, now: UInt64
  ) -> Bool {
    guard packet.length &- location.offset >= ICMPMessage.headerLength else { return false }
    guard settings.acceptsChecksum(&packet, location, pseudoHeaderOf: nil) else { return false }
    let type = ICMPMessage.type(in: packet.packet.bytes, at: location.offset)
    if type.quotesPacket {
      return trackInnerPacket(&packet, at: location.offset &+ ICMPMessage.headerLength, now: now)
    }
    return type.isKnown
  }

  /// Finds the connection of the packet quoted at `start` (kernel: `nf_conntrack_inet_error`).
  mutating func trackInnerPacket(_ packet: inout PacketContext, at start: Int, now: UInt64) -> Bool {
    let bytes = packet.packet.bytes
    guard let location = TransportLocation(bytes, at: start, family: packet.header.family),
      let inner = ConnectionTuple(bytes, location), let inverted = inner.inverted,
      let found = find(inverted, now: now)
    else { return false }
    // The error goes to the sender of the quoted packet; one that goes elsewhere is forged.
    guard packet.header.destination == self[found.id].tuple(found.direction).destination else { return false }
    packet.connection = found.id
    packet.state = found.direction == .reply ? .relatedReply : .related
    return true
  }
}

extension ConntrackSettings {
  /// Keeps up a connection of ICMP queries (kernel: `nf_conntrack_icmp_packet`).
  func trackICMP(_ packet: borrowing PacketContext, _ connection: inout Connection, now: UInt64) -> TrackerResult {
    guard packet.header.family == .ipv4 else { return .invalid }
    guard ICMPType(connection.original.icmpType).isRequest else { return .invalid }
    connection.refresh(packet.state.direction, bytes: packet.length, seconds: icmpTimeout, now: now)
    return .accept
  }
}
