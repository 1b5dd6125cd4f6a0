// A dictionary in parts: a copy that changes copies the part that changes, growth pauses for one part alone, and two
// that share their parts are compared without a look at them.

/// A key that says which part of a table it belongs to.
protocol ShardKey: Hashable, Sendable {
  /// A cheap number that spreads the keys; any value.
  var shard: UInt64 { get }
}

/// A dictionary in 128 parts.
struct ShardedTable<Key: ShardKey, Value: Hashable & Sendable>: Hashable, Sendable {
  private static var parts: Int { 128 }
  private var shards: [[Key: Value]] = []
  /// How many entries there are.
  private(set) var count = 0

  init() {}

  @inline(__always)
  private func place(_ key: Key) -> Int {
    let mixed = key.shard &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: mixed >> 57)
  }

  var isEmpty: Bool { count == 0 }

  /// Every value, in no order.
  var values: [Value] { shards.flatMap { Array($0.values) } }

  subscript(key: Key) -> Value? {
    shards.isEmpty ? nil : shards[place(key)][key]
  }

  /// Stores a value; the one that was there, or nil.
  mutating func updateValue(_ value: Value, forKey key: Key) -> Value? {
    if shards.isEmpty { shards = Array(repeating: [:], count: Self.parts) }
    let old = shards[place(key)].updateValue(value, forKey: key)
    if old == nil { count += 1 }
    return old
  }

  /// Takes a value out; nil when there was none.
  @discardableResult
  mutating func removeValue(forKey key: Key) -> Value? {
    guard !shards.isEmpty, let old = shards[place(key)].removeValue(forKey: key) else { return nil }
    count -= 1
    return old
  }

  /// Changes every value, or takes it out where the change gives nil.
  mutating func compactMapValues(_ change: (Value) -> Value?) {
    count = 0
    for index in shards.indices {
      shards[index] = shards[index].compactMapValues(change)
      count += shards[index].count
    }
  }

  mutating func removeAll() {
    shards = []
    count = 0
  }
}

/// Values at numbered places, in chunks of 64, so that a copy that changes one copies its chunk alone.
struct ChunkedArray<Element: Hashable & Sendable>: Hashable, Sendable {
  private static var size: Int { 64 }
  private var chunks: [[Element]] = []
  private(set) var count = 0

  init() {}

  @inline(__always)
  subscript(index: Int) -> Element {
    get { chunks[index >> 6][index & 63] }
    _modify { yield &chunks[index >> 6][index & 63] }
  }

  mutating func append(_ element: Element) {
    if count & 63 == 0 {
      chunks.append([])
      chunks[chunks.count - 1].reserveCapacity(Self.size)
    }
    chunks[count >> 6].append(element)
    count += 1
  }
}
