// The internet checksum (RFC 1071), whole and incremental (RFC 1624).

/// The internet checksum.
public enum Checksum {
  /// The one's-complement sum of 16-bit words of `bytes` in `range`, added to `initial`, not yet complemented.
  public static func sum(_ bytes: [UInt8], in range: Range<Int>, initial: UInt32 = 0) -> UInt32 {
    var total = UInt64(initial)
    let end = min(range.upperBound, bytes.count)
    var index = max(0, range.lowerBound)
    // Words of 32 bits have the same sum, as the carry comes round (RFC 1071 §2).
    while end &- index >= 4 {
      total &+= UInt64(bytes.uint32(at: index))
      index &+= 4
    }
    if end &- index >= 2 {
      total &+= UInt64(bytes.uint16(at: index))
      index &+= 2
    }
    if index < end { total += UInt64(bytes[index]) << 8 }
    while total >> 16 != 0 { total = (total & 0xffff) + (total >> 16) }
    return UInt32(total)
  }

  /// The checksum of a range, complemented, as it stands in a header.
  public static func compute(_ bytes: [UInt8], in range: Range<Int>, initial: UInt32 = 0) -> UInt16 {
    ~UInt16(truncatingIfNeeded: sum(bytes, in: range, initial: initial))
  }

  /// The sum over the pseudo header of TCP, UDP and ICMPv6 (RFC 9293 §3.1, RFC 8200 §8.1).
  public static func pseudoHeader(
    source: IPAddress, destination: IPAddress, protocolNumber: ProtocolNumber, length: Int
  ) -> UInt32 {
    var total = UInt64(protocolNumber.rawValue) + UInt64(max(0, length) >> 16) + UInt64(max(0, length) & 0xffff)
    for address in [source, destination] {
      for word in [address.high, address.low] {
        total += (word >> 48) + (word >> 32 & 0xffff) + (word >> 16 & 0xffff) + (word & 0xffff)
      }
    }
    while total >> 16 != 0 { total = (total & 0xffff) + (total >> 16) }
    return UInt32(total)
  }

  /// The checksum after a 16-bit word changed from `old` to `new` (RFC 1624, equation 3; kernel: `csum_replace2`).
  public static func replacing(_ checksum: UInt16, old: UInt16, new: UInt16) -> UInt16 {
    var total = UInt32(~checksum) + UInt32(~old) + UInt32(new)
    total = (total & 0xffff) + (total >> 16)
    total = (total & 0xffff) + (total >> 16)
    return ~UInt16(truncatingIfNeeded: total)
  }

  /// The checksum after a 32-bit word changed from `old` to `new` (kernel: `csum_replace4`).
  public static func replacing(_ checksum: UInt16, old32 old: UInt32, new32 new: UInt32) -> UInt16 {
    let upper = replacing(checksum, old: UInt16(old >> 16), new: UInt16(new >> 16))
    return replacing(upper, old: UInt16(old & 0xffff), new: UInt16(new & 0xffff))
  }

  /// The checksum after an address of the pseudo header changed from `old` to `new`, of the same family (kernel:
  /// `nf_csum_update`).
  public static func replacing(_ checksum: UInt16, old: IPAddress, new: IPAddress) -> UInt16 {
    var result = checksum
    if old.family == .ipv6 {
      result = replacing(result, old32: UInt32(old.high >> 32), new32: UInt32(new.high >> 32))
      result = replacing(
        result, old32: UInt32(truncatingIfNeeded: old.high), new32: UInt32(truncatingIfNeeded: new.high))
      result = replacing(result, old32: UInt32(old.low >> 32), new32: UInt32(new.low >> 32))
    }
    return replacing(result, old32: old.v4Bits, new32: new.v4Bits)
  }

  /// The checksum of a TCP or UDP packet after a word changed; unlike a header checksum it never becomes `0xffff`,
  /// because the kernel adds in 32 bits (kernel: `inet_proto_csum_replace2`).
  public static func replacingInTransport(_ checksum: UInt16, old: UInt16, new: UInt16) -> UInt16 {
    let result = replacing(checksum, old: old, new: new)
    return result == 0xffff ? 0 : result
  }
}

extension [UInt8] {
  /// Computes the checksum of the IPv4 header of `length` bytes that the array begins with (RFC 791 §3.1).
  public mutating func setIPv4Checksum(length: Int) { IPv4Header.updateChecksum(of: &self, length: length) }
}
