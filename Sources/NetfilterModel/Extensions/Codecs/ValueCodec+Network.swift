// A network with a mask as NETMAP takes it.

extension ValueCodec where Value == AddressMatch {
  /// `address[/mask]`; a mask with holes, or too long a prefix, counts as a single address (iptables 1.8.9:
  /// `XTTYPE_HOSTMASK`). Names are not looked up.
  static let netmapNetwork = ValueCodec("address[/mask]") { (argument) throws(OptionError) in
    let parts = argument.text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let text = parts.first ?? ""
    let bits = argument.family.addressBits
    guard let address = IPAddress(host: text, family: argument.family) else {
      throw OptionError("`\(text)` is not an address", help: "names are not looked up: write the number")
    }
    guard parts.count > 1 else { return AddressMatch(address, prefixLength: bits) }
    // Too long a prefix is refused for IPv6 alone.
    if let length = parseUnsigned(parts[1], in: 0...(argument.family == .ipv4 ? 0xffff_ffff : 128)) {
      return AddressMatch(address, prefixLength: min(bits, Int(length)))
    }
    guard let mask = IPAddress(host: parts[1], family: argument.family)
    else { throw OptionError("`\(parts[1])` is not a mask: a prefix length or an address") }
    return AddressMatch(address, prefixLength: mask.prefixLength ?? bits)
  } print: { network in
    network.description
  }
}
