// -j DNPT: translates the prefix of the destination of IPv6 packets, without a state.

/// Replaces the prefix of the destination and keeps checksums right by a word of the address (kernel: `ip6t_dnpt_tg`; man page:
/// iptables-extensions, DNPT; RFC 6296).
public struct DNPTTarget: TargetExtension {
  /// `--src-pfx`.
  public var from: MaskedHost?
  /// `--dst-pfx`.
  public var to: MaskedHost?

  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "DNPT", families: [.ipv6], tables: .mangle, hooks: [.prerouting, .output],
    summary: "translates the prefix of the destination")

  /// The option table; a prefix of no bits is not printed, as ip6tables 1.8.9 does.
  public static let options: [OptionSpec<DNPTTarget>] = [
    .value("src-pfx", .init({ $0.from }, { $0.from = $1 }), .prefix, isMandatory: true, omitting: { $0.isEmptyPrefix }),
    .value("dst-pfx", .init({ $0.to }, { $0.to = $1 }), .prefix, isMandatory: true, omitting: { $0.isEmptyPrefix }),
  ]

  /// Refuses long prefixes, and those with bits behind their length (kernel: `ip6t_npt_checkentry`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? { PrefixTranslation.refusal(from, to) }

  /// Translates (kernel: `ip6t_dnpt_tg`).
  public var effects: [Effect] {
    guard let from, let to else { return [] }
    return [.translatePrefix(PrefixTranslation(.destination, from: from.prefix, to: to.prefix))]
  }

  /// `DNPT src-pfx fd00::/64 dst-pfx 2001:db8::/64`.
  public func listing(_ style: ListStyle) -> String {
    guard let from, let to else { return "" }
    return "DNPT src-pfx \(ValueCodec.prefix.print(from)) dst-pfx \(ValueCodec.prefix.print(to))"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A PREROUTING -j DNPT --src-pfx fd00::/64 --dst-pfx 2001:db8::/48", table: .mangle, family: .ipv6),
    .accepted(
      "-A PREROUTING -j DNPT --dst-pfx 2001:db8::/ffff:ffff:: --src-pfx fd00::/48",
      saves: "-A PREROUTING -j DNPT --src-pfx fd00::/48 --dst-pfx 2001:db8::/32", table: .mangle, family: .ipv6),
    .refused("-A PREROUTING -j DNPT --src-pfx fd00::/48", table: .mangle, family: .ipv6),
    .refused("-A PREROUTING -j DNPT --src-pfx fd00::/65 --dst-pfx fd01::/64", table: .mangle, family: .ipv6),
    .refused("-A PREROUTING -j DNPT --src-pfx fd00::1/64 --dst-pfx fd01::/64", table: .mangle, family: .ipv6),
    .refused("-A PREROUTING -j DNPT --src-pfx fd00::/48 --dst-pfx 10.0.0.0/8", table: .mangle, family: .ipv6),
    .refused("-A FORWARD -j DNPT --src-pfx fd00::/48 --dst-pfx fd01::/48", table: .mangle, family: .ipv6),
    .refused("-A PREROUTING -j DNPT --src-pfx fd00::/48 --dst-pfx fd01::/48", table: .nat, family: .ipv6),
    .refused("-A PREROUTING -j DNPT --src-pfx fd00::/48 --dst-pfx fd01::/48", table: .mangle),
  ]
}
