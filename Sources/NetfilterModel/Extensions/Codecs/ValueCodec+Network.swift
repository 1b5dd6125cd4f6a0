// A network with a mask as NETMAP takes it.

extension IPAddress {
  /// Parses an IPv4 address as inet_aton does: one to four parts, decimal, octal or hexadecimal, the last fills the rest.
  init?(looseV4 text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 4 else { return nil }
    var bits: UInt32 = 0
    for (index, part) in parts.enumerated() {
      let isLast = index == parts.count - 1
      let limit = isLast ? UInt64(UInt32.max) >> UInt64(8 * index) : 255
      guard let value = parseUnsigned(part, in: 0...limit) else { return nil }
      bits |= isLast ? UInt32(value) : UInt32(value) << UInt32(24 - 8 * index)
    }
    self = .v4(bits)
  }
}

extension ValueCodec where Value == AddressMatch {
  /// `address[/mask]`; a mask with holes, or too long a prefix, counts as a single address (iptables 1.8.9: `XTTYPE_HOSTMASK`). Names are not looked up.
  static let netmapNetwork = ValueCodec("address[/mask]") { (argument) throws(OptionError) in
    let parts = argument.text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let text = parts.first ?? ""
    let bits = argument.family.addressBits
    guard let address = argument.family == .ipv4 ? IPAddress(looseV4: text) : IPAddress(text, family: .ipv6) else {
      throw OptionError("`\(text)` is not an address", help: "names are not looked up: write the number")
    }
    guard parts.count > 1 else { return AddressMatch(address, prefixLength: bits) }
    if let length = parseUnsigned(parts[1], in: 0...0xffff_ffff) {
      return AddressMatch(address, prefixLength: min(bits, Int(length)))
    }
    guard let mask = argument.family == .ipv4 ? IPAddress(looseV4: parts[1]) : IPAddress(parts[1], family: .ipv6)
    else { throw OptionError("`\(parts[1])` is not a mask: a prefix length or an address") }
    return AddressMatch(address, prefixLength: mask.prefixLength ?? bits)
  } print: { network in
    network.description
  }
}
