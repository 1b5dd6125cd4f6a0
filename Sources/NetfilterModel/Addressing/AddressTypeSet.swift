// Several types of addresses.

/// A set of address types (kernel: `XT_ADDRTYPE_*`; bit `n` stands for the `AddressType` with raw value `n`).
public struct AddressTypeSet: OptionSet, Hashable, Sendable {
  /// The bits.
  public var rawValue: UInt16
  /// Makes a set from its bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }
  /// Makes a set of one type.
  public init(_ type: AddressType) { rawValue = 1 << UInt16(type.rawValue) }

  static let names: [(name: String, bits: UInt16)] = [
    "UNSPEC", "UNICAST", "LOCAL", "BROADCAST", "ANYCAST", "MULTICAST", "BLACKHOLE", "UNREACHABLE", "PROHIBIT", "THROW",
    "NAT", "XRESOLVE",
  ].enumerated().map { ($0.element, 1 << UInt16($0.offset)) }
}
