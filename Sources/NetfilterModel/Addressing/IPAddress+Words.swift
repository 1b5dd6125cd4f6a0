// An address as the words that the kernel hashes.

extension IPAddress {
  /// The 32-bit words in host order, the first word first: one of an IPv4 address, four of an IPv6 address.
  public var words: [UInt32] {
    if family == .ipv4 { return [v4Bits] }
    return [
      UInt32(truncatingIfNeeded: high >> 32), UInt32(truncatingIfNeeded: high), UInt32(truncatingIfNeeded: low >> 32),
      UInt32(truncatingIfNeeded: low),
    ]
  }

  /// The words as a little-endian machine loads them from memory, as the kernel's hashes see them on nearly every machine.
  public var networkWords: [UInt32] { words.map { $0.byteSwapped } }
}
