// -j HL: changes the hop limit of an IPv6 packet.

/// Sets, raises or lowers the hop limit (kernel: `hl_tg6`; man page: iptables-extensions, HL).
public struct HLTarget: TargetExtension {
  /// `--hl-set`, 0...255.
  public var set: UInt8?
  /// `--hl-dec`, 1...255.
  public var decrement: UInt8?
  /// `--hl-inc`, 1...255.
  public var increment: UInt8?
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("HL", families: [.ipv6], tables: .mangle, summary: "changes the hop limit")

  /// The option table.
  public static let options: [OptionSpec<HLTarget>] = [
    .value("hl-set", .init({ $0.set }, { $0.set = $1 }), .number(), excludes: ["hl-dec", "hl-inc"]),
    .value(
      "hl-dec", .init({ $0.decrement }, { $0.decrement = $1 }), .number(1...255), excludes: ["hl-set", "hl-inc"]),
    .value(
      "hl-inc", .init({ $0.increment }, { $0.increment = $1 }), .number(1...255), excludes: ["hl-set", "hl-dec"]),
  ]

  /// Refuses the target without an action.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if set == nil, decrement == nil, increment == nil {
      throw OptionError(
        "HL needs an action", help: "add --hl-set, --hl-dec or --hl-inc", tool: "HL: You must specify an action")
    }
  }

  /// Changes the hop limit (kernel: `hl_tg6`).
  public var effects: [Effect] {
    if let set { return [.ttl(.set(set))] }
    if let increment { return [.ttl(.increase(increment))] }
    return decrement.map { [.ttl(.decrease($0))] } ?? []
  }

  /// `HL set to 64`.
  public func listing(_ style: ListStyle) -> String {
    if let set { return "HL set to \(set)" }
    if let decrement { return "HL decrement by \(decrement)" }
    if let increment { return "HL increment by \(increment)" }
    return "HL"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A FORWARD -j HL --hl-set 0", table: .mangle, family: .ipv6),
    .accepted("-A FORWARD -j HL --hl-set 0x40", saves: "-A FORWARD -j HL --hl-set 64", table: .mangle, family: .ipv6),
    .same("-A FORWARD -j HL --hl-dec 255", table: .mangle, family: .ipv6),
    .same("-A FORWARD -j HL --hl-inc 1", table: .mangle, family: .ipv6),
    .refused("-A FORWARD -j HL --hl-set 256", table: .mangle, family: .ipv6),
    .refused("-A FORWARD -j HL --hl-inc 0", table: .mangle, family: .ipv6),
    .refused("-A FORWARD -j HL --hl-dec 1 --hl-inc 1", table: .mangle, family: .ipv6),
    .refused("-A FORWARD -j HL", table: .mangle, family: .ipv6),
    .refused("-A FORWARD -j HL --hl-set 64", family: .ipv6),
    .refused("-A FORWARD -j HL --hl-set 64", table: .mangle),
  ]
}
