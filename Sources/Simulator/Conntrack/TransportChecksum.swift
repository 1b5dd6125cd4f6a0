// The checksums that tracking verifies on PREROUTING.

import NetfilterModel

extension ConnectionTable {
  /// Whether the transport checksum must be looked at: only where packets come in, and only if the sysctl says so.
  func verifiesChecksum(_ packet: borrowing PacketContext) -> Bool {
    settings.checksum && packet.hook == .prerouting
  }

  /// Whether the transport checksum is right or need not be; that it was found right is remembered (kernel: `skb->csum_valid`).
  func acceptsChecksum(
    _ packet: borrowing PacketContext, _ location: TransportLocation, pseudoHeaderOf protocolNumber: ProtocolNumber?,
    coverage: Int? = nil
  ) -> Bool {
    guard verifiesChecksum(packet) else { return true }
    hasVerifiedChecksum = TransportChecksum.isValid(
      packet, location, pseudoHeaderOf: protocolNumber, coverage: coverage)
    return hasVerifiedChecksum
  }
}

/// Verification of transport checksums as netfilter does it (kernel: `nf_ip_checksum`).
enum TransportChecksum {
  /// Whether the checksum over the packet and the pseudo header of `protocolNumber` (nil: none, as for ICMP) is right.
  ///
  /// The kernel sums the network header along, which adds nothing when its own checksum is right.
  static func isValid(
    _ packet: borrowing PacketContext, _ location: TransportLocation, pseudoHeaderOf protocolNumber: ProtocolNumber?,
    coverage: Int? = nil
  ) -> Bool {
    let bytes = packet.packet.bytes
    var initial: UInt32 = 0
    if let protocolNumber {
      initial = Checksum.pseudoHeader(
        source: location.source, destination: location.destination, protocolNumber: protocolNumber,
        length: bytes.count &- location.offset)
    }
    let end = coverage.map { min(bytes.count, location.offset &+ $0) } ?? bytes.count
    return Checksum.sum(bytes, in: 0..<max(0, end), initial: initial) == 0xffff
  }
}
