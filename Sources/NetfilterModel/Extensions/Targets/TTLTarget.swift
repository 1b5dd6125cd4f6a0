// -j TTL: changes the time to live of an IPv4 packet.

/// Sets, raises or lowers the TTL (kernel: `ttl_tg`; man page: iptables-extensions, TTL).
public struct TTLTarget: TargetExtension {
  /// `--ttl-set`, 0...255.
  public var set: UInt8?
  /// `--ttl-dec`, 1...255.
  public var decrement: UInt8?
  /// `--ttl-inc`, 1...255.
  public var increment: UInt8?
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("TTL", families: [.ipv4], tables: .mangle, summary: "changes the time to live")

  /// The option table.
  public static let options: [OptionSpec<TTLTarget>] = [
    .value("ttl-set", .init({ $0.set }, { $0.set = $1 }), .number(), excludes: ["ttl-dec", "ttl-inc"]),
    .value(
      "ttl-dec", .init({ $0.decrement }, { $0.decrement = $1 }), .number(1...255), excludes: ["ttl-set", "ttl-inc"]),
    .value(
      "ttl-inc", .init({ $0.increment }, { $0.increment = $1 }), .number(1...255), excludes: ["ttl-set", "ttl-dec"]),
  ]

  /// Refuses the target without an action.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if set == nil, decrement == nil, increment == nil {
      throw OptionError(
        "TTL needs an action", help: "add --ttl-set, --ttl-dec or --ttl-inc", tool: "TTL: You must specify an action")
    }
  }

  /// Changes the TTL (kernel: `ttl_tg`).
  public var effects: [Effect] {
    if let set { return [.ttl(.set(set))] }
    if let increment { return [.ttl(.increase(increment))] }
    return decrement.map { [.ttl(.decrease($0))] } ?? []
  }

  /// `TTL set to 64`.
  public func listing(_ style: ListStyle) -> String {
    if let set { return "TTL set to \(set)" }
    if let decrement { return "TTL decrement by \(decrement)" }
    if let increment { return "TTL increment by \(increment)" }
    return "TTL"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A FORWARD -j TTL --ttl-set 0", table: .mangle),
    .accepted("-A FORWARD -j TTL --ttl-set 0x40", saves: "-A FORWARD -j TTL --ttl-set 64", table: .mangle),
    .same("-A FORWARD -j TTL --ttl-dec 255", table: .mangle),
    .same("-A FORWARD -j TTL --ttl-inc 1", table: .mangle),
    .refused("-A FORWARD -j TTL --ttl-set 256", table: .mangle),
    .refused("-A FORWARD -j TTL --ttl-inc 0", table: .mangle),
    .refused("-A FORWARD -j TTL --ttl-dec 1 --ttl-inc 1", table: .mangle),
    .refused("-A FORWARD -j TTL", table: .mangle),
    .refused("-A FORWARD -j TTL --ttl-set 64"),
  ]
}
