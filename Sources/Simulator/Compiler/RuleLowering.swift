// From the conditions of a rule, as data, to the records that packets meet.

import NetfilterModel

/// Lowers conditions to records, and collects what the records refer to.
///
/// Conditions before the matches are joined where they are equalities on one slot, and so are those within a match: none of
/// them keeps a state or drops, so that only their conjunction counts. What a match demands of the header becomes guards
/// on its next record.
struct RuleLowering {
  let family: AddressFamily
  var rest: [ConditionRecord] = []
  var lists: [PortList] = []
  var opaques: [OpaqueCondition] = []
  var wholes: [WholeCondition] = []
  var inputs: [InterfacePattern] = []
  var outputs: [InterfacePattern] = []
  private var inputPlaces: [InterfacePattern: Int] = [:]
  private var outputPlaces: [InterfacePattern: Int] = [:]
  /// The records of the rule that is lowered now.
  private var records: [ConditionRecord] = []
  /// The first record that further equalities may join.
  private var joinFrom = 0
  /// Guards that the next record takes.
  private var pending: UInt16 = 0
  /// Guards that hold from here on in this match.
  private var established: UInt16 = 0
  private var firstGuards: UInt16 = 0

  init(family: AddressFamily) { self.family = family }

  /// Lowers the conditions of a rule; its first record goes into `rule`, the others behind those that are here already.
  mutating func lower(_ conditions: [Condition], into rule: inout CompiledRule) {
    records.removeAll(keepingCapacity: true)
    joinFrom = 0
    pending = 0
    established = 0
    firstGuards = 0
    var origin: ConditionOrigin?
    for (place, condition) in conditions.enumerated() {
      if case .match = condition.origin, condition.origin != origin { endOfPart() }
      origin = condition.origin
      if condition.keepsState { rule.keepsState = true }
      add(condition, place)
    }
    endOfPart()
    // A missing connection must not hide a protocol that is not known, which drops: they are asked one after the other.
    if firstGuards & PacketGuards.unknownProtocol != 0, (records.first?.guards ?? 0) & PacketGuards.noConnection != 0 {
      records.insert(ConditionRecord(), at: 0)
    }
    if records.isEmpty { records.append(ConditionRecord()) }
    records[0].guards |= firstGuards
    rule.head = records[0]
    rule.rest = UInt32(rest.count)
    rule.restCount = UInt16(clamping: records.count - 1)
    rest.append(contentsOf: records.dropFirst().prefix(Int(UInt16.max)))
  }

  /// The end of the header conditions or of a match: guards that no record took get one of their own.
  private mutating func endOfPart() {
    if pending != 0 { append(ConditionRecord()) }
    joinFrom = records.count
    established = 0
  }

  private mutating func append(_ record: ConditionRecord) {
    var record = record
    record.guards |= pending
    pending = 0
    if record.isEquality {
      for index in joinFrom..<records.count where records[index].slot == record.slot && records[index].isEquality {
        records[index].join(record)
        return
      }
    }
    records.append(record)
    if record.kind == .opaque || record.kind == .whole { joinFrom = records.count }
  }

  private mutating func add(_ condition: Condition, _ place: Int) {
    if condition.dropsWhenAbsent, family == .ipv6 { firstGuards |= PacketGuards.unknownProtocol }
    if let guards = guards(condition) {
      if guards & PacketGuards.cold == 0, case .header = condition.origin {
        firstGuards |= guards
      } else {
        pending |= guards
        established |= guards
        joinFrom = records.count
      }
      return
    }
    if case .opaque(let test) = condition.test {
      var record = ConditionRecord()
      record.kind = .opaque
      record.reference = UInt32(opaques.count)
      opaques.append(OpaqueCondition(test: test, condition: place, state: opaques.count))
      return append(record)
    }
    if condition.holdsWhenAbsent || condition.dropsWhenFailed || !isThere(condition.field) {
      return whole(condition, place)
    }
    if FieldVector.isOfConnection(condition.field), condition.field != .hasConnection,
      FieldVector.place(of: condition.field, family) != nil
    {
      pending |= PacketGuards.noConnection
    }
    switch condition.field {
    case .input: interface(condition, place, isInput: true)
    case .output: interface(condition, place, isInput: false)
    default: simple(condition, place)
    }
  }

  /// Whether a transport field is there for every packet that comes to it, as the match demanded its header before.
  private func isThere(_ field: Field) -> Bool {
    guard let need = FieldVector.need(of: field) else { return true }
    let stronger =
      need == PacketGuards.noPorts
      ? PacketGuards.noPorts | PacketGuards.shortOf8 | PacketGuards.shortOf20 : PacketGuards.shortOf20
    return established & stronger != 0
  }

  /// The guards that a condition is, or nil.
  private func guards(_ condition: Condition) -> UInt16? {
    guard !condition.isInverted, !condition.holdsWhenAbsent else { return nil }
    switch (condition.field, condition.test) {
    case (.protocolNumber, .range(let range)) where range.lower == range.upper && range.lower < 256:
      return PacketGuards.of(UInt8(range.lower))
    case (.hasConnection, .range(let range)) where range == NumberRange(1, 1): return PacketGuards.noConnection
    case (.fragmentOffset, .range(let range)) where range == NumberRange(0, 0) && condition.option.isEmpty:
      if case .header = condition.origin { return nil }
      return PacketGuards.laterFragment
    case (.fragmentOffset, .ranges) where condition.dropsWhenFailed && condition.test.holds(FieldValue(0)):
      return PacketGuards.laterFragment
    case (.transportLength, .range(let range)) where condition.dropsWhenFailed && range.upper >= 0xffff:
      switch range.lower {
      case 4: return PacketGuards.noPorts
      case 8: return PacketGuards.shortOf8
      case 20: return PacketGuards.shortOf20
      default: return nil
      }
    default: return nil
    }
  }

  private mutating func interface(_ condition: Condition, _ place: Int, isInput: Bool) {
    guard case .masked128(let value, let mask) = condition.test else { return whole(condition, place) }
    let pattern = InterfacePattern(
      name: InterfaceName(first: value.low, second: value.high), mask: InterfaceName(first: mask.low, second: mask.high)
    )
    if pattern.mask.isNone {
      if condition.isInverted { append(.never) }
      return
    }
    guard let bit = bit(of: pattern, isInput: isInput) else { return whole(condition, place) }
    var record = ConditionRecord()
    record.slot = FieldVector.interfaces
    record.mask = bit
    record.lower = condition.isInverted ? 0 : bit
    append(record)
  }

  private mutating func bit(of pattern: InterfacePattern, isInput: Bool) -> UInt64? {
    let count = isInput ? inputs.count : outputs.count
    let place = (isInput ? inputPlaces : outputPlaces)[pattern] ?? count
    guard place < FieldVector.interfacePatterns else { return nil }
    if place == count {
      if isInput {
        inputs.append(pattern)
        inputPlaces[pattern] = place
      } else {
        outputs.append(pattern)
        outputPlaces[pattern] = place
      }
    }
    return 1 << UInt64(isInput ? place : 32 + place)
  }

  private mutating func whole(_ condition: Condition, _ place: Int) {
    var record = ConditionRecord()
    record.kind = .whole
    record.reference = UInt32(wholes.count)
    wholes.append(WholeCondition(condition: condition, place: place))
    append(record)
  }

  private mutating func simple(_ condition: Condition, _ place: Int) {
    if let slots = FieldVector.wideSlots(of: condition.field, family) { return wide(condition, place, slots) }
    if condition.field == .eitherPort, case .ranges(let ranges) = condition.test,
      let first = FieldVector.place(of: .sourcePort, family),
      let second = FieldVector.place(of: .destinationPort, family)
    {
      return list(ranges, first, second, condition, place)
    }
    guard let field = FieldVector.place(of: condition.field, family) else { return whole(condition, place) }
    switch condition.test {
    case .range(let range): append(ConditionRecord(field, range, inverted: condition.isInverted))
    case .ranges(let ranges): list(ranges, field, field, condition, place)
    case .masked(let value, let mask): masked(field, value, mask, condition.isInverted)
    case .anyBit(let bits):
      var record = ConditionRecord()
      record.slot = field.slot
      record.mask = (bits << field.shift) & field.mask
      if !condition.isInverted {
        record.lower = 1
        record.span = record.mask == 0 ? 0 : .max - 1
      }
      append(record)
    case .masked128(let value, let mask): masked(field, value.low, mask.low, condition.isInverted)
    case .addresses(let lower, let upper):
      append(ConditionRecord(field, NumberRange(lower.low, upper.low), inverted: condition.isInverted))
    case .opaque: whole(condition, place)
    }
  }

  private mutating func masked(_ field: FieldPlace, _ value: UInt64, _ mask: UInt64, _ inverted: Bool) {
    let inside = field.mask >> field.shift
    if value & ~(mask & inside) != 0 {
      // A value with bits that the mask hides is never met.
      if !inverted { append(.never) }
      return
    }
    if mask & inside == 0 {
      if inverted { append(.never) }
      return
    }
    var record = ConditionRecord()
    record.slot = field.slot
    record.mask = (mask & inside) << field.shift
    record.lower = value << field.shift
    if inverted { record.invert() }
    append(record)
  }

  private mutating func wide(_ condition: Condition, _ place: Int, _ slots: (high: UInt8, low: UInt8)) {
    guard case .masked128(let value, let mask) = condition.test, !condition.isInverted else {
      return whole(condition, place)
    }
    if mask.high != 0 { masked(FieldPlace(slot: slots.high, shift: 0, bits: 64), value.high, mask.high, false) }
    if mask.low != 0 { masked(FieldPlace(slot: slots.low, shift: 0, bits: 64), value.low, mask.low, false) }
  }

  private mutating func list(
    _ ranges: [NumberRange], _ field: FieldPlace, _ other: FieldPlace, _ condition: Condition, _ place: Int
  ) {
    let usable = ranges.filter { $0.lower <= $0.upper && $0.upper <= 0xffff }
    guard usable.count <= 16, usable.count == ranges.count, let first = usable.first, field.bits == 16 else {
      return whole(condition, place)
    }
    var list = PortList(
      lowers: SIMD16(repeating: UInt16(first.lower)), spans: SIMD16(repeating: UInt16(first.upper - first.lower)),
      shift: UInt8(field.shift), otherShift: UInt8(other.shift), isInverted: condition.isInverted)
    var hull = first
    for (index, range) in usable.enumerated() {
      list.lowers[index] = UInt16(range.lower)
      list.spans[index] = UInt16(range.upper - range.lower)
      hull = NumberRange(min(hull.lower, range.lower), max(hull.upper, range.upper))
    }
    // Most numbers fail at the hull already. The list's place takes the lower half of its words.
    var record =
      condition.isInverted || field.shift != other.shift || field.shift < 32
      ? ConditionRecord() : ConditionRecord(field, hull, inverted: false)
    record.slot = field.slot
    if usable.count > 1 || condition.isInverted || field.shift != other.shift || field.shift < 32 {
      record.kind = .list
      record.reference = UInt32(lists.count)
      lists.append(list)
    }
    append(record)
  }
}
