// Finds the prefixes that contain an address, the longest first, in steps that grow with the length of an address and not with
// the number of prefixes (as the kernel's `fib_trie`).

import NetfilterModel

/// A value for each of many prefixes of one family.
///
/// A node is a prefix that has a value, or one where two longer prefixes part; each node's children lie inside it.
struct PrefixTrie<Value> {
  /// An address as 128 bits, those of IPv4 at the top.
  private struct Bits {
    var high: UInt64
    var low: UInt64

    init(_ address: IPAddress) {
      high = address.family == .ipv4 ? address.low << 32 : address.high
      low = address.family == .ipv4 ? 0 : address.low
    }

    /// How many bits from the top are the same.
    func commonBits(_ other: Bits) -> Int {
      high == other.high ? 64 + (low ^ other.low).leadingZeroBitCount : (high ^ other.high).leadingZeroBitCount
    }

    /// The bit behind the first `length`; `length` is below 128.
    @inline(__always)
    func bit(_ length: Int) -> Bool {
      (length < 64
        ? high >> UInt64(truncatingIfNeeded: 63 &- length) : low >> UInt64(truncatingIfNeeded: 127 &- length))
        & 1 != 0
    }
  }

  private struct Node {
    var bits: Bits
    var length: Int
    var parent: Int
    /// The longer prefixes whose next bit is 0, and 1; -1 for none.
    var zero = -1
    var one = -1
    /// The place of the value; -1 for none.
    var value = -1

    @inline(__always)
    func contains(_ other: Bits) -> Bool {
      // A shift by 64 or more gives no bits.
      (bits.high ^ other.high) & ~(UInt64.max >> UInt64(truncatingIfNeeded: length)) == 0
        && (length <= 64 || (bits.low ^ other.low) & ~(UInt64.max >> UInt64(truncatingIfNeeded: length &- 64)) == 0)
    }
  }

  private var nodes: [Node] = []
  private var values: [Value] = []

  /// Asks the values of the prefixes that contain an address, the longest first, until one gives an answer.
  @inline(__always)
  func first<Answer>(containing address: IPAddress, _ ask: (borrowing Value) -> Answer?) -> Answer? {
    let bits = Bits(address)
    return nodes.withUnsafeBufferPointer { nodes in
      var found = -1
      var next = nodes.isEmpty ? -1 : 0
      while next >= 0, nodes[next].contains(bits) {
        found = next
        next = nodes[next].length > 127 ? -1 : bits.bit(nodes[next].length) ? nodes[next].one : nodes[next].zero
      }
      while found >= 0 {
        if nodes[found].value >= 0, let answer = ask(values[nodes[found].value]) { return answer }
        found = nodes[found].parent
      }
      return nil
    }
  }

  /// The value of a prefix itself; nil when it has none.
  subscript(prefix: AddressMatch) -> Value? {
    let bits = Bits(prefix.address)
    let length = PrefixTrie.length(prefix)
    var next = nodes.isEmpty ? -1 : 0
    while next >= 0, nodes[next].length < length, nodes[next].contains(bits) {
      next = bits.bit(nodes[next].length) ? nodes[next].one : nodes[next].zero
    }
    guard next >= 0, nodes[next].length == length, nodes[next].contains(bits), nodes[next].value >= 0 else {
      return nil
    }
    return values[nodes[next].value]
  }

  /// Changes the value of a prefix, which is made when there is none.
  mutating func change(_ prefix: AddressMatch, default first: @autoclosure () -> Value, _ change: (inout Value) -> Void)
  {
    let node = node(Bits(prefix.address), length: PrefixTrie.length(prefix))
    if nodes[node].value < 0 {
      nodes[node].value = values.count
      values.append(first())
    }
    change(&values[nodes[node].value])
  }

  /// The values in the order of their prefixes, whatever the order in which they came.
  var ordered: [Value] {
    var result: [Value] = []
    var waiting = nodes.isEmpty ? [] : [0]
    while let place = waiting.popLast() {
      let node = nodes[place]
      if node.value >= 0 { result.append(values[node.value]) }
      if node.one >= 0 { waiting.append(node.one) }
      if node.zero >= 0 { waiting.append(node.zero) }
    }
    return result
  }

  /// The length of a prefix in its 128 bits.
  private static func length(_ prefix: AddressMatch) -> Int { prefix.mask.prefixLength ?? 0 }

  /// The node of a prefix, which is made when there is none. The root is the node at 0, a prefix of no bits.
  private mutating func node(_ bits: Bits, length: Int) -> Int {
    if nodes.isEmpty { nodes.append(Node(bits: Bits(.v4(0)), length: 0, parent: -1)) }
    var place = 0
    while nodes[place].length < length {
      let isOne = bits.bit(nodes[place].length)
      let next = isOne ? nodes[place].one : nodes[place].zero
      if next < 0 { return append(bits, length, under: place, isOne) }
      let common = min(bits.commonBits(nodes[next].bits), length, nodes[next].length)
      if common < nodes[next].length {
        // The prefix, or the place where the two part, lies between them.
        let middle = append(bits, common, under: place, isOne)
        if nodes[next].bits.bit(common) { nodes[middle].one = next } else { nodes[middle].zero = next }
        nodes[next].parent = middle
        place = middle
      } else {
        place = next
      }
    }
    return place
  }

  private mutating func append(_ bits: Bits, _ length: Int, under parent: Int, _ isOne: Bool) -> Int {
    var bits = bits
    bits.high &= ~(UInt64.max >> UInt64(truncatingIfNeeded: length))
    bits.low &= length <= 64 ? 0 : ~(UInt64.max >> UInt64(truncatingIfNeeded: length - 64))
    nodes.append(Node(bits: bits, length: length, parent: parent))
    if isOne { nodes[parent].one = nodes.count - 1 } else { nodes[parent].zero = nodes.count - 1 }
    return nodes.count - 1
  }
}

extension PrefixTrie: Sendable where Value: Sendable {}

extension PrefixTrie: Equatable where Value: Equatable {
  /// Whether both have the same values; the prefixes are compared by what the values say of them.
  static func == (left: PrefixTrie, right: PrefixTrie) -> Bool { left.ordered == right.ordered }
}
