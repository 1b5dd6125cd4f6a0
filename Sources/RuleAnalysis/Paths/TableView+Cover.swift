// Which earlier rules take all packets of a later one.

import NetfilterModel

extension TableView {
  /// What takes all packets of a set before they reach a place.
  struct Cover {
    /// The rules, each once, in order; of several calling paths those of the first.
    var takers: [ChainGraph.RulePosition]
    /// What they do, each once.
    var outcomes: [RuleOutcome]
    /// Whether one of them takes every packet there.
    var isTotal: Bool
  }

  /// How far up callers are followed, how many there may be, and into how many parts a set is cut.
  private static let deepestCallers = 8
  private static let mostPaths = 8
  private static let mostParts = 96

  /// Who takes all packets of a rule before they reach it; nil when some packet may arrive, or nothing can be said.
  func cover(of rule: RuleView) -> Cover? {
    var budget = TableView.mostParts
    let set = packets(at: rule)
    guard !set.isEmpty else { return nil }
    return cover(set, in: rule.position.chain, before: rule.position.rule, depth: 0, &budget)
  }

  private func cover(
    _ set: PacketSet, in chain: Int, before order: Int, depth: Int, _ budget: inout Int
  ) -> Cover? {
    if let entry = takers[chain].first(covering: set, before: order) {
      return Cover(takers: [entry.taker], outcomes: [entry.outcome], isTotal: entry.set.isEverything)
    }
    if let cover = coverByCallers(set, in: chain, depth: depth, &budget) { return cover }
    return coverByParts(set, in: chain, before: order, depth: depth, &budget)
  }

  /// On every path that leads to the chain something takes the packets.
  private func coverByCallers(_ set: PacketSet, in chain: Int, depth: Int, _ budget: inout Int) -> Cover? {
    guard depth < TableView.deepestCallers, !table.chains[chain].isBuiltIn,
      !callers[chain].isEmpty, callers[chain].count <= TableView.mostPaths
    else { return nil }
    var result: Cover?
    for caller in callers[chain] {
      let path = set.intersection(rule(caller).set)
      if path.isEmpty || path.intersection(packets[caller.chain]).isEmpty { continue }
      guard let one = cover(path, in: caller.chain, before: caller.rule, depth: depth + 1, &budget) else { return nil }
      if var known = result {
        for outcome in one.outcomes where !known.outcomes.contains(outcome) { known.outcomes.append(outcome) }
        known.isTotal = known.isTotal && one.isTotal
        result = known
      } else {
        result = one
      }
    }
    return result
  }

  /// Each part of one field's numbers is taken.
  private func coverByParts(
    _ set: PacketSet, in chain: Int, before order: Int, depth: Int, _ budget: inout Int
  ) -> Cover? {
    for dimension in [
      Dimension.destinationPort, .state, .source, .destination, .sourcePort, .icmpType, .protocolNumber,
    ] {
      guard let parts = parts(of: set, dimension), budget > parts.count else { continue }
      budget -= parts.count
      var result: Cover?
      for part in parts {
        let smaller = set.limited(dimension, to: part)
        guard
          let one = takers[chain].first(covering: smaller, before: order).map({
            Cover(takers: [$0.taker], outcomes: [$0.outcome], isTotal: false)
          }) ?? coverByCallers(smaller, in: chain, depth: depth, &budget)
            ?? coverByHalves(smaller, dimension, in: chain, before: order, &budget)
        else {
          result = nil
          break
        }
        result = result?.joined(one) ?? one
      }
      if let result { return result }
    }
    return nil
  }

  /// Two aligned halves of a range, and their halves, are taken.
  private func coverByHalves(
    _ set: PacketSet, _ dimension: Dimension, in chain: Int, before order: Int, _ budget: inout Int
  ) -> Cover? {
    guard let numbers = set[dimension], numbers.parts.count == 1, numbers.lowest < numbers.highest, budget > 1 else {
      return nil
    }
    budget -= 2
    let shift = 128 - (numbers.lowest ^ numbers.highest).leadingZeroBitCount - 1
    let middle = (numbers.highest >> UInt128(shift)) << UInt128(shift)
    var result: Cover?
    for half in [IntervalSet(numbers.lowest, middle - 1), IntervalSet(middle, numbers.highest)] {
      let smaller = set.limited(dimension, to: half)
      guard
        let one = takers[chain].first(covering: smaller, before: order).map({
          Cover(takers: [$0.taker], outcomes: [$0.outcome], isTotal: false)
        }) ?? coverByHalves(smaller, dimension, in: chain, before: order, &budget)
      else { return nil }
      result = result?.joined(one) ?? one
    }
    return result
  }

  /// The ranges that a field's numbers are cut into; nil for a field that nothing is gained by.
  private func parts(of set: PacketSet, _ dimension: Dimension) -> [IntervalSet]? {
    if dimension == .state {
      let numbers = set.numbers(.state)
      guard numbers.single == nil else { return nil }
      return (0..<StateValues.count).filter { numbers.contains($0) }.map { IntervalSet($0, $0) }
    }
    guard let numbers = set[dimension], numbers.single == nil, numbers.parts.count <= 16 else { return nil }
    return numbers.parts.map { IntervalSet($0.lower, $0.upper) }
  }
}

extension TableView.Cover {
  fileprivate func joined(_ other: TableView.Cover) -> TableView.Cover {
    var result = self
    for taker in other.takers where !result.takers.contains(taker) { result.takers.append(taker) }
    for outcome in other.outcomes where !result.outcomes.contains(outcome) { result.outcomes.append(outcome) }
    result.isTotal = isTotal && other.isTotal
    return result
  }
}
