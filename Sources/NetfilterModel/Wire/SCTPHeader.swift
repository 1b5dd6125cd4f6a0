// The common header of SCTP (RFC 9260 §3.1).

/// The fields of the SCTP common header that begins at an offset of some bytes; bytes that are missing read as 0
/// (kernel: `struct sctphdr`).
///
/// Its ports are read by `TransportPorts`.
public enum SCTPHeader {
  /// The offsets of the fields in bytes (RFC 9260 §3.1; kernel: `struct sctphdr`).
  @usableFromInline enum Field {
    @inlinable static var verificationTag: Int { 4 }
    @inlinable static var checksum: Int { 8 }
  }

  /// The length of the header in bytes; the chunks follow it.
  @inlinable public static var length: Int { 12 }

  /// The verification tag.
  @inlinable @inline(__always)
  public static func verificationTag(in bytes: [UInt8], at start: Int) -> UInt32 {
    bytes.uint32(at: start &+ Field.verificationTag)
  }

  /// The CRC32c as it stands in the header.
  @inlinable @inline(__always)
  public static func checksum(in bytes: [UInt8], at start: Int) -> UInt32 {
    bytes.uint32(at: start &+ Field.checksum)
  }

  /// Writes the CRC32c as it stands in the header.
  @inlinable @inline(__always)
  public static func setChecksum(_ value: UInt32, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt32(value, at: start &+ Field.checksum)
  }
}
