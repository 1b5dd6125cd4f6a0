// A condition in the form that packets meet: one uniform test on a word of the vector.

import NetfilterModel

/// What is left to ask when a record's interval holds.
enum RecordKind: UInt8 {
  /// Nothing.
  case simple
  /// Whether a number is in a list of ranges.
  case list
  /// A function, which may keep a state.
  case opaque
  /// The condition as it was written, on a field that has no place in the vector.
  case whole
}

/// A condition: it holds when no guard of it is set, `(slot & mask) - lower <= span` in wrapping numbers, and what its kind asks holds.
///
/// A negated interval is an interval again, as numbers wrap around. The words are kept in halves, so that a record takes 28
/// bytes: a rule with three of them stays below 100.
struct ConditionRecord {
  private var maskHalves = WordHalves()
  private var lowerHalves = WordHalves()
  private var spanHalves = WordHalves()
  /// The guards that must not be set (`PacketGuards`).
  var guards: UInt16 = 0
  var slot: UInt8 = FieldVector.always
  var kind = RecordKind.simple

  /// The bits of the word that count.
  @inline(__always) var mask: UInt64 {
    get { maskHalves.word }
    set { maskHalves.word = newValue }
  }
  /// The beginning of the interval.
  @inline(__always) var lower: UInt64 {
    get { lowerHalves.word }
    set { lowerHalves.word = newValue }
  }
  /// How far the interval reaches beyond its beginning.
  @inline(__always) var span: UInt64 {
    get { spanHalves.word }
    set { spanHalves.word = newValue }
  }
  /// The place of the list, function or condition, for what is not simple.
  ///
  /// It takes the lower half of the span, where it does no harm: the mask of such a record has no bit there, nor has the
  /// beginning, so that what is compared with the span has none either.
  var reference: UInt32 {
    get { spanHalves.low }
    set { spanHalves.low = newValue }
  }

  /// One that always holds.
  init() {}

  /// One that holds when the number of a field lies in a range.
  init(_ place: FieldPlace, _ range: NumberRange, inverted: Bool) {
    slot = place.slot
    mask = place.mask
    let most = place.mask >> place.shift
    if range.lower > range.upper || range.lower > most {
      self = inverted ? ConditionRecord() : .never
      return
    }
    let upper = min(range.upper, most)
    lower = range.lower << place.shift
    span = (upper - range.lower) << place.shift
    if inverted { invert() }
  }

  /// One that never holds.
  static let never: ConditionRecord = {
    var record = ConditionRecord()
    record.lower = 1
    return record
  }()

  /// Makes the interval its complement.
  mutating func invert() {
    if span == .max {
      self = .never
      return
    }
    lower = lower &+ span &+ 1
    span = ~span &- 1
  }

  /// Whether it is an equality under a mask, so that another one on the same slot can join it.
  var isEquality: Bool { kind == .simple && span == 0 && mask != 0 }

  /// Joins an equality on the same slot; two that contradict each other never hold.
  mutating func join(_ other: ConditionRecord) {
    let shared = mask & other.mask
    if (lower ^ other.lower) & shared != 0 || lower & ~mask != 0 || other.lower & ~other.mask != 0 {
      let guards = guards | other.guards
      self = .never
      self.guards = guards
      return
    }
    mask |= other.mask
    lower |= other.lower
    guards |= other.guards
  }
}

/// A list of at most 16 ranges of 16-bit numbers.
struct PortList {
  var lowers: SIMD16<UInt16>
  var spans: SIMD16<UInt16>
  /// Where the number lies in the word.
  var shift: UInt8
  /// Where a second number lies, of which one must be in the list; the same for none.
  var otherShift: UInt8
  var isInverted: Bool

  /// A list that nothing refers to.
  static let none = PortList(
    lowers: SIMD16(repeating: 0), spans: SIMD16(repeating: 0), shift: 0, otherShift: 0, isInverted: false)

  /// Whether the list says yes to a word of the vector.
  @inline(__always)
  func holds(_ word: UInt64) -> Bool {
    var found = contains(UInt16(truncatingIfNeeded: word >> UInt64(shift)))
    if otherShift != shift { found = found || contains(UInt16(truncatingIfNeeded: word >> UInt64(otherShift))) }
    return found != isInverted
  }

  @inline(__always)
  private func contains(_ number: UInt16) -> Bool {
    let distance = SIMD16(repeating: number) &- lowers
    let outside = unsafeBitCast(distance .<= spans, to: SIMD4<UInt64>.self)
    return (outside.x | outside.y) | (outside.z | outside.w) != 0
  }
}

/// A word of 64 bits that may lie at every fourth byte.
private struct WordHalves {
  var low: UInt32 = 0
  var high: UInt32 = 0

  @inline(__always) var word: UInt64 {
    get { UInt64(high) << 32 | UInt64(low) }
    set {
      low = UInt32(truncatingIfNeeded: newValue)
      high = UInt32(truncatingIfNeeded: newValue >> 32)
    }
  }
}
