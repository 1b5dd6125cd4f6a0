// Bounds-checked reads and writes of network-order numbers; the only place that indexes packet bytes by hand.

extension [UInt8] {
  /// The byte at `offset`, or 0 outside the array.
  @inlinable @inline(__always)
  public func byte(at offset: Int) -> UInt8 {
    offset >= 0 && offset < count ? self[offset] : 0
  }

  /// The 16-bit number at `offset` in network order; bytes outside the array count as 0.
  @inlinable @inline(__always)
  public func uint16(at offset: Int) -> UInt16 {
    if offset >= 0, offset <= count &- 2 {
      return withUnsafeBytes { UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt16.self)) }
    }
    return UInt16(byte(at: offset)) << 8 | UInt16(byte(at: offset &+ 1))
  }

  /// The 32-bit number at `offset` in network order; bytes outside the array count as 0.
  @inlinable @inline(__always)
  public func uint32(at offset: Int) -> UInt32 {
    if offset >= 0, offset <= count &- 4 {
      return withUnsafeBytes { UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
    }
    return UInt32(uint16(at: offset)) << 16 | UInt32(uint16(at: offset &+ 2))
  }

  /// Writes one byte; outside the array nothing happens.
  @inlinable public mutating func setByte(_ value: UInt8, at offset: Int) {
    if offset >= 0, offset < count { self[offset] = value }
  }

  /// Writes a 16-bit number in network order; what lies outside the array is dropped.
  @inlinable public mutating func setUInt16(_ value: UInt16, at offset: Int) {
    if offset >= 0, offset <= count &- 2 {
      withUnsafeMutableBytes { $0.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt16.self) }
      return
    }
    setByte(UInt8(truncatingIfNeeded: value >> 8), at: offset)
    setByte(UInt8(truncatingIfNeeded: value), at: offset &+ 1)
  }

  /// Writes a 32-bit number in network order; what lies outside the array is dropped.
  @inlinable public mutating func setUInt32(_ value: UInt32, at offset: Int) {
    if offset >= 0, offset <= count &- 4 {
      withUnsafeMutableBytes { $0.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt32.self) }
      return
    }
    setUInt16(UInt16(truncatingIfNeeded: value >> 16), at: offset)
    setUInt16(UInt16(truncatingIfNeeded: value), at: offset &+ 2)
  }

  /// Writes a 64-bit number in network order; what lies outside the array is dropped.
  @inlinable public mutating func setUInt64(_ value: UInt64, at offset: Int) {
    if offset >= 0, offset <= count &- 8 {
      withUnsafeMutableBytes { $0.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt64.self) }
      return
    }
    setUInt32(UInt32(truncatingIfNeeded: value >> 32), at: offset)
    setUInt32(UInt32(truncatingIfNeeded: value), at: offset &+ 4)
  }

  /// Writes `bytes` at `offset`; what lies outside the array is dropped.
  public mutating func setBytes(_ bytes: some Sequence<UInt8>, at offset: Int) {
    var position = offset
    for byte in bytes {
      setByte(byte, at: position)
      position &+= 1
    }
  }
}
