// The fragment header of IPv6 (RFC 8200 §4.5).

/// The fields of the fragment header that begins at an offset of some bytes; bytes that are missing read as 0 (kernel:
/// `struct frag_hdr`).
public enum IPv6FragmentHeader {
  /// The offsets of the fields in bytes (RFC 8200 §4.5).
  private enum Field {
    static let reserved = 1
    static let fragmentation = 2
    static let identification = 4
  }

  /// The length in bytes.
  public static let length = 8

  /// How many bytes there must be for the offset to be there.
  static let lengthToFragmentation = Field.fragmentation + 2

  /// The reserved byte, 0 in a right header.
  public static func reserved(in bytes: [UInt8], at start: Int) -> UInt8 { bytes.byte(at: start &+ Field.reserved) }

  /// Where the offset and flags of the header at `start` are, in bytes.
  public static func fragmentationOffset(at start: Int) -> Int { start &+ Field.fragmentation }

  /// The fragment offset and the flags.
  public static func fragmentation(in bytes: [UInt8], at start: Int) -> IPv6Fragmentation {
    IPv6Fragmentation(rawValue: bytes.uint16(at: start &+ Field.fragmentation))
  }

  /// A header; `offset` is in units of 8 bytes.
  public static func make(
    nextHeader: ProtocolNumber, offset: UInt16, moreFragments: Bool, identification: UInt32
  ) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length)
    bytes.setByte(nextHeader.rawValue, at: IPv6OptionsHeader.nextHeaderOffset(at: 0))
    bytes.setUInt16(offset << 3 | (moreFragments ? 1 : 0), at: Field.fragmentation)
    bytes.setUInt32(identification, at: Field.identification)
    return bytes
  }

  /// The identification, which the fragments of a packet have in common.
  public static func identification(in bytes: [UInt8], at start: Int) -> UInt32 {
    bytes.uint32(at: start &+ Field.identification)
  }
}

/// The fragment offset and the flags of an IPv6 fragment header.
public struct IPv6Fragmentation: RawRepresentable, Hashable, Sendable {
  /// The 16 bits.
  public var rawValue: UInt16
  /// Makes it from its bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The offset in units of 8 bytes.
  public var offset: UInt16 { rawValue >> 3 }
  /// Whether more fragments follow (`IP6_MF`).
  public var moreFragments: Bool { rawValue & 1 != 0 }
  /// The two reserved bits, 0 in a right header.
  public var reserved: UInt16 { rawValue & 6 }
}
