// -m mh: the type of a mobility header; loaded by itself when `--mh-type` follows `-p mh`.

/// A range of types of mobility headers.
public struct MHTypeRange: Hashable, Sendable {
  /// The first type.
  public var lower: UInt8
  /// The last type.
  public var upper: UInt8

  /// Every type.
  static let all = MHTypeRange(lower: 0, upper: .max)

  /// The names, the short one behind the long one (RFC 6275 §6.1).
  static let names: [(name: String, type: UInt8)] = [
    ("binding-refresh-request", 0), ("brr", 0), ("home-test-init", 1), ("hoti", 1), ("careof-test-init", 2),
    ("coti", 2), ("home-test", 3), ("hot", 3), ("careof-test", 4), ("cot", 4), ("binding-update", 5), ("bu", 5),
    ("binding-acknowledgement", 6), ("ba", 6), ("binding-error", 7), ("be", 7),
  ]

  /// A type by number or by name: one that fits whole, else the first that begins like this (iptables: `name_to_type`).
  static func type(_ text: Substring) throws(OptionError) -> UInt8 {
    let start = text.lowercased()
    if let found = names.last(where: { $0.name == start }) ?? names.first(where: { $0.name.hasPrefix(start) }) {
      return found.type
    }
    guard let number = parseUnsigned(text, in: 0...255) else {
      throw OptionError(
        "`\(text)` is not a type of mobility header: a number from 0 to 255 or a name",
        help: "the names are " + names.map { $0.name }.joined(separator: " "))
    }
    return UInt8(number)
  }

  /// `0:4`, by name unless `numeric`.
  func text(numeric: Bool) -> String {
    let one = { (type: UInt8) -> String in
      (numeric ? nil : MHTypeRange.names.first { $0.type == type }?.name) ?? "\(type)"
    }
    return lower == upper ? one(lower) : "\(one(lower)):\(one(upper))"
  }
}

/// Matches the type of a mobility header (kernel: `mh_mt6`; man page: iptables-extensions, mh).
public struct MHMatch: MatchExtension {
  /// The types; nil for every one.
  public var types: Invertible<MHTypeRange>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "mh", families: [.ipv6], protocols: [.ipv6Mobility], summary: "the type of a mobility header")

  /// The option table. Every type is not printed even when it is negated, as ip6tables 1.8.9 does.
  public static let options: [OptionSpec<MHMatch>] = [
    .invertible(
      "mh-type", .init({ $0.types }, { $0.types = $1 }),
      ValueCodec("type[:type]") { (argument) throws(OptionError) in
        let (first, second) = WordList.cut(argument.text[...], at: 0x3a)
        guard let second else {
          let type = try MHTypeRange.type(first)
          return MHTypeRange(lower: type, upper: type)
        }
        let lower = first.isEmpty ? 0 : try MHTypeRange.type(first)
        let upper = second.isEmpty ? 255 : try MHTypeRange.type(second)
        guard lower <= upper else { throw OptionError("the range `\(argument.text)` starts after its end") }
        return MHTypeRange(lower: lower, upper: upper)
      } print: {
        $0.text(numeric: true)
      }, omitting: { $0.value == .all })
  ]

  /// Compares the type; a later fragment never matches, a cut-off header and one with something behind it are dropped
  /// (kernel: `mh_mt6`).
  public var conditions: [Condition] {
    [
      .demand(.fragmentOffset, .equals(0)),
      .demand(.transportLength, .between(MobilityHeader.minimumLength, Int.max), drops: true),
      .opaque(
        "",
        OpaqueTest(
          keepsState: false,
          saw: { packet, _, _ in
            let next = MobilityHeader.payloadProtocol(in: packet.packet.bytes, at: packet.transportOffset)
            return "the mobility header is followed by \(next)"
          },
          evaluate: { packet, _, _ in
            let next = MobilityHeader.payloadProtocol(in: packet.packet.bytes, at: packet.transportOffset)
            return next == .ipv6NoNextHeader ? .holds : .drops
          })),
      types.map { types in
        .opaque(
          "mh-type",
          OpaqueTest(
            keepsState: false,
            saw: { packet, _, _ in
              "the packet has \(MobilityHeader.type(in: packet.packet.bytes, at: packet.transportOffset))"
            },
            evaluate: { packet, _, _ in
              let type = MobilityHeader.type(in: packet.packet.bytes, at: packet.transportOffset)
              return ConditionResult((type >= types.value.lower && type <= types.value.upper) != types.inverted)
            }))
      },
    ].compactMap { $0 }
  }

  /// `mh binding-update`, with `-n` `mh 5`.
  public func listing(_ style: ListStyle) -> String {
    guard let types, types.inverted || types.value != .all else { return "mh" }
    return "mh \(types.inverted ? "!" : "")\(types.value.text(numeric: style.numeric))"
  }

  private static let rule = "-A INPUT -p mobility-header -m mh"

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same(rule, family: .ipv6),
    .accepted("-A INPUT -p mh --mh-type binding-update", saves: rule + " --mh-type 5", family: .ipv6),
    .accepted("-A INPUT -p mh -m mh --mh-type hot", saves: rule + " --mh-type 3", family: .ipv6),
    .accepted("-A INPUT -p mh -m mh --mh-type HO", saves: rule + " --mh-type 1", family: .ipv6),
    .accepted("-A INPUT -p 135 -m mh ! --mh-type bu:be", saves: rule + " ! --mh-type 5:7", family: .ipv6),
    .accepted("-A INPUT -p mh -m mh --mh-type :4", saves: rule + " --mh-type 0:4", family: .ipv6),
    .accepted("-A INPUT -p mh -m mh --mh-type 4:", saves: rule + " --mh-type 4:255", family: .ipv6),
    .accepted("-A INPUT -p mh -m mh ! --mh-type :", saves: rule, family: .ipv6),
    .refused("-A INPUT -p mh -m mh --mh-type 5:4", family: .ipv6),
    .refused("-A INPUT -p mh -m mh --mh-type 256", family: .ipv6),
    .refused("-A INPUT -p 135 --mh-type 3", family: .ipv6),
    .refused("-A INPUT -m mh --mh-type 5", family: .ipv6),
    .refused("-A INPUT -p mh -m mh"),
  ]
}
