// The checksums that tracking verifies on PREROUTING.

import NetfilterModel

extension ConntrackSettings {
  /// Whether the transport checksum must be looked at: only where packets come in, and only if the sysctl says so.
  func verifiesChecksum(_ packet: borrowing PacketContext) -> Bool {
    checksum && packet.hook == .prerouting
  }

  /// Whether the transport checksum is right or need not be; that it was found right is remembered (kernel:
  /// `skb->csum_valid`).
  ///
  /// The sum goes over the packet, as far as `coverage` bytes of its transport header where that is not nil, and over
  /// the pseudo header of `protocolNumber`; nil for none, as in ICMP.
  func acceptsChecksum(
    _ packet: inout PacketContext, _ location: TransportLocation, pseudoHeaderOf protocolNumber: ProtocolNumber?,
    coverage: Int? = nil
  ) -> Bool {
    guard verifiesChecksum(packet) else { return true }
    let bytes = packet.packet.bytes
    var pseudoHeader: UInt32 = 0
    if let protocolNumber {
      pseudoHeader = Checksum.pseudoHeader(
        source: location.source, destination: location.destination, protocolNumber: protocolNumber,
        length: bytes.count &- location.offset)
    }
    // netfilter's IPv4 sum begins at the network header.
    let start = packet.header.family == .ipv4 ? 0 : location.offset
    let end = coverage.map { min(bytes.count, location.offset &+ $0) } ?? bytes.count
    guard TransportChecksum.isValid(bytes, in: start..<Swift.max(start, end), pseudoHeader: pseudoHeader) else {
      return false
    }
    packet.noteVerifiedChecksum()
    return true
  }
}
