// Prefixes as SNPT and DNPT take them.

extension ValueCodec where Value == MaskedHost {
  /// `address/length`, printed with its length always (iptables: `XTTYPE_HOSTMASK`).
  static let prefix = ValueCodec("prefix/length", parse: maskedHost.parse) { "\($0.address)/\($0.prefixLength)" }
}

extension MaskedHost {
  /// Whether it is `::/0`.
  var isEmptyPrefix: Bool { prefixLength == 0 && address.isZero }

  /// The prefix as a network.
  var prefix: AddressMatch { AddressMatch(address, prefixLength: Int(prefixLength)) }
}

extension PrefixTranslation {
  /// The longest prefix in bits.
  private static let longest = 64

  /// What the kernel refuses about two prefixes (kernel: `ip6t_npt_checkentry`).
  static func refusal(_ from: MaskedHost?, _ to: MaskedHost?) -> OptionError? {
    for host in [from, to].compactMap({ $0 }) {
      if host.prefixLength > longest {
        return OptionError("the kernel refuses a prefix of more than \(longest) bits")
      }
      if host.prefix.address != host.address {
        return OptionError(
          "the kernel refuses `\(host.address)/\(host.prefixLength)`: bits behind the prefix are set",
          help: "write `\(host.prefix)`")
      }
    }
    return nil
  }
}
