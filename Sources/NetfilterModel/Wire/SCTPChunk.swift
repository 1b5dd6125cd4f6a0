// The chunks of SCTP (RFC 9260 §3.2).

/// The fields of the SCTP chunk that begins at an offset of some bytes; bytes that are missing read as 0 (kernel:
/// `struct sctp_chunkhdr`).
public enum SCTPChunk {
  /// The offsets of the fields in bytes (RFC 9260 §3.2, §3.3.2; kernel: `struct sctp_chunkhdr`, `struct sctp_inithdr`).
  @usableFromInline enum Field {
    @inlinable static var type: Int { 0 }
    @inlinable static var flags: Int { 1 }
    @inlinable static var length: Int { 2 }
    @inlinable static var initiateTag: Int { 4 }
    @inlinable static var window: Int { 8 }
    @inlinable static var streams: Int { 12 }
    @inlinable static var sequence: Int { 16 }
  }

  /// The length of the header of every chunk in bytes.
  @inlinable public static var headerLength: Int { 4 }
  /// The length in bytes of an INIT or INIT ACK without parameters (RFC 9260 §3.3.2).
  @inlinable public static var initiationLength: Int { 20 }
  /// In the flags of ABORT and SHUTDOWN COMPLETE: the tag is that of the other end (RFC 9260 §8.5.1; kernel:
  /// `SCTP_CHUNK_FLAG_T`).
  @inlinable public static var tagIsReflected: UInt8 { 1 }

  /// The type.
  @inlinable @inline(__always)
  public static func type(in bytes: [UInt8], at start: Int) -> SCTPChunkType {
    SCTPChunkType(bytes.byte(at: start &+ Field.type))
  }

  /// Writes the type.
  @inlinable @inline(__always)
  public static func setType(_ type: SCTPChunkType, in bytes: inout [UInt8], at start: Int) {
    bytes.setByte(type.rawValue, at: start &+ Field.type)
  }

  /// The flags, whose meaning depends on the type.
  @inlinable @inline(__always)
  public static func flags(in bytes: [UInt8], at start: Int) -> UInt8 {
    bytes.byte(at: start &+ Field.flags)
  }

  /// Writes the flags, whose meaning depends on the type.
  @inlinable @inline(__always)
  public static func setFlags(_ value: UInt8, in bytes: inout [UInt8], at start: Int) {
    bytes.setByte(value, at: start &+ Field.flags)
  }

  /// The length of the chunk in bytes with its header, without the bytes that fill up to four.
  @inlinable @inline(__always)
  public static func length(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.length)
  }

  /// Writes the length of the chunk in bytes with its header, without the bytes that fill up to four.
  @inlinable @inline(__always)
  public static func setLength(_ value: UInt16, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt16(value, at: start &+ Field.length)
  }

  /// The tag that an INIT or INIT ACK asks for.
  @inlinable @inline(__always)
  public static func initiateTag(in bytes: [UInt8], at start: Int) -> UInt32 {
    bytes.uint32(at: start &+ Field.initiateTag)
  }

  /// Writes the tag that an INIT or INIT ACK asks for.
  @inlinable @inline(__always)
  public static func setInitiateTag(_ value: UInt32, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt32(value, at: start &+ Field.initiateTag)
  }
}
