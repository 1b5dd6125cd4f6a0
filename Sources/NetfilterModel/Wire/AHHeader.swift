// The authentication header (RFC 4302 §2).

/// The fields of the authentication header that begins at an offset of some bytes; bytes that are missing read as 0
/// (kernel: `struct ip_auth_hdr`).
public enum AHHeader {
  /// The offsets of the fields in bytes (RFC 4302 §2; kernel: `struct ip_auth_hdr`).
  @usableFromInline enum Field {
    @inlinable static var nextHeader: Int { 0 }
    @inlinable static var length: Int { 1 }
    @inlinable static var reserved: Int { 2 }
    @inlinable static var securityParameters: Int { 4 }
    @inlinable static var sequence: Int { 8 }
  }

  /// The length in bytes of a header without its check value.
  @inlinable public static var minimumLength: Int { 12 }

  /// The protocol of what follows the header.
  @inlinable @inline(__always)
  public static func nextHeader(in bytes: [UInt8], at start: Int) -> ProtocolNumber {
    ProtocolNumber(bytes.byte(at: start &+ Field.nextHeader))
  }

  /// The length of the header in bytes, 8...1028, in IPv4 and IPv6 alike (kernel: `ipv6_authlen`).
  @inlinable @inline(__always)
  public static func length(in bytes: [UInt8], at start: Int) -> Int {
    (Int(bytes.byte(at: start &+ Field.length)) &+ 2) &* 4
  }

  /// The reserved field, 0 in a right header.
  @inlinable @inline(__always)
  public static func reserved(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.reserved)
  }

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
