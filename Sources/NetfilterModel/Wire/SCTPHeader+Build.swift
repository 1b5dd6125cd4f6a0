// The checksum of SCTP packets, and making them.

extension SCTPHeader {
  /// The CRC32c of the packet from `start` to the end of the bytes, as it stands in the header (RFC 9260 appendix A;
  /// kernel: `sctp_compute_cksum`).
  public static func computeChecksum(_ bytes: [UInt8], at start: Int) -> UInt32 {
    CRC32c.checksum(bytes, from: start, zeroing: start &+ Field.checksum).byteSwapped
  }

  /// Computes the checksum of the packet from `start` to the end of the bytes.
  public static func updateChecksum(of bytes: inout [UInt8], at start: Int) {
    setChecksum(computeChecksum(bytes, at: start), in: &bytes, at: start)
  }

  /// A common header, whose checksum is 0, and an INIT chunk with a tag of 1 and one stream each way (RFC 9260 §3.3.2).
  public static func makeInitiation(sourcePort: UInt16, destinationPort: UInt16) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length + SCTPChunk.initiationLength)
    TransportPorts.setSource(sourcePort, in: &bytes, at: 0)
    TransportPorts.setDestination(destinationPort, in: &bytes, at: 0)
    SCTPChunk.setType(.initiation, in: &bytes, at: length)
    SCTPChunk.setLength(UInt16(SCTPChunk.initiationLength), in: &bytes, at: length)
    SCTPChunk.setInitiateTag(1, in: &bytes, at: length)
    bytes.setUInt32(65535, at: length + SCTPChunk.Field.window)
    bytes.setUInt32(0x0001_0001, at: length + SCTPChunk.Field.streams)
    bytes.setUInt32(1, at: length + SCTPChunk.Field.sequence)
    return bytes
  }
}
