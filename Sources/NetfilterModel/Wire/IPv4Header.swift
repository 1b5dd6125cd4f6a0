// The IPv4 header (RFC 791 §3.1).

/// The fields of the IPv4 header that begins at an offset of some bytes; bytes that are missing read as 0 (kernel:
/// `struct iphdr`).
public enum IPv4Header {
  /// The offsets of the fields in bytes (RFC 791 §3.1; kernel: `struct iphdr`).
  @usableFromInline enum Field {
    @inlinable static var versionAndLength: Int { 0 }
    @inlinable static var tos: Int { 1 }
    @inlinable static var totalLength: Int { 2 }
    @inlinable static var identification: Int { 4 }
    @inlinable static var fragmentation: Int { 6 }
    @inlinable static var ttl: Int { 8 }
    @inlinable static var protocolNumber: Int { 9 }
    @inlinable static var checksum: Int { 10 }
    @inlinable static var source: Int { 12 }
    @inlinable static var destination: Int { 16 }
  }

  /// The length in bytes of a header without options.
  @inlinable public static var minimumLength: Int { 20 }
  /// The length in bytes of a header with as many options as it can have.
  @inlinable public static var maximumLength: Int { 60 }

  /// Where the destination address stands, as a parameter problem points to it, in bytes.
  @inlinable public static var destinationPlace: Int { Field.destination }

  /// The version, 4 in a header that is one; IPv6 has it in the same place.
  @inlinable @inline(__always)
  public static func version(in bytes: [UInt8], at start: Int) -> UInt8 {
    bytes.byte(at: start &+ Field.versionAndLength) >> 4
  }

  /// The length in bytes of the header with its options, 0...60 as it stands there (`ihl`).
  @inlinable @inline(__always)
  public static func length(in bytes: [UInt8], at start: Int) -> Int {
    Int(bytes.byte(at: start &+ Field.versionAndLength) & 15) &* 4
  }

  /// The TOS byte: DSCP and ECN (RFC 2474, RFC 3168).
  @inlinable @inline(__always)
  public static func tos(in bytes: [UInt8], at start: Int) -> UInt8 {
    bytes.byte(at: start &+ Field.tos)
  }

  /// Writes the TOS byte: DSCP and ECN (RFC 2474, RFC 3168).
  @inlinable @inline(__always)
  public static func setTOS(_ value: UInt8, in bytes: inout [UInt8], at start: Int) {
    bytes.setByte(value, at: start &+ Field.tos)
  }

  /// The length of the packet in bytes, header included.
  @inlinable @inline(__always)
  public static func totalLength(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.totalLength)
  }

  /// Writes the length of the packet in bytes, header included.
  @inlinable @inline(__always)
  public static func setTotalLength(_ value: UInt16, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt16(value, at: start &+ Field.totalLength)
  }

  /// The identification, which the fragments of a datagram have in common.
  @inlinable @inline(__always)
  public static func identification(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.identification)
  }

  /// Writes the identification, which the fragments of a datagram have in common.
  @inlinable @inline(__always)
  public static func setIdentification(_ value: UInt16, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt16(value, at: start &+ Field.identification)
  }

  /// The fragment offset and the flags.
  @inlinable @inline(__always)
  public static func fragmentation(in bytes: [UInt8], at start: Int) -> IPv4Fragmentation {
    IPv4Fragmentation(rawValue: bytes.uint16(at: start &+ Field.fragmentation))
  }

  /// Writes the fragment offset and the flags.
  @inlinable @inline(__always)
  public static func setFragmentation(_ value: IPv4Fragmentation, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt16(value.rawValue, at: start &+ Field.fragmentation)
  }

  /// The time to live in hops.
  @inlinable @inline(__always)
  public static func ttl(in bytes: [UInt8], at start: Int) -> UInt8 {
    bytes.byte(at: start &+ Field.ttl)
  }

  /// Writes the time to live in hops.
  @inlinable @inline(__always)
  public static func setTTL(_ value: UInt8, in bytes: inout [UInt8], at start: Int) {
    bytes.setByte(value, at: start &+ Field.ttl)
  }

  /// The protocol of what follows the header.
  @inlinable @inline(__always)
  public static func protocolNumber(in bytes: [UInt8], at start: Int) -> ProtocolNumber {
    ProtocolNumber(bytes.byte(at: start &+ Field.protocolNumber))
  }

  /// The checksum of the header.
  @inlinable @inline(__always)
  public static func checksum(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.checksum)
  }

  /// Writes the checksum of the header.
  @inlinable @inline(__always)
  public static func setChecksum(_ value: UInt16, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt16(value, at: start &+ Field.checksum)
  }

  /// The source address.
  @inlinable @inline(__always)
  public static func source(in bytes: [UInt8], at start: Int) -> IPAddress {
    .v4(bytes.uint32(at: start &+ Field.source))
  }

  /// Writes the source address; the checksum stays as it is.
  @inlinable @inline(__always)
  public static func setSource(_ address: IPAddress, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt32(address.v4Bits, at: start &+ Field.source)
  }

  /// The destination address.
  @inlinable @inline(__always)
  public static func destination(in bytes: [UInt8], at start: Int) -> IPAddress {
    .v4(bytes.uint32(at: start &+ Field.destination))
  }

  /// Writes the destination address; the checksum stays as it is.
  @inlinable @inline(__always)
  public static func setDestination(_ address: IPAddress, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt32(address.v4Bits, at: start &+ Field.destination)
  }
}
