// -m icmp: type and code of an ICMP message; loaded by itself when `--icmp-type` follows `-p icmp`.

/// A type and a range of codes; type 255 stands for any message. No code lies in a range whose end is below its start.
public struct ICMPTypeCondition: Hashable, Sendable {
  /// The type; 255 means any.
  public var type: UInt8
  /// The lowest code.
  public var lowestCode: UInt8
  /// The highest code.
  public var highestCode: UInt8

  /// Makes a condition.
  public init(type: UInt8, codes: ClosedRange<UInt8> = 0...255) {
    self.type = type
    lowestCode = codes.lowerBound
    highestCode = codes.upperBound
  }

  /// The names that iptables knows (RFC 792, RFC 950, RFC 1256, RFC 1812); of equal entries the first is printed.
  static let names: [(name: String, condition: ICMPTypeCondition)] = [
    ("any", .init(type: 255)),
    ("echo-reply", .init(type: 0)),
    ("pong", .init(type: 0)),
    ("destination-unreachable", .init(type: 3)),
    ("network-unreachable", .init(type: 3, codes: 0...0)),
    ("host-unreachable", .init(type: 3, codes: 1...1)),
    ("protocol-unreachable", .init(type: 3, codes: 2...2)),
    ("port-unreachable", .init(type: 3, codes: 3...3)),
    ("fragmentation-needed", .init(type: 3, codes: 4...4)),
    ("source-route-failed", .init(type: 3, codes: 5...5)),
    ("network-unknown", .init(type: 3, codes: 6...6)),
    ("host-unknown", .init(type: 3, codes: 7...7)),
    ("network-prohibited", .init(type: 3, codes: 9...9)),
    ("host-prohibited", .init(type: 3, codes: 10...10)),
    ("TOS-network-unreachable", .init(type: 3, codes: 11...11)),
    ("TOS-host-unreachable", .init(type: 3, codes: 12...12)),
    ("communication-prohibited", .init(type: 3, codes: 13...13)),
    ("host-precedence-violation", .init(type: 3, codes: 14...14)),
    ("precedence-cutoff", .init(type: 3, codes: 15...15)),
    ("source-quench", .init(type: 4)),
    ("redirect", .init(type: 5)),
    ("network-redirect", .init(type: 5, codes: 0...0)),
    ("host-redirect", .init(type: 5, codes: 1...1)),
    ("TOS-network-redirect", .init(type: 5, codes: 2...2)),
    ("TOS-host-redirect", .init(type: 5, codes: 3...3)),
    ("echo-request", .init(type: 8)),
    ("ping", .init(type: 8)),
    ("router-advertisement", .init(type: 9)),
    ("router-solicitation", .init(type: 10)),
    ("time-exceeded", .init(type: 11)),
    ("ttl-exceeded", .init(type: 11)),
    ("ttl-zero-during-transit", .init(type: 11, codes: 0...0)),
    ("ttl-zero-during-reassembly", .init(type: 11, codes: 1...1)),
    ("parameter-problem", .init(type: 12)),
    ("ip-header-bad", .init(type: 12, codes: 0...0)),
    ("required-option-missing", .init(type: 12, codes: 1...1)),
    ("timestamp-request", .init(type: 13)),
    ("timestamp-reply", .init(type: 14)),
    ("address-mask-request", .init(type: 17)),
    ("address-mask-reply", .init(type: 18)),
  ]

  /// Parses a name, which may be cut short as long as it is unambiguous, or `type[/code]`.
  static func parse(_ text: String) throws(OptionError) -> ICMPTypeCondition {
    let start = text.lowercased()
    let fits = names.filter { $0.name.lowercased().hasPrefix(start) }
    if fits.count > 1 {
      throw OptionError("ICMP type `\(text)` is ambiguous", help: "`\(fits[0].name)` or `\(fits[1].name)`")
    }
    if let found = fits.first { return found.condition }
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let type = parseUnsigned(parts.first ?? "", in: 0...255) else {
      throw OptionError(
        "`\(text)` is not an ICMP type: a name, or a number from 0 to 255, perhaps with `/code`",
        tool: "Unknown ICMP type `\(text)'")
    }
    guard parts.count > 1 else { return ICMPTypeCondition(type: UInt8(type)) }
    let codes = parts[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parseUnsigned(parts[1].prefix { $0 != ":" }, in: 0...255),
      let last = codes.count < 2 ? first : parseUnsigned(codes[1], in: 0...255)
    else {
      throw OptionError(
        "`\(parts[1])` is not an ICMP code: a number from 0 to 255, or two with a colon between them",
        tool: "Unknown ICMP code `\(text)'")
    }
    var condition = ICMPTypeCondition(type: UInt8(type))
    condition.lowestCode = UInt8(first)
    condition.highestCode = UInt8(last)
    return condition
  }
}

/// Matches the type and code of ICMP (kernel: `icmp_match`; man page: iptables-extensions, icmp).
public struct ICMPMatch: MatchExtension {
  /// The type and codes.
  public var type: Invertible<ICMPTypeCondition>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "icmp", families: [.ipv4], protocols: [.icmp], summary: "type and code of ICMP")

  /// The option table.
  public static let options: [OptionSpec<ICMPMatch>] = [
    .invertible(
      "icmp-type", .init({ $0.type }, { $0.type = $1 }),
      ValueCodec("type[/code[:code]] or name") { (argument) throws(OptionError) in
        try ICMPTypeCondition.parse(argument.text)
      } print: {
        if $0.type == 255 { return "any" }
        return $0.lowestCode == 0 && $0.highestCode == 255 ? "\($0.type)" : "\($0.type)/\($0.lowestCode)"
      }, isMandatory: true)
  ]

  /// Compares type and code; a later fragment never matches, a cut-off header is dropped (kernel: `icmp_match`).
  public var conditions: [Condition] {
    [
      .demand(.fragmentOffset, .equals(0)), .demand(.transportLength, .between(8, Int.max), drops: true),
      type.map { type in
        let start = UInt64(type.value.type) << 8
        let range: ConditionTest =
          type.value.type == 255
          ? .between(0, 0xffff)
          : .between(start | UInt64(type.value.lowestCode), start | UInt64(type.value.highestCode))
        return Condition("icmp-type", .icmpType, range, inverted: type.inverted)
      },
    ].compactMap { $0 }
  }

  /// `icmp echo-request`, with `-n` `icmptype 8`.
  public func listing(_ style: ListStyle) -> String {
    guard let type else { return "" }
    if !style.numeric, let known = ICMPTypeCondition.names.first(where: { $0.condition == type.value }) {
      return "icmp \(type.inverted ? "!" : "")\(known.name)"
    }
    let start = "icmp\(type.inverted ? " !" : "")type \(type.value.type)"
    if type.value.lowestCode == 0, type.value.highestCode == 255 { return start }
    if type.value.lowestCode == type.value.highestCode { return start + " code \(type.value.lowestCode)" }
    return start + " codes \(type.value.lowestCode)-\(type.value.highestCode)"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -p icmp -m icmp --icmp-type any"),
    .same("-A INPUT -p icmp -m icmp ! --icmp-type any"),
    .accepted("-A INPUT -p icmp --icmp-type echo-request", saves: "-A INPUT -p icmp -m icmp --icmp-type 8"),
    .accepted("-A INPUT -p icmp -m icmp --icmp-type ECHO-REQ", saves: "-A INPUT -p icmp -m icmp --icmp-type 8"),
    .accepted("-A INPUT -p icmp -m icmp --icmp-type ping", saves: "-A INPUT -p icmp -m icmp --icmp-type 8"),
    .accepted("-A INPUT -p icmp -m icmp --icmp-type network-unre", saves: "-A INPUT -p icmp -m icmp --icmp-type 3/0"),
    .accepted("-A INPUT -p icmp -m icmp --icmp-type 255/0", saves: "-A INPUT -p icmp -m icmp --icmp-type any"),
    .accepted("-A INPUT -p icmp -m icmp --icmp-type 0x8", saves: "-A INPUT -p icmp -m icmp --icmp-type 8"),
    .same("-A INPUT -p icmp -m icmp ! --icmp-type 3/1"),
    .same("-A INPUT -p icmp -m icmp --icmp-type 99/9"),
    // Of a range of codes iptables-save prints the first; the kernel keeps both.
    .accepted("-A INPUT -p icmp -m icmp --icmp-type 8/0:8", saves: "-A INPUT -p icmp -m icmp --icmp-type 8/0"),
    .accepted("-A INPUT -p icmp -m icmp --icmp-type 3/0:255", saves: "-A INPUT -p icmp -m icmp --icmp-type 3"),
    .accepted("-A INPUT -p icmp -m icmp --icmp-type 255/0:255", saves: "-A INPUT -p icmp -m icmp --icmp-type any"),
    .accepted("-A INPUT -p icmp -m icmp ! --icmp-type 3/5:2", saves: "-A INPUT -p icmp -m icmp ! --icmp-type 3/5"),
    .accepted("-A INPUT -p icmp -m icmp --icmp-type 3/0x2:0x5", saves: "-A INPUT -p icmp -m icmp --icmp-type 3/2"),
    .refused("-A INPUT -p icmp -m icmp --icmp-type 3/1:"),
    .refused("-A INPUT -p icmp -m icmp --icmp-type 3/:2"),
    .refused("-A INPUT -p icmp -m icmp --icmp-type 3/1:256"),
    .refused("-A INPUT -p icmp -m icmp --icmp-type 3/1:2:3"),
    .refused("-A INPUT -p icmp -m icmp --icmp-type echo"),
    .refused("-A INPUT -p icmp -m icmp --icmp-type 256"),
    .refused("-A INPUT -p icmp -m icmp --icmp-type 3/"),
    .refused("-A INPUT -p icmp -m icmp --icmp-type any/3"),
    .refused("-A INPUT -p icmp -m icmp"),
    .refused("-A INPUT -p tcp -m icmp --icmp-type 8"),
  ]
}
