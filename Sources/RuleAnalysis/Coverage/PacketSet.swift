// The packets for which conditions hold: a set of numbers for each field, and what cannot be said so.

import NetfilterModel

/// A set of packets: those whose fields lie in the sets, and for which the rest holds too.
struct PacketSet: Hashable, Sendable {
  /// The fields with a condition, in the order of `Dimension`.
  private(set) var fields: [(dimension: Dimension, numbers: IntervalSet)] = []
  /// Conditions that no set of numbers can say, as text, sorted; each has one answer for a packet.
  private(set) var others: [String] = []
  /// Whether the set is just the packets for which the conditions hold; otherwise it holds more.
  var isExact = true
  /// Whether no packet is in it.
  private(set) var isEmpty = false
  let family: AddressFamily

  /// All packets.
  init(_ family: AddressFamily) { self.family = family }

  /// The packets for which all conditions of a rule hold.
  init(_ rule: Rule, _ conditions: [Condition], _ family: AddressFamily) {
    self.init(family)
    for condition in conditions { add(condition, of: rule) }
    others.sort()
  }

  static func == (left: PacketSet, right: PacketSet) -> Bool {
    left.others == right.others && left.isExact == right.isExact && left.isEmpty == right.isEmpty
      && left.fields.count == right.fields.count
      && zip(left.fields, right.fields).allSatisfy { $0.dimension == $1.dimension && $0.numbers == $1.numbers }
  }

  func hash(into hasher: inout Hasher) {
    for field in fields {
      hasher.combine(field.dimension)
      hasher.combine(field.numbers)
    }
    hasher.combine(others)
  }

  /// Whether every packet is in it.
  var isEverything: Bool { fields.isEmpty && others.isEmpty && isExact && !isEmpty }

  /// The numbers of a field, or nil for a field without a condition.
  subscript(dimension: Dimension) -> IntervalSet? { fields.first { $0.dimension == dimension }?.numbers }

  /// The numbers of a field that every packet has; all of them without a condition.
  func numbers(_ dimension: Dimension) -> IntervalSet {
    self[dimension] ?? IntervalSet(0, dimension.maximum(family))
  }

  /// The states that packets of the set may be in.
  func mayBe(_ states: ConnectionStateSet) -> Bool { numbers(.state).intersects(StateValues.numbers(states)) }

  /// Adds the condition that a field has one of some numbers.
  mutating func limit(_ dimension: Dimension, to numbers: IntervalSet) {
    if let index = fields.firstIndex(where: { $0.dimension == dimension }) {
      fields[index].numbers = fields[index].numbers.intersection(numbers)
      if fields[index].numbers.isEmpty { isEmpty = true }
      return
    }
    if numbers.isEmpty { isEmpty = true }
    if dimension.isAlwaysThere, numbers.contains(IntervalSet(0, dimension.maximum(family))) { return }
    let place = fields.firstIndex { $0.dimension.rawValue > dimension.rawValue } ?? fields.count
    fields.insert((dimension, numbers), at: place)
  }

  /// The set with a field limited.
  func limited(_ dimension: Dimension, to numbers: IntervalSet) -> PacketSet {
    var result = self
    result.limit(dimension, to: numbers)
    return result
  }

  /// The set without the condition on a field.
  func without(_ dimension: Dimension) -> PacketSet {
    var result = self
    result.fields.removeAll { $0.dimension == dimension }
    return result
  }

  /// The packets that are in both.
  func intersection(_ other: PacketSet) -> PacketSet {
    var result = self
    for field in other.fields { result.limit(field.dimension, to: field.numbers) }
    if !other.others.isEmpty { result.others = Set(result.others).union(other.others).sorted() }
    result.isExact = isExact && other.isExact
    result.isEmpty = result.isEmpty || other.isEmpty
    return result
  }

  /// Whether a packet may be in both.
  func intersects(_ other: PacketSet) -> Bool {
    if isEmpty || other.isEmpty { return false }
    for field in other.fields {
      if let own = self[field.dimension], !own.intersects(field.numbers) { return false }
    }
    return true
  }

  /// Whether every packet of another set is certainly in this one.
  func covers(_ other: PacketSet) -> Bool {
    if other.isEmpty { return true }
    guard isExact, !isEmpty, fields.count <= other.fields.count, others.count <= other.others.count else {
      return false
    }
    for field in fields {
      guard let numbers = other[field.dimension], field.numbers.contains(numbers) else { return false }
    }
    return others.allSatisfy { other.others.contains($0) }
  }

  /// The smallest set of this form that holds both.
  func hull(_ other: PacketSet) -> PacketSet {
    if isEmpty { return other }
    if other.isEmpty { return self }
    var result = PacketSet(family)
    result.isExact = false
    for field in fields {
      if let numbers = other[field.dimension] { result.limit(field.dimension, to: field.numbers.union(numbers)) }
    }
    result.others = others.filter { other.others.contains($0) }
    return result
  }

  // MARK: Conditions

  private mutating func add(_ condition: Condition, of rule: Rule) {
    if case .opaque(let test) = condition.test {
      if test.keepsState || test.mayBeUnknown { isExact = false } else { others.append(rule.text(of: condition)) }
      return
    }
    guard let dimension = Dimension(condition.field), !condition.holdsWhenAbsent,
      var numbers = PacketSet.numbers(condition, dimension, family)
    else {
      others.append(rule.text(of: condition))
      return
    }
    if condition.isInverted { numbers = numbers.complement(to: dimension.maximum(family)) }
    limit(dimension, to: numbers)
  }

  /// The numbers for which a condition's test holds, as if it were not inverted; nil where they are no ranges.
  private static func numbers(_ condition: Condition, _ dimension: Dimension, _ family: AddressFamily) -> IntervalSet? {
    if dimension == .state {
      switch condition.test {
      case .anyBit(let bits):
        let mask = ConnectionStateSet(rawValue: UInt16(truncatingIfNeeded: bits))
        let isWithNAT = condition.field == .connectionState
        return StateValues.numbers {
          !(isWithNAT ? $0 : $0.subtracting([.sourceNAT, .destinationNAT])).isDisjoint(with: mask)
        }
      case .range(let range) where condition.field == .hasConnection:
        return StateValues.numbers { range.contains($0.isDisjoint(with: [.invalid, .untracked]) ? 1 : 0) }
      default: return nil
      }
    }
    switch condition.test {
    case .range(let range): return IntervalSet(UInt128(range.lower), UInt128(range.upper))
    case .ranges(let ranges):
      return IntervalSet(ranges.map { IntervalSet.Part(lower: UInt128($0.lower), upper: UInt128($0.upper)) })
    case .addresses(let first, let last): return IntervalSet(number(first), number(last))
    case .anyBit(let bits):
      guard dimension.bits(family) <= 8 else { return nil }
      return counted(dimension, family) { $0 & bits != 0 }
    case .masked(let value, let mask):
      if dimension.bits(family) <= 8 { return counted(dimension, family) { $0 & mask == value } }
      return masked(UInt128(value), UInt128(mask), bits: dimension.bits(family))
    case .masked128(let value, let mask):
      let isName = dimension == .input || dimension == .output
      // A name that is compared with the zero behind it is one name: nothing stands behind the zero.
      if isName, isWhole(value, mask) { return IntervalSet(number(value, true), number(value, true)) }
      return masked(number(value, isName), number(mask, isName), bits: dimension.bits(family))
    case .opaque: return nil
    }
  }

  private static func counted(
    _ dimension: Dimension, _ family: AddressFamily, where holds: (UInt64) -> Bool
  ) -> IntervalSet {
    let last = UInt64(truncatingIfNeeded: dimension.maximum(family))
    return IntervalSet(
      (0...last).filter(holds).map { IntervalSet.Part(lower: UInt128($0), upper: UInt128($0)) })
  }

  /// The numbers whose bits under a mask are those of a value; nil when the mask is not the upper bits.
  private static func masked(_ value: UInt128, _ mask: UInt128, bits: Int) -> IntervalSet? {
    let all: UInt128 = bits >= 128 ? .max : (UInt128(1) << UInt128(bits)) - 1
    if value & ~mask != 0 { return IntervalSet([]) }
    let free = ~mask & all
    // The free bits are the lower ones when one more than them is a power of two.
    guard free & (free &+ 1) == 0 else { return nil }
    return IntervalSet(value & all, (value & all) | free)
  }

  /// Whether a pattern of a name asks for the zero at the name's end.
  private static func isWhole(_ value: FieldValue, _ mask: FieldValue) -> Bool {
    let compared = (mask.low.nonzeroBitCount + mask.high.nonzeroBitCount) / 8
    let name = InterfaceName(first: value.low, second: value.high).description
    return compared > name.utf8.count
  }

  private static func number(_ value: FieldValue, _ isName: Bool) -> UInt128 {
    // A name has its first byte in the lowest bits: turned round, names with one beginning are one range.
    if isName { return UInt128(value.low.byteSwapped) << 64 | UInt128(value.high.byteSwapped) }
    return UInt128(value.high) << 64 | UInt128(value.low)
  }

  private static func number(_ address: IPAddress) -> UInt128 { number(FieldValue(address), false) }
}

extension PacketSet {
  /// A network as numbers.
  static func numbers(_ network: AddressMatch) -> IntervalSet {
    let last = IPAddress(
      family: network.address.family, high: network.address.high | ~network.mask.high,
      low: network.address.low | ~network.mask.low)
    let all: UInt128 = network.address.family == .ipv4 ? 0xffff_ffff : .max
    return IntervalSet(number(network.address), number(last) & all)
  }

  /// An address as a number.
  static func single(_ address: IPAddress) -> IntervalSet { IntervalSet(number(address), number(address)) }

  /// Every interface but loopback.
  static let outside = single(.loopback).complement(to: .max)

  /// An interface's name as a number.
  static func single(_ name: InterfaceName) -> IntervalSet {
    let number = number(FieldValue(name), true)
    return IntervalSet(number, number)
  }

  /// The address with a number.
  static func address(_ number: UInt128, _ family: AddressFamily) -> IPAddress {
    IPAddress(family: family, high: UInt64(truncatingIfNeeded: number >> 64), low: UInt64(truncatingIfNeeded: number))
  }

  /// The interface name with a number.
  static func name(_ number: UInt128) -> InterfaceName {
    InterfaceName(
      first: UInt64(truncatingIfNeeded: number >> 64).byteSwapped,
      second: UInt64(truncatingIfNeeded: number).byteSwapped)
  }
}
