// What an entry of a set is: one cache line, whatever the type, so that all types share one table.

/// The key of an entry. What a type does not have is zero.
public struct SetKey: Hashable, Sendable {
  /// The address.
  var high: UInt64 = 0
  var low: UInt64 = 0
  /// The second address.
  var secondHigh: UInt64 = 0
  var secondLow: UInt64 = 0
  /// Port, protocol, prefix lengths and flags.
  var word: UInt64 = 0
  /// The hardware address, the mark, or the number of a set.
  var extra: UInt64 = 0
  /// The interface.
  var interface = InterfaceName.none

  /// Flags in `word`.
  enum Flag {
    /// The interface is that of a port of a bridge.
    static let physical: UInt64 = 1 << 40
    /// What the entry covers is not in the set.
    static let noMatch: UInt64 = 1 << 41
    /// The interface is a prefix of names.
    static let wildcard: UInt64 = 1 << 42
    /// The hardware address is known.
    static let hasHardware: UInt64 = 1 << 43
    /// The entry was removed.
    static let removed: UInt64 = 1 << 44
  }
  /// What of `word` makes two entries different.
  static let identity: UInt64 = Flag.physical | (1 << 40 - 1)

  /// Makes an empty key.
  init() {}

  /// The address as one of a family.
  func address(_ family: AddressFamily) -> IPAddress { IPAddress(family: family, high: high, low: low) }
  /// The second address as one of a family.
  func second(_ family: AddressFamily) -> IPAddress { IPAddress(family: family, high: secondHigh, low: secondLow) }

  mutating func setAddress(_ address: IPAddress) { (high, low) = (address.high, address.low) }
  mutating func setSecond(_ address: IPAddress) { (secondHigh, secondLow) = (address.high, address.low) }

  var port: UInt16 {
    get { UInt16(truncatingIfNeeded: word) }
    set { word = word & ~0xffff | UInt64(newValue) }
  }
  var protocolNumber: ProtocolNumber {
    get { ProtocolNumber(UInt8(truncatingIfNeeded: word >> 16)) }
    set { word = word & ~0xff_0000 | UInt64(newValue.rawValue) << 16 }
  }
  /// The prefix length of the address.
  var prefix: UInt8 {
    get { UInt8(truncatingIfNeeded: word >> 24) }
    set { word = word & ~0xff00_0000 | UInt64(newValue) << 24 }
  }
  /// The prefix length of the second address.
  var secondPrefix: UInt8 {
    get { UInt8(truncatingIfNeeded: word >> 32) }
    set { word = word & ~0xff_0000_0000 | UInt64(newValue) << 32 }
  }

  func has(_ flag: UInt64) -> Bool { word & flag != 0 }
  mutating func set(_ flag: UInt64, _ value: Bool = true) { word = value ? word | flag : word & ~flag }
}
