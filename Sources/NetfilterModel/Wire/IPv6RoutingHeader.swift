// The routing header of IPv6 (RFC 8200 §4.4), of type 0 (RFC 2460 §4.4) and of type 4, for segment routing (RFC 8754 §2).

/// The fields of the routing header that begins at an offset of some bytes; bytes that are missing read as 0 (kernel:
/// `struct ipv6_rt_hdr`, `struct rt0_hdr`, `struct ipv6_sr_hdr`). `IPv6OptionsHeader` has the next header and the length.
public enum IPv6RoutingHeader {
  /// The offsets of the fields in bytes.
  private enum Field {
    static let type = 2
    static let segmentsLeft = 3
    /// Type 0.
    static let reserved = 4
    static let addresses = 8
    /// Type 4.
    static let lastEntry = 4
    static let tag = 6
  }

  /// The length in bytes of what every routing header has.
  public static let minimumLength = Field.segmentsLeft + 1
  /// The length in bytes of a header for segment routing without its segments.
  public static let segmentRoutingLength = Field.tag + 2
  /// The type of a source route in a network of low power (`IPV6_SRCRT_TYPE_3`; RFC 6554).
  public static let rpl: UInt8 = 3
  /// The type of a header for segment routing (`IPV6_SRCRT_TYPE_4`).
  public static let segmentRouting: UInt8 = 4

  /// Where the type of the header at `start` is, in bytes.
  public static func typeOffset(at start: Int) -> Int { start &+ Field.type }

  /// The routing type.
  public static func type(in bytes: [UInt8], at start: Int) -> UInt8 { bytes.byte(at: start &+ Field.type) }

  /// How many hops are still to be visited.
  public static func segmentsLeft(in bytes: [UInt8], at start: Int) -> UInt8 {
    bytes.byte(at: start &+ Field.segmentsLeft)
  }

  /// The reserved field of type 0, 0 in a right header.
  public static func reserved(in bytes: [UInt8], at start: Int) -> UInt32 { bytes.uint32(at: start &+ Field.reserved) }

  /// How many addresses a header of type 0 has room for.
  public static func addressCount(in bytes: [UInt8], at start: Int) -> Int {
    (IPv6OptionsHeader.length(in: bytes, at: start) &- Field.addresses) / AddressFamily.ipv6.addressLength
  }

  /// The address with an index from 0 of type 0, or nil when it is cut off.
  public static func address(_ index: Int, in bytes: [UInt8], at start: Int) -> IPAddress? {
    IPAddress(
      family: .ipv6, bytes: bytes, at: start &+ Field.addresses &+ index &* AddressFamily.ipv6.addressLength)
  }

  /// The index of the last entry of the list of segments, of type 4 (kernel: `first_segment`).
  public static func lastEntry(in bytes: [UInt8], at start: Int) -> UInt8 { bytes.byte(at: start &+ Field.lastEntry) }

  /// Writes the index of the last entry, of type 4.
  static func setLastEntry(_ value: UInt8, in bytes: inout [UInt8], at start: Int) {
    bytes.setByte(value, at: start &+ Field.lastEntry)
  }

  /// The tag of type 4.
  public static func tag(in bytes: [UInt8], at start: Int) -> UInt16 { bytes.uint16(at: start &+ Field.tag) }
}
