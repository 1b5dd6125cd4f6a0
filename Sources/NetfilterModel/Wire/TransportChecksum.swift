// The checksums of TCP, UDP and ICMP over the whole packet, as netfilter checks them and as a sender computes them.

/// Checksums of transport protocols.
public enum TransportChecksum {
  /// Where the checksum stands in the header, in bytes, for protocols whose checksum follows from all of the packet;
  /// nil for others.
  public static func offset(of protocolNumber: ProtocolNumber) -> Int? {
    switch protocolNumber {
    case .tcp: TCPHeader.Field.checksum
    case .udp: UDPHeader.Field.checksum
    case .icmp, .icmpv6: ICMPMessage.Field.checksum
    default: nil
    }
  }

  /// Writes 0 for the checksum of a header at `start`, so that packets can be compared without it.
  public static func clear(_ bytes: inout [UInt8], from start: Int, _ protocolNumber: ProtocolNumber) {
    if let offset = offset(of: protocolNumber) { bytes.setUInt16(0, at: start + offset) }
  }

  /// Whether the sum over the bytes in `range`, and over a pseudo header where there is one, is right (kernel:
  /// `nf_ip_checksum`).
  ///
  /// netfilter lets the range begin at the network header, which adds nothing when its own checksum is right.
  public static func isValid(_ bytes: [UInt8], in range: Range<Int>, pseudoHeader: UInt32 = 0) -> Bool {
    Checksum.sum(bytes, in: range, initial: pseudoHeader) == 0xffff
  }

  /// Computes the checksum of what `bytes` hold from `start` on; nothing happens for protocols without one.
  ///
  /// UDP has 0xffff for 0, which means no checksum there (RFC 768); SCTP gets its CRC32c.
  public static func update(
    _ bytes: inout [UInt8], from start: Int, _ protocolNumber: ProtocolNumber, source: IPAddress,
    destination: IPAddress
  ) {
    if protocolNumber == .sctp { return SCTPHeader.updateChecksum(of: &bytes, at: start) }
    guard let offset = offset(of: protocolNumber) else { return }
    let pseudoHeader =
      protocolNumber == .icmp
      ? 0
      : Checksum.pseudoHeader(
        source: source, destination: destination, protocolNumber: protocolNumber, length: bytes.count - start)
    bytes.setUInt16(0, at: start + offset)
    let sum = Checksum.compute(bytes, in: start..<max(start, bytes.count), initial: pseudoHeader)
    bytes.setUInt16(sum == 0 && protocolNumber == .udp ? 0xffff : sum, at: start + offset)
  }
}
