// The entries of a set: a hash table of tags, one byte a slot, so that nearly every miss reads one cache line of a small
// array, however many entries there are; the entries themselves lie in the order in which they were added.

/// The entries of a set, found by their keys.
struct SetEntryTable: Hashable, Sendable {
  let rule: SetKeyRule
  private let seed: UInt64
  /// The tags of the slots: 0 for one that was never used, 1 for one whose entry was removed, else a part of the hash.
  private var tags: [UInt8] = []
  /// The entries in the slots.
  private var slots: [UInt32] = []
  /// The keys in the order in which they were added; those of removed entries have a flag.
  private(set) var keys: [SetKey] = []
  /// How many entries there are.
  private(set) var count = 0
  private var usedSlots = 0

  /// Makes an empty table.
  init(_ rule: SetKeyRule) {
    self.rule = rule
    seed = UInt64(bitPattern: Int64(Hasher().finalize()))
  }

  /// Whether two tables have the same entries in the same order.
  static func == (left: SetEntryTable, right: SetEntryTable) -> Bool {
    left.rule == right.rule && left.count == right.count && left.keys == right.keys
  }

  /// Feeds the number of entries.
  func hash(into hasher: inout Hasher) { hasher.combine(count) }

  /// The places of the entries, in the order in which they were added.
  var places: [Int] { keys.indices.filter { !keys[$0].has(SetKey.Flag.removed) } }

  @inline(__always) private func tag(_ hash: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: hash >> 56) | 2 }

  /// The place of the entry with a key, or nil.
  @inline(__always) func place(of key: SetKey) -> Int? {
    if count == 0 { return nil }
    let hash = rule.hash(key, seed)
    let tag = tag(hash)
    return tags.withUnsafeBufferPointer { tags in
      let mask = tags.count &- 1
      var slot = Int(truncatingIfNeeded: hash) & mask
      while tags[slot] != 0 {
        if tags[slot] == tag {
          let place = Int(slots[slot])
          if rule.isEqual(keys[place], key) { return place }
        }
        slot = (slot &+ 1) & mask
      }
      return nil
    }
  }

  /// The places of the entries that are like a key but for their interfaces (kernel: `multi`).
  func alike(_ key: SetKey) -> [Int] {
    if count == 0 { return [] }
    let hash = rule.hash(key, seed)
    let tag = tag(hash)
    var found: [Int] = []
    var slot = Int(truncatingIfNeeded: hash) & (tags.count &- 1)
    while tags[slot] != 0 {
      if tags[slot] == tag {
        let other = keys[Int(slots[slot])]
        if other.low == key.low, other.high == key.high, (other.word ^ key.word) & SetKey.identity == 0 {
          found.append(Int(slots[slot]))
        }
      }
      slot = (slot &+ 1) & (tags.count &- 1)
    }
    return found
  }

  /// Adds an entry that is not there; its place.
  mutating func append(_ key: SetKey) -> Int {
    if usedSlots &+ 1 > tags.count / 8 * 5 { rebuild(capacity: max(16, (count &+ 1) &* 2)) }
    keys.append(key)
    count += 1
    insert(keys.count - 1)
    return keys.count - 1
  }

  private mutating func insert(_ place: Int) {
    let hash = rule.hash(keys[place], seed)
    let mask = tags.count &- 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while tags[slot] > 1 { slot = (slot &+ 1) & mask }
    if tags[slot] == 0 { usedSlots += 1 }
    tags[slot] = tag(hash)
    slots[slot] = UInt32(truncatingIfNeeded: place)
  }

  /// Removes the entry at a place, whose key stays there with a flag.
  mutating func remove(at place: Int) {
    guard keys.indices.contains(place), !keys[place].has(SetKey.Flag.removed), !tags.isEmpty else { return }
    let mask = tags.count &- 1
    var slot = Int(truncatingIfNeeded: rule.hash(keys[place], seed)) & mask
    while tags[slot] != 0 {
      if tags[slot] > 1, Int(slots[slot]) == place {
        tags[slot] = 1
        break
      }
      slot = (slot &+ 1) & mask
    }
    keys[place].set(SetKey.Flag.removed)
    count -= 1
  }

  /// Replaces a key by one that is found in the same way.
  mutating func replace(at place: Int, by key: SetKey) { if keys.indices.contains(place) { keys[place] = key } }

  /// Puts the entries into a table with room for some.
  private mutating func rebuild(capacity: Int) {
    var size = 16
    while size / 8 * 5 < capacity { size &*= 2 }
    tags = [UInt8](repeating: 0, count: size)
    slots = [UInt32](repeating: 0, count: size)
    usedSlots = 0
    for place in keys.indices where !keys[place].has(SetKey.Flag.removed) { insert(place) }
  }

  /// Forgets removed entries; the old places of those that stay, or nil where too few were removed to matter.
  mutating func compact() -> [Int]? {
    if keys.count < 64 || keys.count < 2 * count { return nil }
    let kept = places
    keys = kept.map { keys[$0] }
    rebuild(capacity: max(16, count &* 2))
    return kept
  }

  /// Makes room for some entries at once.
  mutating func reserve(_ capacity: Int) {
    keys.reserveCapacity(capacity)
    if capacity > count { rebuild(capacity: capacity) }
  }
}
