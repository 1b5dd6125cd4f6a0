// UDP, UDP-Lite and GRE: answered or not is all there is to know.

import NetfilterModel

extension ConntrackSettings {
  /// Keeps up a UDP connection; one that is still used two seconds after it began is a stream (kernel:
  /// `nf_conntrack_udp_packet`).
  func trackUDP(
    _ packet: inout PacketContext, _ connection: inout Connection, _ location: TransportLocation, now: UInt64
  ) -> TrackerResult {
    guard isValidUDP(&packet, location) else { return .invalid }
    let direction = packet.state.direction
    if !connection.status.contains(.confirmed) {
      connection.tracking = .udp(streamAfter: now &+ 2_000_000_000)
    }
    guard connection.status.contains(.seenReply) else {
      connection.refresh(direction, bytes: packet.length, seconds: udpTimeout, now: now)
      return .accept
    }
    var isStream = false
    if case .udp(let streamAfter) = connection.tracking { isStream = now > streamAfter }
    connection.refresh(
      direction, bytes: packet.length, seconds: isStream ? udpTimeoutStream : udpTimeout,
      now: now)
    if isStream, !connection.status.contains(.natClash) { connection.status.insert(.assured) }
    return .accept
  }

  /// Whether the UDP header makes sense (kernel: `udp_error`).
  private func isValidUDP(_ packet: inout PacketContext, _ location: TransportLocation) -> Bool {
    let left = packet.length &- location.offset
    guard left >= UDPHeader.length else { return false }
    let length = Int(UDPHeader.datagramLength(in: packet.packet.bytes, at: location.offset))
    guard length >= UDPHeader.length, length <= left else { return false }
    guard UDPHeader.checksum(in: packet.packet.bytes, at: location.offset) != 0 else { return true }
    return acceptsChecksum(&packet, location, pseudoHeaderOf: .udp)
  }

  /// Keeps up a UDP-Lite connection (kernel: `nf_conntrack_udplite_packet`).
  func trackUDPLite(
    _ packet: inout PacketContext, _ connection: inout Connection, _ location: TransportLocation, now: UInt64
  ) -> TrackerResult {
    guard isValidUDPLite(&packet, location) else { return .invalid }
    keepUpAnswered(
      packet, &connection, unanswered: udpTimeout, answered: udpTimeoutStream, now: now)
    return .accept
  }

  /// Whether the UDP-Lite header makes sense; the kernel computes its checksum with the protocol number of UDP
  /// (kernel: `udplite_error`).
  private func isValidUDPLite(_ packet: inout PacketContext, _ location: TransportLocation) -> Bool {
    let left = packet.length &- location.offset
    guard left >= UDPHeader.length else { return false }
    var coverage = Int(UDPHeader.datagramLength(in: packet.packet.bytes, at: location.offset))
    if coverage == 0 { coverage = left }
    guard coverage >= UDPHeader.length, coverage <= left,
      UDPHeader.checksum(in: packet.packet.bytes, at: location.offset) != 0
    else { return false }
    return acceptsChecksum(&packet, location, pseudoHeaderOf: .udp, coverage: coverage)
  }

  /// Keeps up a GRE connection (kernel: `nf_conntrack_gre_packet`).
  func trackGRE(_ packet: inout PacketContext, _ connection: inout Connection, now: UInt64) -> TrackerResult {
    if !connection.status.contains(.confirmed) { connection.tracking = .gre }
    keepUpAnswered(
      packet, &connection, unanswered: greTimeout, answered: greTimeoutStream, now: now)
    return .accept
  }

  /// Sets one of two timeouts; an answered connection is assured at once.
  private func keepUpAnswered(
    _ packet: borrowing PacketContext, _ connection: inout Connection, unanswered: UInt32, answered: UInt32, now: UInt64
  ) {
    let isAnswered = connection.status.contains(.seenReply)
    connection.refresh(
      packet.state.direction, bytes: packet.length, seconds: isAnswered ? answered : unanswered, now: now)
    if isAnswered, !connection.status.contains(.natClash) { connection.status.insert(.assured) }
  }
}
