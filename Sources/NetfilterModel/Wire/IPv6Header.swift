// The IPv6 header (RFC 8200 §3).

/// The fields of the IPv6 header that begins at an offset of some bytes; bytes that are missing read as 0 (kernel:
/// `struct ipv6hdr`).
public enum IPv6Header {
  /// The offsets of the fields in bytes (RFC 8200 §3; kernel: `struct ipv6hdr`).
  @usableFromInline enum Field {
    @inlinable static var versionClassAndLabel: Int { 0 }
    @inlinable static var payloadLength: Int { 4 }
    @inlinable static var nextHeader: Int { 6 }
    @inlinable static var hopLimit: Int { 7 }
    @inlinable static var source: Int { 8 }
    @inlinable static var destination: Int { 24 }
  }

  /// The MTU in bytes that every link has (RFC 8200 §5; kernel: `IPV6_MIN_MTU`).
  @inlinable public static var minimumMTU: Int { 1280 }

  /// The length of the header in bytes; extension headers follow it.
  @inlinable public static var length: Int { 40 }

  /// The traffic class: DSCP and ECN (RFC 2474, RFC 3168).
  @inlinable @inline(__always)
  public static func trafficClass(in bytes: [UInt8], at start: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: bytes.uint16(at: start &+ Field.versionClassAndLabel) >> 4)
  }

  /// Writes the traffic class; version and flow label stay (kernel: `ipv6_change_dsfield`).
  @inlinable
  public static func setTrafficClass(_ value: UInt8, in bytes: inout [UInt8], at start: Int) {
    let old = bytes.uint16(at: start &+ Field.versionClassAndLabel)
    bytes.setUInt16(old & 0xf00f | UInt16(value) << 4, at: start &+ Field.versionClassAndLabel)
  }

  /// The flow label, 20 bits (RFC 6437).
  @inlinable @inline(__always)
  public static func flowLabel(in bytes: [UInt8], at start: Int) -> UInt32 {
    bytes.uint32(at: start &+ Field.versionClassAndLabel) & 0xf_ffff
  }

  /// Where the payload length is, in bytes.
  @inlinable public static var payloadLengthOffset: Int { Field.payloadLength }

  /// The length in bytes of what follows the header, extension headers included.
  @inlinable @inline(__always)
  public static func payloadLength(in bytes: [UInt8], at start: Int) -> UInt16 {
    bytes.uint16(at: start &+ Field.payloadLength)
  }

  /// Writes the length in bytes of what follows the header, extension headers included.
  @inlinable @inline(__always)
  public static func setPayloadLength(_ value: UInt16, in bytes: inout [UInt8], at start: Int) {
    bytes.setUInt16(value, at: start &+ Field.payloadLength)
  }

  /// The protocol, or the extension header, that follows the header.
  @inlinable @inline(__always)
  public static func nextHeader(in bytes: [UInt8], at start: Int) -> ProtocolNumber {
    ProtocolNumber(bytes.byte(at: start &+ Field.nextHeader))
  }

  /// Writes the number of the header that follows, where that is written.
  public static func setNumber(_ number: ProtocolNumber, in bytes: inout [UInt8], at offset: Int) {
    bytes.setByte(number.rawValue, at: offset)
  }

  /// The number of the header that follows, where that is written.
  public static func number(in bytes: [UInt8], at offset: Int) -> ProtocolNumber {
    ProtocolNumber(bytes.byte(at: offset))
  }

  /// Where the source stands, in bytes from the header's begin.
  public static var sourceOffset: Int { Field.source }
  /// Where the destination stands, in bytes from the header's begin.
  public static var destinationOffset: Int { Field.destination }

  /// Where the number of what follows the header at `start` is written.
  @inlinable public static func nextHeaderOffset(at start: Int) -> Int { start &+ Field.nextHeader }

  /// The hop limit.
  @inlinable @inline(__always)
  public static func hopLimit(in bytes: [UInt8], at start: Int) -> UInt8 {
    bytes.byte(at: start &+ Field.hopLimit)
  }

  /// Writes the hop limit.
  @inlinable @inline(__always)
  public static func setHopLimit(_ value: UInt8, in bytes: inout [UInt8], at start: Int) {
    bytes.setByte(value, at: start &+ Field.hopLimit)
  }

  /// The source address, or nil when it is cut off.
  @inlinable @inline(__always)
  public static func source(in bytes: [UInt8], at start: Int) -> IPAddress? {
    IPAddress(family: .ipv6, bytes: bytes, at: start &+ Field.source)
  }

  /// Writes the source address.
  @inlinable
  public static func setSource(_ address: IPAddress, in bytes: inout [UInt8], at start: Int) {
    setAddress(address, in: &bytes, at: start &+ Field.source)
  }

  /// The destination address, or nil when it is cut off.
  @inlinable @inline(__always)
  public static func destination(in bytes: [UInt8], at start: Int) -> IPAddress? {
    IPAddress(family: .ipv6, bytes: bytes, at: start &+ Field.destination)
  }

  /// Writes the destination address.
  @inlinable
  public static func setDestination(_ address: IPAddress, in bytes: inout [UInt8], at start: Int) {
    setAddress(address, in: &bytes, at: start &+ Field.destination)
  }

  /// Writes an address where it stands, by words, as NAT does so with every packet.
  @inlinable
  static func setAddress(_ address: IPAddress, in bytes: inout [UInt8], at offset: Int) {
    bytes.setUInt64(address.high, at: offset)
    bytes.setUInt64(address.low, at: offset &+ 8)
  }
}
