// -m ttl: compares the time to live of an IPv4 packet.

/// Matches the TTL (kernel: `ttl_mt`; man page: iptables-extensions, ttl).
public struct TTLMatch: MatchExtension {
  /// `--ttl-eq`.
  public var equal: Invertible<UInt8>?
  /// `--ttl-lt`.
  public var less: UInt8?
  /// `--ttl-gt`.
  public var greater: UInt8?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("ttl", families: [.ipv4], summary: "the time to live")

  /// The option table.
  public static let options: [OptionSpec<TTLMatch>] = [
    .value("ttl-lt", .init({ $0.less }, { $0.less = $1 }), .number(), excludes: ["ttl-eq", "ttl-gt"]),
    .value("ttl-gt", .init({ $0.greater }, { $0.greater = $1 }), .number(), excludes: ["ttl-eq", "ttl-lt"]),
    .invertible(
      "ttl-eq", .init({ $0.equal }, { $0.equal = $1 }), .number(), aliases: ["ttl"], excludes: ["ttl-lt", "ttl-gt"]),
  ]

  /// Refuses the match without a comparison.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if equal == nil, less == nil, greater == nil {
      throw OptionError(
        "ttl needs one of --ttl-eq, --ttl-lt and --ttl-gt",
        tool: "TTL match: You must specify one of `--ttl-eq', `--ttl-lt', `--ttl-gt")
    }
  }

  /// Compares the TTL (kernel: `ttl_mt`).
  public var conditions: [Condition] {
    if let equal { return [Condition("ttl-eq", .ttl, .equals(equal.value), inverted: equal.inverted)] }
    if let less { return [Condition("ttl-lt", .ttl, .between(less, 255), inverted: true)] }
    if let greater { return [Condition("ttl-gt", .ttl, .between(0, greater), inverted: true)] }
    return []
  }

  /// `TTL match TTL == 5`.
  public func listing(_ style: ListStyle) -> String {
    if let equal { return "TTL match TTL \(equal.inverted ? "!=" : "==") \(equal.value)" }
    if let less { return "TTL match TTL < \(less)" }
    if let greater { return "TTL match TTL > \(greater)" }
    return ""
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -m ttl --ttl 5", saves: "-A INPUT -m ttl --ttl-eq 5"),
    .same("-A INPUT -m ttl ! --ttl-eq 5"),
    .same("-A INPUT -m ttl --ttl-lt 0"),
    .same("-A INPUT -m ttl --ttl-gt 255"),
    .refused("-A INPUT -m ttl ! --ttl-gt 5"),
    .refused("-A INPUT -m ttl --ttl-gt 5 --ttl-lt 10"),
    .refused("-A INPUT -m ttl --ttl-eq 256"),
    .refused("-A INPUT -m ttl --ttl 5 --ttl-eq 6"),
    .refused("-A INPUT -m ttl"),
  ]
}
