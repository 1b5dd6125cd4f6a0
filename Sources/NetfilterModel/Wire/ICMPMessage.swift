// An ICMP message (RFC 792); ICMPv6 has its header in common with it (RFC 4443).

/// The fields of the ICMP or ICMPv6 message that begins at an offset of some bytes; bytes that are missing read as 0
/// (kernel: `struct icmphdr`).
public enum ICMPMessage {
  /// The offsets of the fields in bytes (RFC 792; kernel: `struct icmphdr`).
  @usableFromInline enum Field {
    @inlinable static var type: Int { 0 }
    @inlinable static var code: Int { 1 }
    @inlinable static var checksum: Int { 2 }
    @inlinable static var information: Int { 4 }
    @inlinable static var identifier: Int { 4 }
    @inlinable static var sequence: Int { 6 }
    @inlinable static var mtu: Int { 6 }
    @inlinable static var pointer: Int { 4 }
  }

  /// The length of the header in bytes; behind it stands the packet that an error quotes.
  @inlinable public static var headerLength: Int { 8 }

  /// The length in bytes of what every message has: type, code and checksum.
  @inlinable public static var lengthToChecksum: Int { Field.checksum + 2 }

  /// The type of a message of ICMP.
  @inlinable @inline(__always)
  public static func type(in bytes: [UInt8], at start: Int) -> ICMPType {
    ICMPType(bytes.byte(at: start &+ Field.type))
  }

  /// Writes the type.
  @inlinable @inline(__always)
  public static func setType(_ type: ICMPType, in bytes: inout [UInt8], at start: Int) {
    bytes.setByte(type.rawValue, at: start &+ Field.type)
  }

  /// The code.
  @inlinable @inline(__always)
  public static func code(in bytes: [UInt8], at start: Int) -> ICMPCode {
    ICMPCode(bytes.byte(at: start &+ Field.code))
  }

  /// Writes the code.
  @inlinable @inline(__always)
  public static func setCode(_ code: ICMPCode, in bytes: inout [UInt8], at start: Int) {
    bytes.setByte(code.rawValue, at: start &+ Field.code)
  }

  /// The type and the code as conntrack keeps them in a tuple, `type << 8 | code`.
  @inlinable @inline(__always)
  public static func typeAndCode(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.type)
  }

  /// The checksum.
  @inlinable @inline(__always)
  public static func checksum(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.checksum)
  }

  /// Writes the checksum.
  @inlinable @inline(__always)
  public static func setChecksum(_ value: UInt16, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt16(value, at: start &+ Field.checksum)
  }

  /// The second word, whose meaning depends on the type.
  @inlinable @inline(__always)
  public static func information(in bytes: [UInt8], at start: Int) -> UInt32 {
    bytes.uint32(at: start &+ Field.information)
  }

  /// Writes the second word, whose meaning depends on the type.
  @inlinable @inline(__always)
  public static func setInformation(_ value: UInt32, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt32(value, at: start &+ Field.information)
  }

  /// The identifier of a query.
  @inlinable @inline(__always)
  public static func identifier(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.identifier)
  }

  /// Writes the identifier of a query.
  @inlinable @inline(__always)
  public static func setIdentifier(_ value: UInt16, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt16(value, at: start &+ Field.identifier)
  }

  /// The sequence number of a query.
  @inlinable @inline(__always)
  public static func sequence(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.sequence)
  }

  /// Writes the sequence number of a query.
  @inlinable @inline(__always)
  public static func setSequence(_ value: UInt16, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt16(value, at: start &+ Field.sequence)
  }

  /// The gateway that a redirect names.
  @inlinable @inline(__always)
  public static func gateway(in bytes: [UInt8], at start: Int) -> IPAddress {
    .v4(bytes.uint32(at: start &+ Field.information))
  }

  /// The MTU in bytes that a fragmentation needed error names (RFC 1191).
  @inlinable @inline(__always)
  public static func mtu(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.mtu)
  }

  /// The offset in bytes of what a parameter problem complains of.
  @inlinable @inline(__always)
  public static func pointer(in bytes: [UInt8], at start: Int) -> UInt8 {
    bytes.byte(at: start &+ Field.pointer)
  }
}
