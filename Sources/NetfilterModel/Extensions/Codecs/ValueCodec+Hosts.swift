// Addresses as the two address readers of iptables take them: shortened, octal and hexadecimal forms.

extension IPAddress {
  /// Parses an address as the C library reads a numeric host: `10.1` is 10.0.0.1, `010.0.0.1` is 8.0.0.1 (inet_aton(3); iptables: `XTTYPE_HOST`).
  public init?(host text: some StringProtocol, family: AddressFamily) {
    guard family == .ipv4 else {
      self.init(text, family: family)
      return
    }
    guard let bits = AddressReader.inetAton(text) else { return nil }
    self = .v4(bits)
  }

  /// Parses an address of which the right part may be missing: `10.1` is 10.1.0.0 (iptables: `xtables_numeric_to_ipaddr`).
  public init?(leading text: some StringProtocol, family: AddressFamily) {
    guard family == .ipv4 else {
      self.init(text, family: family)
      return
    }
    guard let bits = AddressReader.numericToIPAddr(text) else { return nil }
    self = .v4(bits)
  }
}

/// An address and the mask under which it is compared; bits of the address outside the mask are kept, as they are printed.
public struct MaskedHost: Hashable, Sendable {
  /// The address as written.
  public var address: IPAddress
  /// The length of the mask.
  public var prefixLength: UInt8

  /// Whether `other` is the same under the mask (kernel: `conntrack_addrcmp`).
  public func contains(_ other: IPAddress) -> Bool {
    let mask = IPAddress.prefixMask(Int(prefixLength), family: address.family)
    return other.family == address.family
      && ((other.high ^ address.high) & mask.high) | ((other.low ^ address.low) & mask.low) == 0
  }
}

extension ValueCodec where Value == UInt8 {
  /// The length of a prefix, or a mask; one with holes counts as the longest prefix, and for IPv4 so does a number that
  /// is too large (iptables: `XTTYPE_PLENMASK`).
  static let prefixLengthOrMask = ValueCodec("bits") { (argument) throws(OptionError) in
    let bits = argument.family.addressBits
    if let length = parseUnsigned(argument.text, in: 0...(argument.family == .ipv4 ? 0xffff_ffff : 128)) {
      return UInt8(truncatingIfNeeded: min(UInt64(bits), length))
    }
    guard let mask = IPAddress(host: argument.text, family: argument.family) else {
      throw OptionError("`\(argument.text)` is neither the length of a prefix from 0 to \(bits) nor a mask")
    }
    return UInt8(truncatingIfNeeded: mask.prefixLength ?? bits)
  } print: {
    "\($0)"
  }
}

extension ValueCodec where Value == MaskedHost {
  /// `address[/mask]`; a mask that is no prefix is taken for the longest one, as iptables 1.8.9 does (`XTTYPE_HOSTMASK`).
  public static let maskedHost = ValueCodec("address[/mask]") { (argument) throws(OptionError) in
    let parts = argument.text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPAddress(host: parts.first ?? "", family: argument.family) else {
      throw OptionError("`\(parts.first ?? "")` is not an address", help: "names of hosts cannot be looked up offline")
    }
    let bits = argument.family.addressBits
    guard parts.count > 1 else { return MaskedHost(address: address, prefixLength: UInt8(bits)) }
    if let length = parseUnsigned(parts[1], in: 0...UInt64(bits)) {
      return MaskedHost(address: address, prefixLength: UInt8(length))
    }
    guard let mask = IPAddress(host: parts[1], family: argument.family) else {
      throw OptionError("`\(parts[1])` is neither a mask nor a prefix length from 0 to \(bits)")
    }
    return MaskedHost(address: address, prefixLength: UInt8(mask.prefixLength ?? bits))
  } print: { host in
    Int(host.prefixLength) == host.address.family.addressBits
      ? host.address.description : "\(host.address)/\(host.prefixLength)"
  }
}
