// Sets of numbers of up to 128 bits, as sorted ranges that do not touch.

/// A set of numbers; every operation is exact.
struct IntervalSet: Hashable, Sendable {
  /// A range of numbers, both ends included.
  struct Part: Hashable, Sendable {
    var lower: UInt128
    var upper: UInt128
  }

  /// The ranges, sorted, with a gap between two neighbours.
  private(set) var parts: [Part]

  /// Every number of a range; none when it ends before it starts.
  init(_ lower: UInt128, _ upper: UInt128) { parts = lower <= upper ? [Part(lower: lower, upper: upper)] : [] }

  /// The union of ranges.
  init(_ ranges: [Part]) {
    parts = []
    for range in ranges.sorted(by: { $0.lower < $1.lower }) where range.lower <= range.upper {
      if let last = parts.last, last.upper == .max || range.lower <= last.upper + 1 {
        parts[parts.count - 1].upper = max(last.upper, range.upper)
      } else {
        parts.append(range)
      }
    }
  }

  var isEmpty: Bool { parts.isEmpty }
  /// The smallest number; 0 for the empty set.
  var lowest: UInt128 { parts.first?.lower ?? 0 }
  /// The largest number; 0 for the empty set.
  var highest: UInt128 { parts.last?.upper ?? 0 }
  /// The number, when there is just one.
  var single: UInt128? { parts.count == 1 && lowest == highest ? lowest : nil }

  func contains(_ number: UInt128) -> Bool { parts.contains { $0.lower <= number && number <= $0.upper } }

  /// Whether every number of another set is in this one.
  func contains(_ other: IntervalSet) -> Bool {
    var index = 0
    for part in other.parts {
      while index < parts.count, parts[index].upper < part.lower { index += 1 }
      guard index < parts.count, parts[index].lower <= part.lower, part.upper <= parts[index].upper else {
        return false
      }
    }
    return true
  }

  /// What is in both.
  func intersection(_ other: IntervalSet) -> IntervalSet {
    var result: [Part] = []
    var (left, right) = (0, 0)
    while left < parts.count, right < other.parts.count {
      let lower = max(parts[left].lower, other.parts[right].lower)
      let upper = min(parts[left].upper, other.parts[right].upper)
      if lower <= upper { result.append(Part(lower: lower, upper: upper)) }
      if parts[left].upper < other.parts[right].upper { left += 1 } else { right += 1 }
    }
    return IntervalSet(result)
  }

  func intersects(_ other: IntervalSet) -> Bool { !intersection(other).isEmpty }

  func union(_ other: IntervalSet) -> IntervalSet { IntervalSet(parts + other.parts) }

  /// The numbers of 0...`maximum` that are not in the set.
  func complement(to maximum: UInt128) -> IntervalSet {
    var result: [Part] = []
    var next: UInt128 = 0
    for part in parts {
      if part.lower > next { result.append(Part(lower: next, upper: part.lower - 1)) }
      guard part.upper < maximum else { return IntervalSet(result) }
      next = part.upper + 1
    }
    result.append(Part(lower: next, upper: maximum))
    return IntervalSet(result)
  }
}
