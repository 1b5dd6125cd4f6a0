// Rewriting packets: addresses, ports and checksums of a packet, and of the packet that an ICMP error quotes.

import NetfilterModel

/// Writes the addresses and keys of a tuple into a packet (kernel: `nf_nat_manip_pkt`).
enum NATRewriter {
  /// The length of a network header without options.
  static func headerLength(_ family: AddressFamily) -> Int {
    family == .ipv4 ? IPv4Header.minimumLength : IPv6Header.length
  }

  /// How many bytes of a transport header the kernel makes contiguous before it writes (kernel: `l4proto_manip_pkt`).
  static func pulledLength(of protocolNumber: ProtocolNumber) -> Int {
    switch protocolNumber {
    case .tcp: TCPHeader.minimumLength
    case .sctp: SCTPHeader.length
    default: UDPHeader.length
    }
  }

  /// Makes the packet at `start` look like `tuple` at one end, checksums included; false when it is too short or of a kind that cannot be translated.
  static func rewrite(
    _ bytes: inout [UInt8], at start: Int, _ tuple: ConnectionTuple, _ manipulation: NATManipulation
  ) -> Bool {
    guard bytes.count >= start + headerLength(tuple.family) else { return false }
    if let transport = transportOffset(bytes, start, tuple.family) {
      guard rewriteTransport(&bytes, at: start, transport, tuple, manipulation) else { return false }
    }
    replaceAddress(&bytes, at: start, tuple, manipulation)
    return true
  }

  /// Where the transport header of the packet at `start` is, or nil when NAT leaves it alone (an IPv6 fragment).
  static func transportOffset(_ bytes: [UInt8], _ start: Int, _ family: AddressFamily) -> Int? {
    if family == .ipv4 { return start + IPv4Header.length(in: bytes, at: start) }
    return IPv6Extensions.transportOffset(in: bytes, at: start)
  }

  /// Replaces an address, and mends the IPv4 header's checksum.
  static func replaceAddress(
    _ bytes: inout [UInt8], at start: Int, _ tuple: ConnectionTuple, _ manipulation: NATManipulation
  ) {
    switch (tuple.family, manipulation) {
    case (.ipv4, .source): IPv4Header.replaceSource(tuple.source, in: &bytes, at: start)
    case (.ipv4, .destination): IPv4Header.replaceDestination(tuple.destination, in: &bytes, at: start)
    case (.ipv6, .source): IPv6Header.setSource(tuple.source, in: &bytes, at: start)
    case (.ipv6, .destination): IPv6Header.setDestination(tuple.destination, in: &bytes, at: start)
    }
  }

  /// A transport checksum after the address of the pseudo header changes (kernel: `nf_csum_update`).
  static func checksum(
    _ checksum: UInt16, _ bytes: [UInt8], at start: Int, _ tuple: ConnectionTuple, _ manipulation: NATManipulation
  ) -> UInt16 {
    let new = manipulation == .source ? tuple.source : tuple.destination
    let old: IPAddress?
    switch (tuple.family, manipulation) {
    case (.ipv4, .source): old = IPv4Header.source(in: bytes, at: start)
    case (.ipv4, .destination): old = IPv4Header.destination(in: bytes, at: start)
    case (.ipv6, .source): old = IPv6Header.source(in: bytes, at: start)
    case (.ipv6, .destination): old = IPv6Header.destination(in: bytes, at: start)
    }
    return Checksum.replacing(checksum, old: old ?? new, new: new)
  }

  /// Rewrites the transport header (kernel: `l4proto_manip_pkt`); a protocol without ports passes unchanged.
  static func rewriteTransport(
    _ bytes: inout [UInt8], at start: Int, _ transport: Int, _ tuple: ConnectionTuple,
    _ manipulation: NATManipulation
  ) -> Bool {
    let available = bytes.count - transport
    switch tuple.protocolNumber {
    case .tcp:
      guard available >= 8 else { return false }
      let change = replacePort(&bytes, transport, tuple, manipulation)
      // an ICMP error may quote less than the header
      if available >= TCPHeader.minimumLength {
        let sum = checksum(TCPHeader.checksum(in: bytes, at: transport), bytes, at: start, tuple, manipulation)
        TCPHeader.setChecksum(Checksum.replacing(sum, old: change.old, new: change.new), in: &bytes, at: transport)
      }
    case .udp, .udplite:
      guard available >= UDPHeader.length else { return false }
      let change = replacePort(&bytes, transport, tuple, manipulation)
      let old = UDPHeader.checksum(in: bytes, at: transport)
      if tuple.protocolNumber == .udplite || old != 0 {
        var sum = checksum(old, bytes, at: start, tuple, manipulation)
        sum = Checksum.replacing(sum, old: change.old, new: change.new)
        UDPHeader.setChecksum(sum == 0 ? 0xffff : sum, in: &bytes, at: transport)
      }
    case .sctp:
      guard available >= 8 else { return false }
      _ = replacePort(&bytes, transport, tuple, manipulation)
      if available >= SCTPHeader.length { SCTPHeader.updateChecksum(of: &bytes, at: transport) }
    case .icmp:
      guard available >= ICMPMessage.headerLength else { return false }
      if ICMPMessage.type(in: bytes, at: transport).isQuery {
        let sum = ICMPMessage.checksum(in: bytes, at: transport)
        replaceIdentifier(&bytes, transport, tuple.sourceKey, sum)
      }
    case .icmpv6:
      guard available >= ICMPMessage.headerLength else { return false }
      let sum = checksum(ICMPMessage.checksum(in: bytes, at: transport), bytes, at: start, tuple, manipulation)
      if ICMPv6Message.type(in: bytes, at: transport).isEcho {
        replaceIdentifier(&bytes, transport, tuple.sourceKey, sum)
      } else {
        ICMPMessage.setChecksum(sum, in: &bytes, at: transport)
      }
    case .gre:
      guard available >= GREHeader.enhancedLength else { return false }
      guard manipulation == .destination else { return true }
      switch GREHeader.version(in: bytes, at: transport) {
      case 0: break
      case GREHeader.enhancedVersion: GREHeader.setCallIdentifier(tuple.destinationKey, in: &bytes, at: transport)
      default: return false
      }
    default: break
    }
    return true
  }

  /// Writes one of the ports, and returns what was there before and what is there now.
  @inline(__always)
  private static func replacePort(
    _ bytes: inout [UInt8], _ transport: Int, _ tuple: ConnectionTuple, _ manipulation: NATManipulation
  ) -> (old: UInt16, new: UInt16) {
    if manipulation == .source {
      let old = TransportPorts.source(in: bytes, at: transport)
      TransportPorts.setSource(tuple.sourceKey, in: &bytes, at: transport)
      return (old, tuple.sourceKey)
    }
    let old = TransportPorts.destination(in: bytes, at: transport)
    TransportPorts.setDestination(tuple.destinationKey, in: &bytes, at: transport)
    return (old, tuple.destinationKey)
  }

  /// Writes the identifier of an ICMP query whose checksum without that change would be `checksum`.
  private static func replaceIdentifier(
    _ bytes: inout [UInt8], _ transport: Int, _ identifier: UInt16, _ checksum: UInt16
  ) {
    let old = ICMPMessage.identifier(in: bytes, at: transport)
    ICMPMessage.setChecksum(Checksum.replacing(checksum, old: old, new: identifier), in: &bytes, at: transport)
    ICMPMessage.setIdentifier(identifier, in: &bytes, at: transport)
  }
}
