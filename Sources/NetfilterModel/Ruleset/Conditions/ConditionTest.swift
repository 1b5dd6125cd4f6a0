// What a condition demands of its field.

/// What a condition demands of its field.
public enum ConditionTest: Sendable {
  /// The number lies in a range.
  case range(NumberRange)
  /// The number lies in one of several ranges.
  case ranges([NumberRange])
  /// The bits under a mask are those of a value; never when the value has bits outside the mask.
  case masked(value: UInt64, mask: UInt64)
  /// At least one bit of a set is set.
  case anyBit(UInt64)
  /// The 128 bits under a mask are those of an address or name.
  case masked128(value: FieldValue, mask: FieldValue)
  /// The address lies between two, both included.
  case addresses(IPAddress, IPAddress)
  /// A function decides, which may keep a state between packets.
  case opaque(OpaqueTest)

  /// The number is this one.
  public static func equals(_ number: some BinaryInteger) -> ConditionTest { .range(NumberRange(number, number)) }

  /// The number lies between two, both included.
  public static func between(_ lower: some BinaryInteger, _ upper: some BinaryInteger) -> ConditionTest {
    .range(NumberRange(lower, upper))
  }

  /// The address lies in a network.
  public static func network(_ address: IPAddress, mask: IPAddress) -> ConditionTest {
    .masked128(value: FieldValue(address), mask: FieldValue(mask))
  }

  /// The interface's name fits a pattern.
  public static func interface(_ pattern: InterfacePattern) -> ConditionTest {
    .masked128(value: FieldValue(pattern.name.masked(by: pattern.mask)), mask: FieldValue(pattern.mask))
  }

  /// Whether a value that is there fulfils the test; false for an opaque one, which needs its function.
  public func holds(_ value: FieldValue) -> Bool {
    switch self {
    case .range(let range): return range.contains(value.low)
    case .ranges(let ranges): return ranges.contains { $0.contains(value.low) }
    case .masked(let wanted, let mask): return value.low & mask == wanted
    case .anyBit(let bits): return value.low & bits != 0
    case .masked128(let wanted, let mask):
      return (value.low & mask.low) ^ wanted.low | (value.high & mask.high) ^ wanted.high == 0
    case .addresses(let lower, let upper):
      let isAbove = (value.high, value.low) >= (lower.high, lower.low)
      return isAbove && (value.high, value.low) <= (upper.high, upper.low)
    case .opaque: return false
    }
  }
}
