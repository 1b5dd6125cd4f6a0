// The UDP header (RFC 768), which UDP-Lite shares (RFC 3828).

/// The fields of the UDP or UDP-Lite header that begins at an offset of some bytes; bytes that are missing read as 0
/// (kernel: `struct udphdr`).
///
/// Its ports are read by `TransportPorts`.
public enum UDPHeader {
  /// The offsets of the fields in bytes (RFC 768; kernel: `struct udphdr`).
  @usableFromInline enum Field {
    @inlinable static var datagramLength: Int { 4 }
    @inlinable static var checksum: Int { 6 }
  }

  /// The length of the header in bytes.
  @inlinable public static var length: Int { 8 }

  /// The length of the datagram in bytes with its header; in UDP-Lite what the checksum covers, 0 for all.
  @inlinable @inline(__always)
  public static func datagramLength(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.datagramLength)
  }

  /// Writes the length of the datagram in bytes with its header; in UDP-Lite what the checksum covers, 0 for all.
  @inlinable @inline(__always)
  public static func setDatagramLength(_ value: UInt16, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt16(value, at: start &+ Field.datagramLength)
  }

  /// The checksum; 0 in UDP over IPv4 when there is none.
  @inlinable @inline(__always)
  public static func checksum(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.checksum)
  }

  /// Writes the checksum; 0 in UDP over IPv4 when there is none.
  @inlinable @inline(__always)
  public static func setChecksum(_ value: UInt16, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt16(value, at: start &+ Field.checksum)
  }
}
