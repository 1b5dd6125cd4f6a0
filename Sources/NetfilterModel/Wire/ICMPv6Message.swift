// An ICMPv6 message (RFC 4443); code, checksum, identifier and sequence stand where ICMP has them.

/// The type of the ICMPv6 message that begins at an offset of some bytes; `ICMPMessage` has the fields that ICMP
/// shares.
public enum ICMPv6Message {
  /// The type; a byte that is missing reads as 0 (kernel: `struct icmp6hdr`).
  @inlinable @inline(__always)
  public static func type(in bytes: [UInt8], at start: Int) -> ICMPv6Type { ICMPv6Type(bytes.byte(at: start)) }

  /// The target of the neighbour solicitation, advertisement or redirect at an offset, or nil when it is cut off (RFC 4861 §4.3).
  public static func target(in bytes: [UInt8], at start: Int) -> IPAddress? {
    IPAddress(family: .ipv6, bytes: bytes, at: start &+ ICMPMessage.headerLength)
  }
}
