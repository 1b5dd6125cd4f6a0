// Which connections a source already has, so that it keeps its translation.

import NetfilterModel

/// The connections of each source (kernel: `nf_nat_bysource`), the newest first; connections are named by their slots.
struct NATSourceIndex: Sendable {
  private struct Links {
    var older = NATSourceIndex.none
    var newer = NATSourceIndex.absent
  }

  private static let none = HashChains.none
  /// As `newer`: the slot is not in the index.
  private static let absent = HashChains.none - 1

  /// The newest connection of each source.
  private var newest = HashChains()
  private var links = ChunkedArray<Links>()

  init() {}

  /// The newest connection with a source, whose hash is `hash`; `test` says whether a slot has it.
  @inline(__always)
  func newest(_ hash: UInt32, where test: (Int) -> Bool) -> Int? {
    newest.first(hash) { test(Int($0)) }.map { Int($0) }
  }

  /// The connection of the same source that was noted before; nil for the oldest.
  func older(than slot: Int) -> Int? {
    let older = links[slot].older
    return older == Self.none ? nil : Int(older)
  }

  /// Notes a connection whose source is set up; `test` says whether a slot has the same source.
  mutating func add(_ slot: Int, hash: UInt32, where test: (Int) -> Bool) {
    remove(slot)
    links.grow(to: slot + 1, with: Links())
    let number = UInt32(truncatingIfNeeded: slot)
    if let older = newest(hash, where: test) {
      newest.replace(UInt32(truncatingIfNeeded: older), by: number)
      links[older].newer = number
      links[slot] = Links(older: UInt32(truncatingIfNeeded: older), newer: Self.none)
    } else {
      newest.insert(number, hash: hash)
      links[slot] = Links(older: Self.none, newer: Self.none)
    }
  }

  /// Forgets a connection, if it was noted.
  mutating func remove(_ slot: Int) {
    guard slot < links.count, links[slot].newer != Self.absent else { return }
    let (older, newer) = (links[slot].older, links[slot].newer)
    if newer != Self.none {
      links[Int(newer)].older = older
    } else if older != Self.none {
      newest.replace(UInt32(truncatingIfNeeded: slot), by: older)
    } else {
      newest.remove(UInt32(truncatingIfNeeded: slot))
    }
    if older != Self.none { links[Int(older)].newer = newer }
    links[slot] = Links()
  }
}
