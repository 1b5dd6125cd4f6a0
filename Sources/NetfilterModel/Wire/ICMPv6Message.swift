// An ICMPv6 message (RFC 4443); code, checksum, identifier and sequence stand where ICMP has them.

/// The type of the ICMPv6 message that begins at an offset of some bytes; `ICMPMessage` has the fields that ICMP
/// shares.
public enum ICMPv6Message {
  /// The type; a byte that is missing reads as 0 (kernel: `struct icmp6hdr`).
  @inlinable @inline(__always)
  public static func type(in bytes: [UInt8], at start: Int) -> ICMPv6Type { ICMPv6Type(bytes.byte(at: start)) }
}
