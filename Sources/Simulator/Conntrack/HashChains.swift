// A hash table of numbered nodes that grows by one bucket at a time: no insertion waits for the whole table to move.

/// Chains of nodes with the same hash (linear hashing, W. Litwin 1980). A node is a number that its owner gives.
///
/// What a node stands for lies with the owner, who compares it: the chains hold hashes and links alone, 12 bytes for each node.
struct HashChains: Sendable {
  /// No node.
  static let none = UInt32.max

  private struct Node {
    var hash: UInt32 = 0
    var next = HashChains.none
  }

  /// The first node of each bucket.
  private var heads = ChunkedArray<UInt32>()
  private var nodes = ChunkedArray<Node>()
  /// The lowest bits of a hash that say its bucket, as far as there are so many buckets.
  private var mask: UInt32 = 0
  /// How many nodes the chains have.
  private(set) var count = 0

  init() {}

  private static let smallest = 16

  @inline(__always)
  private func place(_ hash: UInt32) -> Int {
    let place = Int(hash & mask)
    return place < heads.count ? place : Int(hash & mask >> 1)
  }

  /// The node put in last of those with a hash for which `test` holds; nil without one.
  @inline(__always)
  func first(_ hash: UInt32, where test: (UInt32) -> Bool) -> UInt32? {
    guard count != 0 else { return nil }
    var number = heads[place(hash)]
    while number != Self.none {
      let node = nodes[Int(number)]
      if node.hash == hash, test(number) { return number }
      number = node.next
    }
    return nil
  }

  /// Puts a node in that is not in the chains.
  mutating func insert(_ number: UInt32, hash: UInt32) {
    if heads.count == 0 {
      heads.grow(to: Self.smallest, with: Self.none)
      mask = UInt32(Self.smallest - 1)
    } else if count >= heads.count {
      split()
    }
    nodes.grow(to: Int(number) + 1, with: Node())
    let place = place(hash)
    nodes[Int(number)] = Node(hash: hash, next: heads[place])
    heads[place] = number
    count += 1
  }

  /// Takes a node out that is in the chains.
  mutating func remove(_ number: UInt32) {
    link(before: number, to: nodes[Int(number)].next)
    count -= 1
  }

  /// Puts a node into the place of another with the same hash.
  mutating func replace(_ number: UInt32, by other: UInt32) {
    nodes.grow(to: Int(other) + 1, with: Node())
    nodes[Int(other)] = nodes[Int(number)]
    link(before: number, to: other)
  }

  /// Makes what points at a node point at another.
  private mutating func link(before number: UInt32, to other: UInt32) {
    let place = place(nodes[Int(number)].hash)
    var before = heads[place]
    if before == number {
      heads[place] = other
      return
    }
    while before != Self.none, nodes[Int(before)].next != number { before = nodes[Int(before)].next }
    if before != Self.none { nodes[Int(before)].next = other }
  }

  /// Adds one bucket, and gives it its share of the bucket that had its nodes; both chains keep their order.
  private mutating func split() {
    let new = heads.count
    if new > Int(mask) { mask = mask << 1 | 1 }
    let old = new & Int(mask >> 1)
    var number = heads[old]
    heads.append(Self.none)
    heads[old] = Self.none
    var lastOld = Self.none
    var lastNew = Self.none
    while number != Self.none {
      let node = nodes[Int(number)]
      if Int(node.hash & mask) == new {
        if lastNew == Self.none { heads[new] = number } else { nodes[Int(lastNew)].next = number }
        lastNew = number
      } else {
        if lastOld == Self.none { heads[old] = number } else { nodes[Int(lastOld)].next = number }
        lastOld = number
      }
      number = node.next
    }
    if lastOld != Self.none { nodes[Int(lastOld)].next = Self.none }
    if lastNew != Self.none { nodes[Int(lastNew)].next = Self.none }
  }

  // MARK: As buckets of another table

  /// The bucket that a hash falls into in a table of `size` buckets that are in the order of the hash's lowest bit first
  /// (kernel: `reciprocal_scale`, here of the reversed hash, so that a bucket is found without a look at all nodes).
  static func bucket(of hash: UInt32, size: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: (UInt64(reversed(hash)) &* UInt64(size)) >> 32)
  }

  /// The nodes of a bucket of such a table, in no order.
  func nodes(inBucket bucket: UInt32, size: UInt32) -> [UInt32] {
    guard count != 0, bucket < size else { return [] }
    // Buckets that there are for sure: a power of two, by the bits that come first when reversed.
    let bits = Int.bitWidth - 1 - heads.count.leadingZeroBitCount
    let first = (UInt64(bucket) << 32 &+ UInt64(size) &- 1) / UInt64(size)
    let last = ((UInt64(bucket) &+ 1) << 32 &+ UInt64(size) &- 1) / UInt64(size) &- 1
    var result: [UInt32] = []
    var prefix = first >> UInt64(32 - bits)
    while prefix <= last >> UInt64(32 - bits) {
      var place = Int(Self.reversed(UInt32(truncatingIfNeeded: prefix << UInt64(32 - bits))))
      while place < heads.count {
        var number = heads[place]
        while number != Self.none {
          let node = nodes[Int(number)]
          if Self.bucket(of: node.hash, size: size) == bucket { result.append(number) }
          number = node.next
        }
        place += 1 << bits
      }
      prefix += 1
    }
    return result
  }

  /// The bits of a number back to front.
  private static func reversed(_ number: UInt32) -> UInt32 {
    var number = number.byteSwapped
    number = (number & 0x0f0f_0f0f) << 4 | (number >> 4) & 0x0f0f_0f0f
    number = (number & 0x3333_3333) << 2 | (number >> 2) & 0x3333_3333
    return (number & 0x5555_5555) << 1 | (number >> 1) & 0x5555_5555
  }
}
