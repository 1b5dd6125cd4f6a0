// Carrying NAT out: what a packet, or an ICMP error, is rewritten to.

import NetfilterModel

extension NATCore {
  /// Rewrites the packet as its hook and direction ask, or drops one that is too short (kernel: `nf_nat_packet`).
  static func translate(_ packet: inout PacketContext, of id: ConnectionID, in table: borrowing ConnectionTable)
    -> Verdict
  {
    let manipulation = Self.manipulation(at: packet.hook)
    let direction = packet.state.direction
    guard Self.applies(table.with(id) { $0.status }, manipulation, direction) else { return .accept }
    let target = Self.inverted(table.with(id) { $0.tuple(direction.opposite) })
    let before = packet.packet.hasPartialChecksum ? packet.packet : nil
    let done = NATRewriter.rewrite(&packet.packet.bytes, at: 0, target, manipulation)
    packet.pull(NATRewriter.pulledLength(of: packet.header.protocolNumber))
    if let before { packet.packet.movePartialChecksum(from: before) }
    guard done else { return .drop }
    if manipulation == .source {
      packet.header.source = target.source
    } else {
      packet.header.destination = target.destination
    }
    return .accept
  }

  /// Whether a connection has NAT that a kind of hook carries out for a direction.
  static func applies(
    _ status: ConnectionStatus, _ manipulation: NATManipulation, _ direction: ConnectionDirection
  ) -> Bool {
    let isSource = (manipulation == .source) == (direction == .original)
    return status.contains(isSource ? .sourceNAT : .destinationNAT)
  }

  /// Whether the checksum of an ICMP error is right, or was found right before and still counts (kernel: `nf_ip_checksum`,
  /// `nf_ip6_checksum`).
  private static func acceptsErrorChecksum(_ packet: inout PacketContext, from start: Int) -> Bool {
    if packet.keepsVerifiedChecksum() { return true }
    let bytes = packet.packet.bytes
    if packet.header.family == .ipv4 {
      // The kernel sums from the IP header on, whose checksum may not count yet what was written into its options.
      guard TransportChecksum.isValid(bytes, in: 0..<bytes.count) else { return false }
    } else {
      let pseudoHeader = Checksum.pseudoHeader(
        source: packet.header.source, destination: packet.header.destination, protocolNumber: .icmpv6,
        length: bytes.count - start)
      guard TransportChecksum.isValid(bytes, in: start..<bytes.count, pseudoHeader: pseudoHeader) else { return false }
    }
    packet.noteVerifiedChecksum()
    return true
  }

  /// Rewrites an ICMP error and the packet that it quotes (kernel: `nf_nat_icmp_reply_translation`, `nf_nat_icmpv6_reply_translation`).
  static func translateError(_ packet: inout PacketContext, _ connection: borrowing Connection) -> Verdict {
    let start = packet.transportOffset
    let family = packet.header.family
    packet.pull(ICMPMessage.headerLength + IPv4Header.minimumLength)
    let innerStart = start + ICMPMessage.headerLength
    guard packet.packet.bytes.count >= innerStart + NATRewriter.headerLength(family) else { return .drop }
    guard acceptsErrorChecksum(&packet, from: start) else { return .drop }
    let isRedirect =
      family == .ipv4
      ? ICMPMessage.type(in: packet.packet.bytes, at: start) == .redirect
      : ICMPv6Message.type(in: packet.packet.bytes, at: start) == .redirect
    if isRedirect {
      guard connection.status.isSuperset(of: [.sourceNATDone, .destinationNATDone]),
        connection.status.isDisjoint(with: [.sourceNAT, .destinationNAT])
      else { return .drop }
    }
    let manipulation = Self.manipulation(at: packet.hook)
    let direction = packet.state.direction
    guard Self.applies(connection.status, manipulation, direction) else { return .accept }

    let other = connection.tuple(direction.opposite)
    let opposite: NATManipulation = manipulation == .source ? .destination : .source
    guard NATRewriter.rewrite(&packet.packet.bytes, at: innerStart, other, opposite) else { return .drop }

    var header = packet.header
    if manipulation == .source { header.source = other.destination } else { header.destination = other.source }
    TransportChecksum.update(
      &packet.packet.bytes, from: start, family == .ipv4 ? .icmp : .icmpv6, source: header.source,
      destination: header.destination)

    // the outer header alone changes: an error message carries no identifier of its own
    NATRewriter.replaceAddress(&packet.packet.bytes, at: 0, Self.inverted(other), manipulation)
    packet.refresh()
    return .accept
  }
}
