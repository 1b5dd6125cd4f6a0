// What a random test is made from: a seed, and numbers that follow from it.

import Foundation

/// The seed and the length of random tests: HOOKWALK_SEED and HOOKWALK_COUNT, or what they are without.
enum PropertyRun {
  static let seed = number("HOOKWALK_SEED") ?? 1
  /// How many rules of each extension are tried.
  static let count = Int(number("HOOKWALK_COUNT") ?? 12)

  /// How a failed run is repeated.
  static let hint = "repeat with HOOKWALK_SEED=\(seed) HOOKWALK_COUNT=\(count)"

  private static func number(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
  }
}

/// Random numbers of a seed (splitmix64).
struct Dice {
  private var state: UInt64

  /// Makes the numbers of a part of the run, so that parts do not depend on each other.
  init(_ part: String) {
    state = part.utf8.reduce(PropertyRun.seed &* 0x9e37_79b9_7f4a_7c15) { ($0 ^ UInt64($1)) &* 0x0100_0000_01b3 }
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  /// A number of a range.
  mutating func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(next() % UInt64(range.count)) }
  /// Yes in so many of a hundred cases.
  mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }
  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(0...elements.count - 1)] }
  /// Some of the elements in their order, at least one.
  mutating func some<Element>(_ elements: [Element]) -> [Element] {
    let chosen = elements.filter { _ in chance(35) }
    return chosen.isEmpty ? [pick(elements)] : chosen
  }
}
