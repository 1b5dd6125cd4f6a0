// -m physdev: the bridge ports of a bridged packet. Bridges are not simulated, so that no packet has any.

extension ValueCodec where Value == InterfacePattern {
  /// The name of an interface, or what it begins with when it ends in `+`.
  fileprivate static let interface = ValueCodec("name[+]") { (argument) throws(OptionError) in
    guard argument.text.utf8.count <= 15 else {
      throw OptionError(
        "interface name `\(argument.text)` is longer than 15 bytes",
        tool: "interface name `\(argument.text)' must be shorter than IFNAMSIZ (15)")
    }
    return InterfacePattern(argument.text)
  } print: {
    $0.text
  }
}

/// Matches the bridge ports that a bridged packet came in and goes out by (kernel: `physdev_mt`; man page: iptables-extensions, physdev).
public struct PhysdevMatch: MatchExtension {
  /// `--physdev-is-in`: true when it is given, false when it is negated.
  public var isIn: Bool?
  /// `--physdev-in`.
  public var input: Invertible<InterfacePattern>?
  /// `--physdev-is-out`.
  public var isOut: Bool?
  /// `--physdev-out`.
  public var output: Invertible<InterfacePattern>?
  /// `--physdev-is-bridged`.
  public var isBridged: Bool?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "physdev", summary: "the bridge ports of a bridged packet")

  /// The option table.
  public static let options: [OptionSpec<PhysdevMatch>] = [
    .invertibleFlag("physdev-is-in", .init({ $0.isIn }, { $0.isIn = $1 })),
    .invertible("physdev-in", .init({ $0.input }, { $0.input = $1 }), .interface),
    .invertibleFlag("physdev-is-out", .init({ $0.isOut }, { $0.isOut = $1 })),
    .invertible("physdev-out", .init({ $0.output }, { $0.output = $1 }), .interface),
    .invertibleFlag("physdev-is-bridged", .init({ $0.isBridged }, { $0.isBridged = $1 })),
  ]

  /// Refuses the match without an option.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if !rule.hasOptions {
      throw OptionError("physdev needs at least one option", tool: "PHYSDEV: no physdev option specified")
    }
  }

  /// The names of ports are looked at as those of interfaces are (iptables: `xtables_parse_interface`).
  public func warning(_ row: Int, _ argument: OptionArgument) -> String? {
    Self.options.indices.contains(row) && Self.options[row].arity != .none
      ? InterfacePattern.warning(argument.text) : nil
  }

  /// Refuses the output port in OUTPUT, where only bridged packets have one (kernel: `physdev_mt_check`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    if output != nil || isOut != nil, isBridged != true, !rule.hooks.isDisjoint(with: .output) {
      return OptionError(
        "--physdev-out and --physdev-is-out cannot be used in OUTPUT", help: "add `--physdev-is-bridged`")
    }
    return nil
  }

  /// Compares the bridge ports, which no packet here has (kernel: `physdev_mt`).
  public var conditions: [Condition] {
    func port(_ option: String, _ inverted: Bool) -> Condition {
      Condition(option, .bridge, .equals(1), inverted: inverted)
    }
    return [
      isBridged.map { port("physdev-is-bridged", !$0) }, isIn.map { port("physdev-is-in", !$0) },
      isOut.map { port("physdev-is-out", !$0) }, input.map { port("physdev-in", $0.inverted) },
      output.map { port("physdev-out", $0.inverted) },
    ].compactMap { $0 }
  }

  /// `PHYSDEV match --physdev-in eth0 ! --physdev-out br+ --physdev-is-bridged`.
  public func listing(_ style: ListStyle) -> String {
    var writer = SaveWriter()
    save(into: &writer)
    return "PHYSDEV match" + writer.text
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A FORWARD -m physdev --physdev-in eth0 ! --physdev-out br+ --physdev-is-bridged"),
    .same("-A FORWARD -m physdev ! --physdev-is-in ! --physdev-is-out ! --physdev-is-bridged"),
    .accepted(
      "-A INPUT -m physdev --physdev-is-bridged --physdev-is-in --physdev-is-out --physdev-out x --physdev-in y",
      saves: "-A INPUT -m physdev --physdev-is-in --physdev-in y --physdev-is-out --physdev-out x --physdev-is-bridged"),
    .same("-A INPUT -m physdev --physdev-in +"), .same("-A INPUT -m physdev --physdev-in a/b"),
    .accepted("-A INPUT -m physdev --physdev-in \"\"", saves: "-A INPUT -m physdev --physdev-in "),
    .same("-A PREROUTING -m physdev --physdev-is-out", table: .nat),
    .same("-A OUTPUT -m physdev --physdev-out eth0 --physdev-is-bridged"),
    .same("-A OUTPUT -m physdev --physdev-is-bridged"), .same("-A OUTPUT -m physdev --physdev-in eth0"),
    .refused("-A INPUT -m physdev"), .refused("-A INPUT -m physdev --physdev-in abcdefghijklmnop"),
    .refused("-A INPUT -m physdev --physdev-in eth0 --physdev-in eth1"),
    .refused("-A OUTPUT -m physdev --physdev-out eth0"), .refused("-A OUTPUT -m physdev --physdev-is-out"),
    .refused("-A OUTPUT -m physdev --physdev-out eth0 ! --physdev-is-bridged"),
  ]
}
