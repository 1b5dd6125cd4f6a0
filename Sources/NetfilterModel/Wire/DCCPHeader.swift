// The header of DCCP (RFC 4340 §5.1).

/// The fields of the DCCP header that begins at an offset of some bytes; bytes that are missing read as 0 (kernel:
/// `struct dccp_hdr`).
///
/// Its ports are read by `TransportPorts`.
public enum DCCPHeader {
  /// The offsets of the fields in bytes (RFC 4340 §5.1; kernel: `struct dccp_hdr`).
  @usableFromInline enum Field {
    @inlinable static var dataOffset: Int { 4 }
    @inlinable static var type: Int { 8 }
  }

  /// The length in bytes of what every header has, with a short sequence number (kernel: `sizeof(struct dccp_hdr)`).
  @inlinable public static var minimumLength: Int { 12 }

  /// The length in bytes of the header with its options, as it says itself.
  @inlinable public static func length(in bytes: [UInt8], at start: Int) -> Int {
    Int(bytes.byte(at: start &+ Field.dataOffset)) * 4
  }

  /// The type of the packet, 0...15 (RFC 4340 §5.1).
  @inlinable public static func type(in bytes: [UInt8], at start: Int) -> UInt8 {
    bytes.byte(at: start &+ Field.type) >> 1 & 15
  }

  /// Where the options begin, in bytes from the header's start (kernel: `__dccp_hdr_len`).
  public static func optionsOffset(in bytes: [UInt8], at start: Int) -> Int {
    let hasLongSequence = bytes.byte(at: start &+ Field.type) & 1 == 1
    let own: Int
    switch type(in: bytes, at: start) {
    case 0: own = 4
    case 2: own = 0
    case 3, 4, 5, 6, 8, 9: own = 8
    // A response, a reset, and types that there are not.
    default: own = 12
    }
    return minimumLength + (hasLongSequence ? 4 : 0) + own
  }

  /// Whether the header has an option; nil when the options are cut off, or the length that the header names cannot be
  /// (kernel: `dccp_find_option`).
  public static func hasOption(_ option: UInt8, in bytes: [UInt8], at start: Int) -> Bool? {
    let first = optionsOffset(in: bytes, at: start)
    let end = length(in: bytes, at: start)
    guard end >= first else { return nil }
    if end == first { return false }
    guard bytes.count &- start >= end else { return nil }
    var place = first
    while place < end {
      let kind = bytes.byte(at: start &+ place)
      if kind == option { return true }
      // Options below 2 have one byte; of the others a length of 0 counts as 1.
      place &+= kind < 2 ? 1 : max(1, Int(bytes.byte(at: start &+ place &+ 1)))
    }
    return false
  }
}
