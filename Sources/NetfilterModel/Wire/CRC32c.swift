// The checksum of SCTP (RFC 9260 appendix A).

/// CRC32c, bit by bit.
public enum CRC32c {
  /// CRC32c of `bytes` from `start` on, with the four bytes at `field` taken as zero (RFC 9260 appendix A).
  public static func checksum(_ bytes: [UInt8], from start: Int, zeroing field: Int) -> UInt32 {
    var crc = UInt32.max
    var index = max(0, start)
    while index < bytes.count {
      crc ^= UInt32(index >= field && index < field &+ 4 ? 0 : bytes[index])
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82f6_3b78 : crc >> 1 }
      index &+= 1
    }
    return ~crc
  }
}
