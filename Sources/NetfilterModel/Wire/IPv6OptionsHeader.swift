// Hop-by-hop and destination options (RFC 8200 §4.3, §4.6), and what all extension headers of IPv6 begin with.

/// The fields of the header with options that begins at an offset of some bytes; bytes that are missing read as 0
/// (kernel: `struct ipv6_opt_hdr`).
public enum IPv6OptionsHeader {
  /// The offsets of the fields in bytes (RFC 8200 §4.2).
  private enum Field {
    static let nextHeader = 0
    static let length = 1
    static let options = 2
  }

  /// The length in bytes of what every extension header has: the next header and the length.
  public static let minimumLength = Field.options

  /// The protocol, or the extension header, that follows.
  @inline(__always)
  public static func nextHeader(in bytes: [UInt8], at start: Int) -> ProtocolNumber {
    ProtocolNumber(bytes.byte(at: start &+ Field.nextHeader))
  }

  /// Where the header at `start` says what follows it.
  public static func nextHeaderOffset(at start: Int) -> Int { start &+ Field.nextHeader }

  /// The length of the header in bytes, 8...2048 (kernel: `ipv6_optlen`).
  @inline(__always)
  public static func length(in bytes: [UInt8], at start: Int) -> Int {
    (Int(lengthField(in: bytes, at: start)) &+ 1) &* 8
  }

  /// Where the length of the header at 0 is written.
  static let lengthFieldOffset = Field.length

  /// The length as it stands there: in units of 8 bytes, without the first 8.
  @inline(__always)
  public static func lengthField(in bytes: [UInt8], at start: Int) -> UInt8 { bytes.byte(at: start &+ Field.length) }

  /// Whether the options of the header at `start` begin with those of a list: their types in order, and their lengths in
  /// bytes where the list has one (kernel: `hbh_mt6`).
  public static func begins(
    with list: [(type: UInt8, length: UInt8?)], in bytes: [UInt8], at start: Int
  ) -> Bool {
    var place = start &+ Field.options
    var left = length(in: bytes, at: start) &- Field.options
    for (index, wanted) in list.enumerated() {
      guard left >= 1, place < bytes.count else { return false }
      let type = bytes.byte(at: place)
      guard type == wanted.type else { return false }
      var size = 1
      // Pad1 is one byte without a length (RFC 8200 §4.2).
      if type != 0 {
        guard left >= 2, place &+ 1 < bytes.count else { return false }
        let length = bytes.byte(at: place &+ 1)
        if let wanted = wanted.length, wanted != length { return false }
        size = Int(length) &+ 2
      }
      if index < list.count - 1, place > bytes.count &- size || left < size { return false }
      place &+= size
      left &-= size
    }
    return true
  }
}
