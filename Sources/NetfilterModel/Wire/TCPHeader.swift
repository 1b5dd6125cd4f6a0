// The TCP header (RFC 9293 §3.1).

/// The fields of the TCP header that begins at an offset of some bytes; bytes that are missing read as 0 (kernel:
/// `struct tcphdr`).
///
/// Its ports are read by `TransportPorts`.
public enum TCPHeader {
  /// The offsets of the fields in bytes (RFC 9293 §3.1; kernel: `struct tcphdr`).
  @usableFromInline enum Field {
    @inlinable static var sequence: Int { 4 }
    @inlinable static var acknowledgement: Int { 8 }
    @inlinable static var length: Int { 12 }
    @inlinable static var flags: Int { 13 }
    @inlinable static var window: Int { 14 }
    @inlinable static var checksum: Int { 16 }
    @inlinable static var urgentPointer: Int { 18 }
  }

  /// The length in bytes of a header without options.
  @inlinable public static var minimumLength: Int { 20 }
  /// The length in bytes of a header with as many options as it can have.
  @inlinable public static var maximumLength: Int { 60 }

  /// The length in bytes of a header cut off behind its flags.
  @inlinable public static var lengthToFlags: Int { Field.flags + 1 }

  /// The sequence number of the first byte of data, or of the SYN.
  @inlinable @inline(__always)
  public static func sequence(in bytes: [UInt8], at start: Int) -> UInt32 {
    bytes.uint32(at: start &+ Field.sequence)
  }

  /// Writes the sequence number of the first byte of data, or of the SYN.
  @inlinable @inline(__always)
  public static func setSequence(_ value: UInt32, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt32(value, at: start &+ Field.sequence)
  }

  /// The sequence number that is expected next; counts only with the ACK flag.
  @inlinable @inline(__always)
  public static func acknowledgement(in bytes: [UInt8], at start: Int) -> UInt32 {
    bytes.uint32(at: start &+ Field.acknowledgement)
  }

  /// Writes the sequence number that is expected next; counts only with the ACK flag.
  @inlinable @inline(__always)
  public static func setAcknowledgement(_ value: UInt32, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt32(value, at: start &+ Field.acknowledgement)
  }

  /// The length in bytes of the header with its options, 0...60 as it stands there (data offset, `doff`).
  @inlinable @inline(__always)
  public static func length(in bytes: [UInt8], at start: Int) -> Int {
    Int(bytes.byte(at: start &+ Field.length) >> 4) &* 4
  }

  /// Writes the length of the header, a multiple of 4 bytes up to 60; the reserved bits stay.
  @inlinable @inline(__always)
  public static func setLength(_ length: Int, in bytes: inout [UInt8], at start: Int) {
    let reserved = reserved(in: bytes, at: start)
    bytes.setByte(UInt8(truncatingIfNeeded: length / 4) << 4 | reserved, at: start &+ Field.length)
  }

  /// The word with the length, the reserved bits and the flags.
  @inlinable @inline(__always)
  static func lengthAndFlags(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.length)
  }

  /// The four reserved bits beside the length, of which the lowest is AE (RFC 9768; kernel: `res1`, `ae`).
  @inlinable @inline(__always)
  public static func reserved(in bytes: [UInt8], at start: Int) -> UInt8 {
    bytes.byte(at: start &+ Field.length) & 15
  }

  /// The control flags.
  @inlinable @inline(__always)
  public static func flags(in bytes: [UInt8], at start: Int) -> TCPFlags {
    TCPFlags(rawValue: bytes.byte(at: start &+ Field.flags))
  }

  /// Writes the control flags.
  @inlinable @inline(__always)
  public static func setFlags(_ flags: TCPFlags, in bytes: inout [UInt8], at start: Int) {
    bytes.setByte(flags.rawValue, at: start &+ Field.flags)
  }

  /// The window in bytes, not scaled.
  @inlinable @inline(__always)
  public static func window(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.window)
  }

  /// Writes the window in bytes, not scaled.
  @inlinable @inline(__always)
  public static func setWindow(_ value: UInt16, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt16(value, at: start &+ Field.window)
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

  /// The urgent pointer.
  @inlinable @inline(__always)
  public static func urgentPointer(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.urgentPointer)
  }

  /// Writes the urgent pointer.
  @inlinable @inline(__always)
  public static func setUrgentPointer(_ value: UInt16, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt16(value, at: start &+ Field.urgentPointer)
  }
}
