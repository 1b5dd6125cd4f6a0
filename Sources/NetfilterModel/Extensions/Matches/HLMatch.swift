// -m hl: compares the hop limit of an IPv6 packet.

/// Matches the hop limit (kernel: `hl_mt6`; man page: iptables-extensions, hl).
public struct HLMatch: MatchExtension {
  /// `--hl-eq`.
  public var equal: Invertible<UInt8>?
  /// `--hl-lt`.
  public var less: UInt8?
  /// `--hl-gt`.
  public var greater: UInt8?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("hl", families: [.ipv6], summary: "the hop limit")

  /// The option table.
  public static let options: [OptionSpec<HLMatch>] = [
    .value("hl-lt", .init({ $0.less }, { $0.less = $1 }), .number(), excludes: ["hl-eq", "hl-gt"]),
    .value("hl-gt", .init({ $0.greater }, { $0.greater = $1 }), .number(), excludes: ["hl-eq", "hl-lt"]),
    .invertible(
      "hl-eq", .init({ $0.equal }, { $0.equal = $1 }), .number(), aliases: ["hl"], excludes: ["hl-lt", "hl-gt"]),
  ]

  /// Refuses the match without a comparison.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if equal == nil, less == nil, greater == nil {
      throw OptionError(
        "hl needs one of --hl-eq, --hl-lt and --hl-gt",
        tool: "HL match: You must specify one of `--hl-eq', `--hl-lt', `--hl-gt'")
    }
  }

  /// Compares the hop limit (kernel: `hl_mt6`).
  public var conditions: [Condition] {
    if let equal { return [Condition("hl-eq", .ttl, .equals(equal.value), inverted: equal.inverted)] }
    if let less { return [Condition("hl-lt", .ttl, .between(less, 255), inverted: true)] }
    if let greater { return [Condition("hl-gt", .ttl, .between(0, greater), inverted: true)] }
    return []
  }

  /// `HL match HL == 5`.
  public func listing(_ style: ListStyle) -> String {
    if let equal { return "HL match HL \(equal.inverted ? "!=" : "==") \(equal.value)" }
    if let less { return "HL match HL < \(less)" }
    if let greater { return "HL match HL > \(greater)" }
    return ""
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -m hl --hl 5", saves: "-A INPUT -m hl --hl-eq 5", family: .ipv6),
    .accepted("-A INPUT -m hl ! --hl 5", saves: "-A INPUT -m hl ! --hl-eq 5", family: .ipv6),
    .same("-A INPUT -m hl ! --hl-eq 5", family: .ipv6),
    .same("-A INPUT -m hl --hl-lt 0", family: .ipv6),
    .same("-A INPUT -m hl --hl-gt 255", family: .ipv6),
    .refused("-A INPUT -m hl ! --hl-gt 5", family: .ipv6),
    .refused("-A INPUT -m hl --hl-gt 5 --hl-lt 10", family: .ipv6),
    .refused("-A INPUT -m hl --hl-eq 256", family: .ipv6),
    .refused("-A INPUT -m hl --hl 5 --hl-eq 6", family: .ipv6),
    .refused("-A INPUT -m hl", family: .ipv6),
    .refused("-A INPUT -m hl --hl-eq 5"),
    .refused("-A INPUT -m ttl --ttl-eq 5", family: .ipv6),
  ]
}
