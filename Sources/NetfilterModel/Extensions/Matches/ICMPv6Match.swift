// -m icmp6: type and code of an ICMPv6 message; loaded by itself when `--icmpv6-type` follows `-p icmpv6`.

/// A type of ICMPv6 and its codes (kernel: `struct ip6t_icmp`).
public struct ICMPv6TypeCondition: Hashable, Sendable {
  /// The type.
  public var type: UInt8
  /// The code; nil for every one.
  public var code: UInt8?

  /// Makes a condition.
  public init(type: UInt8, code: UInt8? = nil) {
    self.type = type
    self.code = code
  }

  /// Reads a name, which may be cut short as long as it is unambiguous, or `type[/code]`.
  static func parse(_ text: String) throws(OptionError) -> ICMPv6TypeCondition {
    let start = text.lowercased()
    let fits = ICMPNames.v6.filter { $0.name.hasPrefix(start) }
    if fits.count > 1 {
      throw OptionError("ICMPv6 type `\(text)` is ambiguous", help: "`\(fits[0].name)` or `\(fits[1].name)`")
    }
    if let found = fits.first { return ICMPv6TypeCondition(type: found.type, code: found.code) }
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let type = parseUnsigned(parts.first ?? "", in: 0...255) else {
      throw OptionError(
        "`\(text)` is not an ICMPv6 type: a name, or a number from 0 to 255, perhaps with `/code`",
        tool: "Unknown ICMPv6 type `\(text)'")
    }
    guard parts.count > 1 else { return ICMPv6TypeCondition(type: UInt8(type)) }
    guard let code = parseUnsigned(parts[1], in: 0...255) else {
      throw OptionError("`\(parts[1])` is not an ICMPv6 code: a number from 0 to 255")
    }
    return ICMPv6TypeCondition(type: UInt8(type), code: UInt8(code))
  }
}

/// Matches the type and code of ICMPv6 (kernel: `icmp6_match`; man page: iptables-extensions, icmp6).
public struct ICMPv6Match: MatchExtension {
  /// The type and code.
  public var type: Invertible<ICMPv6TypeCondition>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts; the other names are those of the protocol, which iptables takes for this one (iptables:
  /// `xtables_find_match`).
  public static let spec = ExtensionSpec(
    "icmp6", aliases: ["icmpv6", "ipv6-icmp"], families: [.ipv6], protocols: [.icmpv6],
    summary: "type and code of ICMPv6")

  /// The option table.
  public static let options: [OptionSpec<ICMPv6Match>] = [
    .invertible(
      "icmpv6-type", .init({ $0.type }, { $0.type = $1 }),
      ValueCodec("type[/code] or name") { (argument) throws(OptionError) in
        try ICMPv6TypeCondition.parse(argument.text)
      } print: { type in
        "\(type.type)" + (type.code.map { "/\($0)" } ?? "")
      }, isMandatory: true)
  ]

  /// Compares type and code; a later fragment never matches, a cut-off header is dropped (kernel: `icmp6_match`).
  public var conditions: [Condition] {
    [
      .demand(.fragmentOffset, .equals(0)),
      .demand(.transportLength, .between(ICMPMessage.headerLength, Int.max), drops: true),
      type.map { type in
        let start = UInt64(type.value.type) << 8
        return Condition(
          "icmpv6-type", .icmpType,
          .between(start | UInt64(type.value.code ?? 0), start | UInt64(type.value.code ?? 255)),
          inverted: type.inverted)
      },
    ].compactMap { $0 }
  }

  /// `ipv6-icmp echo-request`, with `-n` `ipv6-icmptype 128`, without a blank, as ip6tables 1.8.9 prints it.
  public func listing(_ style: ListStyle) -> String {
    guard let type else { return "" }
    let known = ICMPNames.v6.first { $0.type == type.value.type && $0.code == type.value.code }
    if !style.numeric, let known { return "ipv6-icmp \(type.inverted ? "!" : "")\(known.name)" }
    return "ipv6-icmp\(type.inverted ? " !" : "")type \(type.value.type)"
      + (type.value.code.map { " code \($0)" } ?? "")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted(
      "-A INPUT -p icmpv6 --icmpv6-type echo-request", saves: "-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 128",
      family: .ipv6),
    .accepted(
      "-A INPUT -p ipv6-icmp --icmpv6-type 128", saves: "-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 128",
      family: .ipv6),
    .accepted(
      "-A INPUT -p 58 --icmpv6-type ping", saves: "-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 128", family: .ipv6),
    .accepted(
      "-A INPUT -p icmpv6 -m icmpv6 --icmpv6-type 1/4", saves: "-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 1/4",
      family: .ipv6),
    .accepted(
      "-A INPUT -p icmpv6 -m icmp6 --icmpv6-type NEIGHBOR-S",
      saves: "-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 135", family: .ipv6),
    .accepted(
      "-A INPUT -p icmpv6 -m icmp6 ! --icmpv6-type port-unreachable",
      saves: "-A INPUT -p ipv6-icmp -m icmp6 ! --icmpv6-type 1/4", family: .ipv6),
    .same("-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 255/255", family: .ipv6),
    .refused("-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type echo", family: .ipv6),
    .refused("-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type any", family: .ipv6),
    .refused("-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 256", family: .ipv6),
    .refused("-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 1/", family: .ipv6),
    .refused("-A INPUT -p ipv6-icmp -m icmp6", family: .ipv6),
    .refused("-A INPUT -p tcp -m icmp6 --icmpv6-type 5", family: .ipv6),
    .refused("-A INPUT -p icmp --icmp-type 5", family: .ipv6),
    .refused("-A INPUT -p icmpv6 -m icmp6 --icmpv6-type 5"),
  ]
}
