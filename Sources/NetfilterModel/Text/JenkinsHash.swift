// The Jenkins hash of the kernel (`lib/jhash.h`: lookup3 by Bob Jenkins, public domain), and its scaling.

/// The kernel's Jenkins hash over 32-bit words.
public enum JenkinsHash {
  private static func rotate(_ value: UInt32, _ bits: UInt32) -> UInt32 { value << bits | value >> (32 &- bits) }

  private static func mix(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
    a = (a &- c) ^ rotate(c, 4)
    c = c &+ b
    b = (b &- a) ^ rotate(a, 6)
    a = a &+ c
    c = (c &- b) ^ rotate(b, 8)
    b = b &+ a
    a = (a &- c) ^ rotate(c, 16)
    c = c &+ b
    b = (b &- a) ^ rotate(a, 19)
    a = a &+ c
    c = (c &- b) ^ rotate(b, 4)
    b = b &+ a
  }

  private static func finish(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
    c = (c ^ b) &- rotate(b, 14)
    a = (a ^ c) &- rotate(c, 11)
    b = (b ^ a) &- rotate(a, 25)
    c = (c ^ b) &- rotate(b, 16)
    a = (a ^ c) &- rotate(c, 4)
    b = (b ^ a) &- rotate(a, 14)
    c = (c ^ b) &- rotate(b, 24)
  }

  /// The hash of words (kernel: `jhash2`, and of one to three words `jhash_1word`, `jhash_2words`, `jhash_3words`).
  public static func hash(_ words: [UInt32], seed: UInt32) -> UInt32 {
    let start = 0xdead_beef &+ UInt32(truncatingIfNeeded: words.count) << 2 &+ seed
    var (a, b, c) = (start, start, start)
    var rest = words[...]
    while rest.count > 3 {
      let first = rest.startIndex
      a = a &+ rest[first]
      b = b &+ rest[first + 1]
      c = c &+ rest[first + 2]
      mix(&a, &b, &c)
      rest = rest.dropFirst(3)
    }
    guard !rest.isEmpty else { return c }
    let first = rest.startIndex
    if rest.count > 2 { c = c &+ rest[first + 2] }
    if rest.count > 1 { b = b &+ rest[first + 1] }
    a = a &+ rest[first]
    finish(&a, &b, &c)
    return c
  }

  /// Maps a hash to 0..<count (kernel: `reciprocal_scale`).
  public static func scale(_ hash: UInt32, _ count: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: (UInt64(hash) &* UInt64(count)) >> 32)
  }
}
