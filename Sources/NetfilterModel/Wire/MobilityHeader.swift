// The mobility header (RFC 6275 §6.1).

/// The fields of the mobility header that begins at an offset of some bytes; bytes that are missing read as 0 (kernel:
/// `struct ip6_mh`).
public enum MobilityHeader {
  /// The offsets of the fields in bytes (RFC 6275 §6.1.1).
  private enum Field {
    static let payloadProtocol = 0
    static let type = 2
    static let checksum = 4
  }

  /// The length in bytes of what every message has.
  public static let minimumLength = Field.checksum + 2

  /// What follows; nothing does in a right header.
  public static func payloadProtocol(in bytes: [UInt8], at start: Int) -> ProtocolNumber {
    ProtocolNumber(bytes.byte(at: start &+ Field.payloadProtocol))
  }

  /// The type of the message.
  public static func type(in bytes: [UInt8], at start: Int) -> UInt8 { bytes.byte(at: start &+ Field.type) }
}
