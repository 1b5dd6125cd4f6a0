// The hash by which NAT spreads connections over an address range.

import NetfilterModel

/// The kernel's Jenkins hash (`lib/jhash.h`, lookup3 by Bob Jenkins, public domain) and its scaling.
enum NATHash {
  static func rotate(_ value: UInt32, _ bits: UInt32) -> UInt32 { value << bits | value >> (32 &- bits) }

  /// The hash of the four words of an address (kernel: `jhash2(..., 4, seed)`).
  static func jhash2(_ words: (UInt32, UInt32, UInt32, UInt32), seed: UInt32) -> UInt32 {
    let start = 0xdead_beef &+ 16 &+ seed
    var a = start &+ words.0
    var b = start &+ words.1
    var c = start &+ words.2
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
    a = a &+ words.3
    c = (c ^ b) &- rotate(b, 14)
    a = (a ^ c) &- rotate(c, 11)
    b = (b ^ a) &- rotate(a, 25)
    c = (c ^ b) &- rotate(b, 16)
    a = (a ^ c) &- rotate(c, 4)
    b = (b ^ a) &- rotate(a, 14)
    return (c ^ b) &- rotate(b, 24)
  }

  /// Maps a hash to 0..<count (kernel: `reciprocal_scale`).
  static func scale(_ hash: UInt32, _ count: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: (UInt64(hash) &* UInt64(count)) >> 32)
  }

  /// The words of an address in host order, first word first; an IPv4 address is the first of four.
  static func words(_ address: IPAddress) -> (UInt32, UInt32, UInt32, UInt32) {
    if address.family == .ipv4 { return (address.v4Bits, 0, 0, 0) }
    return (
      UInt32(truncatingIfNeeded: address.high >> 32), UInt32(truncatingIfNeeded: address.high),
      UInt32(truncatingIfNeeded: address.low >> 32), UInt32(truncatingIfNeeded: address.low)
    )
  }

  /// The address of `range` that belongs to a source and a destination (kernel: `find_best_ips_proto`, zone 0).
  ///
  /// The hash runs over words as a little-endian machine loads them, which is what the kernel computes on every such machine.
  /// `isDestination` says which end of the connection gets the address.
  static func choose(
    from range: ClosedRange<IPAddress>, source: IPAddress, destination: IPAddress, isDestination: Bool,
    isPersistent: Bool
  ) -> IPAddress {
    if range.lowerBound == range.upperBound { return range.lowerBound }
    let sourceWords = words(source)
    let target = words(destination)
    let targets = [target.0, target.1, target.2, target.3]
    let count = source.family == .ipv4 ? 1 : 4
    var hash = jhash2(
      (
        sourceWords.0.byteSwapped, sourceWords.1.byteSwapped, sourceWords.2.byteSwapped,
        sourceWords.3.byteSwapped
      ), seed: isPersistent ? 0 : targets[count - 1].byteSwapped)
    let low = words(range.lowerBound)
    let high = words(range.upperBound)
    let lows = [low.0, low.1, low.2, low.3]
    let highs = [high.0, high.1, high.2, high.3]
    var isFull = false
    var chosen: [UInt32] = []
    for index in 0..<count {
      let first = isFull ? 0 : lows[index]
      let distance = isFull ? UInt32.max : highs[index] &- first &+ 1
      let word = first &+ scale(hash, distance)
      chosen.append(word)
      if word != highs[index] { isFull = true }
      // A destination that is being chosen has the new word there already.
      if !isPersistent { hash ^= (isDestination ? word : targets[index]).byteSwapped }
    }
    if count == 1 { return .v4(chosen[0]) }
    return .v6(UInt64(chosen[0]) << 32 | UInt64(chosen[1]), UInt64(chosen[2]) << 32 | UInt64(chosen[3]))
  }
}
