// The header of IP payload compression (RFC 3173 §3.3).

/// The fields of the IPComp header that begins at an offset of some bytes; bytes that are missing read as 0 (kernel:
/// `struct ip_comp_hdr`).
public enum IPCompHeader {
  /// The length of the header in bytes.
  @inlinable public static var length: Int { 4 }

  /// The compression parameter index.
  @inlinable public static func parameterIndex(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ 2)
  }
}
