// The hash by which NAT spreads connections over an address range.

import NetfilterModel

/// How NAT chooses an address of a range.
enum NATHash {
  /// The address of `range` that belongs to a source and a destination (kernel: `find_best_ips_proto`, zone 0).
  ///
  /// The hash runs over words as a little-endian machine loads them, which is what the kernel computes on every such machine.
  /// `isDestination` says which end of the connection gets the address.
  static func choose(
    from range: ClosedRange<IPAddress>, source: IPAddress, destination: IPAddress, isDestination: Bool,
    isPersistent: Bool
  ) -> IPAddress {
    if range.lowerBound == range.upperBound { return range.lowerBound }
    let targets = destination.words
    let count = targets.count
    // An IPv4 address is the first of four words.
    let sourceWords = (source.networkWords + [0, 0, 0]).prefix(4)
    var hash = JenkinsHash.hash(Array(sourceWords), seed: isPersistent ? 0 : targets[count - 1].byteSwapped)
    let lows = range.lowerBound.words
    let highs = range.upperBound.words
    var isFull = false
    var chosen: [UInt32] = []
    for index in 0..<count {
      let first = isFull ? 0 : lows[index]
      let distance = isFull ? UInt32.max : highs[index] &- first &+ 1
      let word = first &+ JenkinsHash.scale(hash, distance)
      chosen.append(word)
      if word != highs[index] { isFull = true }
      // A destination that is being chosen has the new word there already.
      if !isPersistent { hash ^= (isDestination ? word : targets[index]).byteSwapped }
    }
    if count == 1 { return .v4(chosen[0]) }
    return .v6(UInt64(chosen[0]) << 32 | UInt64(chosen[1]), UInt64(chosen[2]) << 32 | UInt64(chosen[3]))
  }
}
