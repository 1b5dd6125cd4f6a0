// When two keys of a set are of the same entry.

/// How the keys of a set are told apart (kernel: `mtype_data_equal`, and which part of it is hashed).
enum SetKeyRule: Hashable, Sendable {
  /// All that they hold.
  case whole
  /// The interface may be a prefix, and is not hashed.
  case interface
  /// The hardware address does not count.
  case addressOnly

  init(_ type: SetType) {
    self = type.parts.contains(.interface) ? .interface : type.isLastPartOptional ? .addressOnly : .whole
  }

  /// A hash of a key; `seed` makes it differ from run to run, so that no file can be made to collide.
  @inline(__always) func hash(_ key: SetKey, _ seed: UInt64) -> UInt64 {
    var value = SetKeyRule.mix(key.low ^ seed, key.word & SetKey.identity ^ 0x9e37_79b9_7f4a_7c15)
    if key.high | key.secondHigh != 0 { value = SetKeyRule.mix(value ^ key.high, key.secondHigh ^ seed) }
    let extra = self == .addressOnly ? 0 : key.extra
    if key.secondLow | extra != 0 { value = SetKeyRule.mix(value ^ key.secondLow, extra ^ seed) }
    return value
  }

  @inline(__always) private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = (left ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(by: right ^ 0xe703_7ed1_a0b4_28db)
    return product.high ^ product.low
  }

  /// Whether an entry is the one that is asked for.
  @inline(__always) func isEqual(_ stored: SetKey, _ asked: SetKey) -> Bool {
    guard stored.low == asked.low, stored.high == asked.high,
      (stored.word ^ asked.word) & SetKey.identity == 0,
      stored.secondLow == asked.secondLow, stored.secondHigh == asked.secondHigh
    else { return false }
    switch self {
    case .whole: return stored.extra == asked.extra
    case .addressOnly: return true
    case .interface: return isInterfaceEqual(stored, asked)
    }
  }

  /// Whether the interface fits; that of an entry may be a prefix.
  func isInterfaceEqual(_ stored: SetKey, _ asked: SetKey) -> Bool {
    guard stored.has(SetKey.Flag.wildcard) else { return stored.interface == asked.interface }
    return InterfacePattern(prefix: stored.interface).matches(asked.interface)
  }
}

extension InterfacePattern {
  /// A pattern for all names that begin with one.
  init(prefix name: InterfaceName) {
    let first = name.first.mostSignificantSetByte
    let second = name.second.mostSignificantSetByte
    self.init(
      name: name,
      mask: InterfaceName(
        first: first >= 8 ? .max : (1 << UInt64(8 * first)) - 1,
        second: second >= 8 ? .max : (1 << UInt64(8 * second)) - 1))
  }
}

extension UInt64 {
  /// How many bytes there are up to the last that is not zero, 0...8.
  fileprivate var mostSignificantSetByte: Int { (71 - leadingZeroBitCount) / 8 }
}
