// Checksums that the kernel leaves to the network card: until a packet is handed to a device, its TCP checksum holds
// only the sum over the pseudo header (kernel: CHECKSUM_PARTIAL). REJECT's resets are such packets.

extension Packet {
  /// Puts the sum over the pseudo header where the TCP checksum belongs, and marks the packet as unfinished; `source` counts in place of
  /// the packet's own where it is another.
  public mutating func setPartialChecksum(source: IPAddress? = nil) {
    guard let place = tcpPlace(source: source) else { return }
    hasPartialChecksum = true
    TCPHeader.setChecksum(UInt16(truncatingIfNeeded: place.pseudoHeader), in: &bytes, at: place.start)
  }

  /// Computes an unfinished TCP checksum (kernel: `skb_checksum_help`); a finished one stays.
  public mutating func completeChecksum() {
    guard hasPartialChecksum, let place = tcpPlace() else { return }
    hasPartialChecksum = false
    // The sum over the pseudo header stands there already, of whatever addresses it was.
    TCPHeader.setChecksum(
      Checksum.compute(bytes, in: place.start..<bytes.count), in: &bytes, at: place.start)
  }

  /// Changes an unfinished checksum as a translation does, which made `before` into this packet (kernel: `inet_proto_csum_replace4`).
  public mutating func movePartialChecksum(from before: Packet) {
    guard hasPartialChecksum, let place = tcpPlace(), let old = before.tcpPlace() else { return }
    let field = TCPHeader.checksum(in: before.bytes, at: old.start)
    let sum = UInt32(field) &+ (~old.pseudoHeader & 0xffff) &+ place.pseudoHeader
    TCPHeader.setChecksum(~Checksum.compute([], in: 0..<0, initial: sum), in: &bytes, at: place.start)
  }

  private func tcpPlace(source: IPAddress? = nil) -> (start: Int, pseudoHeader: UInt32)? {
    guard let header = IPHeader(bytes), header.protocolNumber == .tcp else { return nil }
    let sum = Checksum.pseudoHeader(
      source: source ?? header.source, destination: header.destination, protocolNumber: .tcp,
      length: bytes.count - header.transportOffset)
    return (header.transportOffset, sum)
  }
}
