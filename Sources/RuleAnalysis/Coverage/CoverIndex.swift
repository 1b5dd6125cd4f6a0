// Finds, among many sets of packets, those that hold another one, without looking at each.

import NetfilterModel

/// Sets of packets with what takes them, found by the field that tells most.
struct CoverIndex {
  /// A set, and who takes its packets.
  struct Entry {
    var set: PacketSet
    /// The place of the rule in its chain that is counted here.
    var order: Int
    /// The rule that takes the packets.
    var taker: ChainGraph.RulePosition
    var outcome: RuleOutcome
    /// Whether the packets leave the table, not only the chain.
    var endsTable: Bool
  }

  private struct Key: Hashable {
    var dimension: Dimension
    var shift: UInt8
    var prefix: UInt128
  }

  private(set) var entries: [Entry] = []
  private var buckets: [Key: [Int]] = [:]
  private var shifts: [Dimension: Set<UInt8>] = [:]
  /// Sets that no field tells apart from others.
  private var general: [Int] = []
  let family: AddressFamily

  init(_ family: AddressFamily) { self.family = family }

  mutating func add(_ entry: Entry) {
    guard entry.set.isExact, !entry.set.isEmpty else { return }
    let index = entries.count
    entries.append(entry)
    var best: (key: Key, weight: Int)?
    for field in entry.set.fields {
      let shift = CoverIndex.shift(field.numbers)
      let weight = min(field.dimension.weight, field.dimension.bits(family) - shift)
      guard weight > 0, weight > best?.weight ?? 0, shift < 128 else { continue }
      best = (
        Key(
          dimension: field.dimension, shift: UInt8(shift), prefix: field.numbers.lowest >> UInt128(shift)), weight
      )
    }
    guard let key = best?.key else { return general.append(index) }
    buckets[key, default: []].append(index)
    shifts[key.dimension, default: []].insert(key.shift)
  }

  /// How many lower bits the smallest aligned block leaves free that holds a set.
  private static func shift(_ numbers: IntervalSet) -> Int {
    128 - (numbers.lowest ^ numbers.highest).leadingZeroBitCount
  }

  /// How many entries are compared with one set: where thousands differ in nothing that tells them apart, the first
  /// count.
  static let mostCompared = 400

  /// The first entry before a place that holds a set.
  func first(covering set: PacketSet, before order: Int) -> Entry? {
    var best: Int?
    var compared = 0
    func look(_ list: [Int]) {
      for index in list {
        if let best, index >= best { return }
        if entries[index].order >= order || compared >= CoverIndex.mostCompared { return }
        compared += 1
        if entries[index].set.covers(set) { best = index }
      }
    }
    look(general)
    for field in set.fields {
      guard let known = shifts[field.dimension] else { continue }
      let own = CoverIndex.shift(field.numbers)
      for shift in known where Int(shift) >= own {
        if let list = buckets[
          Key(dimension: field.dimension, shift: shift, prefix: field.numbers.lowest >> UInt128(shift))]
        {
          look(list)
        }
      }
    }
    return best.map { entries[$0] }
  }
}
