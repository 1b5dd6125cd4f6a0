// ICMPv6: queries are connections of their own, errors belong to the connection of the packet that they quote, and neighbour
// discovery is not tracked (kernel: nf_conntrack_proto_icmpv6.c).

import NetfilterModel

extension ConnectionTable {
  /// Looks at an ICMPv6 message before the table is asked (kernel: `nf_conntrack_icmpv6_error`).
  ///
  /// - Returns: false when the message is malformed, or an error about nothing that is known: it is invalid then.
  mutating func trackICMPv6(
    _ packet: inout PacketContext, _ location: TransportLocation, _ settings: ConntrackSettings, now: UInt64
  ) -> Bool {
    let bytes = packet.packet.bytes
    guard bytes.count &- location.offset >= ICMPMessage.headerLength,
      settings.acceptsChecksum(&packet, location, pseudoHeaderOf: .icmpv6)
    else { return false }
    let type = ICMPv6Message.type(in: bytes, at: location.offset)
    if type.isOfNeighbourDiscovery {
      packet.state = .untracked
      return true
    }
    if type == .redirect { return trackRedirect(&packet, location, now: now) }
    guard type.isError else { return true }
    return trackInnerPacket(&packet, at: location.offset &+ ICMPMessage.headerLength, now: now)
  }

  /// A redirect belongs to the connection of the packet that its option quotes (kernel: `nf_conntrack_icmpv6_redirect`).
  private mutating func trackRedirect(_ packet: inout PacketContext, _ location: TransportLocation, now: UInt64) -> Bool
  {
    let bytes = packet.packet.bytes
    let option = location.offset &+ ICMPv6Redirect.length
    guard bytes.count >= option else { return false }
    if ICMPMessage.code(in: bytes, at: location.offset) != .none { return true }
    guard packet.header.ttl == 255, packet.header.source.isLinkLocal else { return false }
    guard bytes.count &- option >= ICMPv6Redirect.optionHeaderLength,
      ICMPv6Redirect.optionLength(in: bytes, at: option) != 0
    else { return false }
    guard ICMPv6Redirect.isRedirectedHeader(in: bytes, at: option) else { return true }
    return trackInnerPacket(&packet, at: option &+ ICMPv6Redirect.redirectedHeaderOffset, now: now)
  }
}

extension ConntrackSettings {
  /// Keeps up a connection of ICMPv6 queries (kernel: `nf_conntrack_icmpv6_packet`).
  func trackICMPv6(_ packet: borrowing PacketContext, _ connection: inout Connection, now: UInt64) -> TrackerResult {
    guard packet.header.family == .ipv6 else { return .invalid }
    if !connection.status.contains(.confirmed) {
      let type = ICMPv6Type(connection.original.icmpType)
      guard type == .echoRequest || type == .nodeInformationQuery else { return .invalid }
    }
    connection.refresh(packet.state.direction, bytes: packet.length, seconds: icmpv6Timeout, now: now)
    return .accept
  }
}
