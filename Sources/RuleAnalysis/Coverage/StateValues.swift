// The states that a packet can be in, counted out, so that conditions on states are sets of numbers.

import NetfilterModel

/// The states of packets with the translations of their connections, as numbers from 0.
enum StateValues {
  /// The sets of bits that one packet can have: a state, and the translations of its connection where it has one.
  static let all: [ConnectionStateSet] = {
    let withConnection: [ConnectionStateSet] = [.new, .established, .related]
    let translations: [ConnectionStateSet] = [[], .sourceNAT, .destinationNAT, [.sourceNAT, .destinationNAT]]
    return [.invalid, .untracked] + withConnection.flatMap { state in translations.map { state.union($0) } }
  }()

  static let count = UInt128(all.count)

  /// The numbers of the states that a test holds for.
  static func numbers(where holds: (ConnectionStateSet) -> Bool) -> IntervalSet {
    IntervalSet(
      all.indices.filter { holds(all[$0]) }.map { IntervalSet.Part(lower: UInt128($0), upper: UInt128($0)) })
  }

  /// The numbers with at least one of some bits.
  static func numbers(_ bits: ConnectionStateSet) -> IntervalSet { numbers { !$0.isDisjoint(with: bits) } }
}
