// The header of ESP (RFC 4303 §2).

/// The fields of the ESP header that begins at an offset of some bytes; bytes that are missing read as 0 (kernel:
/// `struct ip_esp_hdr`).
public enum ESPHeader {
  /// The offsets of the fields in bytes (RFC 4303 §2; kernel: `struct ip_esp_hdr`).
  @usableFromInline enum Field {
    @inlinable static var securityParameters: Int { 0 }
    @inlinable static var sequence: Int { 4 }
  }

  /// The length in bytes of what is not encrypted.
  @inlinable public static var length: Int { 8 }

  /// The security parameters index (SPI).
  @inlinable @inline(__always)
  public static func securityParameters(in bytes: [UInt8], at start: Int) -> UInt32 {
    bytes.uint32(at: start &+ Field.securityParameters)
  }

  /// The sequence number.
  @inlinable @inline(__always)
  public static func sequence(in bytes: [UInt8], at start: Int) -> UInt32 {
    bytes.uint32(at: start &+ Field.sequence)
  }
}
