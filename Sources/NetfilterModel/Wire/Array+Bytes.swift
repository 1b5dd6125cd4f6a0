// Bounds-checked reads and writes of network-order numbers; the only place that indexes packet bytes by hand.

extension [UInt8] {
  /// The byte at `offset`, or 0 outside the array.
  @inlinable public func byte(at offset: Int) -> UInt8 {
    offset >= 0 && offset < count ? self[offset] : 0
  }

  /// The 16-bit number at `offset` in network order; bytes outside the array count as 0.
  @inlinable public func uint16(at offset: Int) -> UInt16 {
    if offset >= 0, offset &+ 2 <= count { return UInt16(self[offset]) << 8 | UInt16(self[offset &+ 1]) }
    return UInt16(byte(at: offset)) << 8 | UInt16(byte(at: offset &+ 1))
  }

  /// The 32-bit number at `offset` in network order; bytes outside the array count as 0.
  @inlinable public func uint32(at offset: Int) -> UInt32 {
    UInt32(uint16(at: offset)) << 16 | UInt32(uint16(at: offset &+ 2))
  }

  /// Writes one byte; outside the array nothing happens.
  @inlinable public mutating func setByte(_ value: UInt8, at offset: Int) {
    if offset >= 0, offset < count { self[offset] = value }
  }

  /// Writes a 16-bit number in network order; what lies outside the array is dropped.
  @inlinable public mutating func setUInt16(_ value: UInt16, at offset: Int) {
    setByte(UInt8(truncatingIfNeeded: value >> 8), at: offset)
    setByte(UInt8(truncatingIfNeeded: value), at: offset &+ 1)
  }

  /// Writes a 32-bit number in network order; what lies outside the array is dropped.
  @inlinable public mutating func setUInt32(_ value: UInt32, at offset: Int) {
    setUInt16(UInt16(truncatingIfNeeded: value >> 16), at: offset)
    setUInt16(UInt16(truncatingIfNeeded: value), at: offset &+ 2)
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
