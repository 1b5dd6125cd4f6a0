// The GRE header: plain (RFC 2784) and enhanced, as PPTP has it (RFC 2637 §4.1).

/// The fields of the GRE header that begins at an offset of some bytes; bytes that are missing read as 0 (kernel:
/// `struct gre_base_hdr`, `struct pptp_gre_header`).
public enum GREHeader {
  /// The offsets of the fields in bytes (RFC 2637 §4.1; kernel: `struct pptp_gre_header`).
  @usableFromInline enum Field {
    @inlinable static var version: Int { 1 }
    @inlinable static var protocolType: Int { 2 }
    @inlinable static var callIdentifier: Int { 6 }
  }

  /// The length in bytes of a header without options.
  @inlinable public static var minimumLength: Int { 4 }
  /// The length in bytes of an enhanced header up to its call identifier.
  @inlinable public static var enhancedLength: Int { 8 }
  /// The version of the enhanced header (kernel: `GRE_VERSION_1`).
  @inlinable public static var enhancedVersion: UInt8 { 1 }
  /// The protocol type of PPP (kernel: `GRE_PROTO_PPP`).
  @inlinable public static var pointToPoint: UInt16 { 0x880b }

  /// The version, 0...7: 0 plain, 1 enhanced (kernel: `GRE_VERSION`).
  @inlinable @inline(__always)
  public static func version(in bytes: [UInt8], at start: Int) -> UInt8 {
    bytes.byte(at: start &+ Field.version) & 7
  }

  /// The Ethernet type of what the header carries.
  @inlinable @inline(__always)
  public static func protocolType(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.protocolType)
  }

  /// The call identifier of an enhanced header, which tracking takes for a port.
  @inlinable @inline(__always)
  public static func callIdentifier(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.callIdentifier)
  }

  /// Writes the call identifier of an enhanced header, which tracking takes for a port.
  @inlinable @inline(__always)
  public static func setCallIdentifier(_ value: UInt16, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt16(value, at: start &+ Field.callIdentifier)
  }
}
