// -j MASQUERADE: changes the source of a connection to an address of the outgoing interface.

/// Translates the source to the interface's address (kernel: `masquerade_tg`, `nf_nat_masquerade_ipv4`; man page: iptables-extensions, MASQUERADE).
public struct MASQUERADETarget: TargetExtension {
  /// `--to-ports`, without addresses.
  public var to = NATSpecification()
  /// `--random`.
  public var random = false
  /// `--random-fully`.
  public var fullyRandom = false
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "MASQUERADE", tables: .nat, hooks: .postrouting, summary: "translates the source to the interface's address")

  /// The option table; a base port is read, but kept as 0.
  public static let options: [OptionSpec<MASQUERADETarget>] = [
    OptionSpec(
      "to-ports", placeholder: "port[-port]",
      parse: { (owner, argument) throws(OptionError) in
        try owner.to.parsePorts(argument.text[...], argument)
        if owner.to.basePort != nil { owner.to.basePort = 0 }
      },
      save: { owner, writer in if owner.to.ports != nil { writer.option("to-ports", owner.to.portText) } }),
    .flag("random", .init({ $0.random }, { $0.random = $1 })),
    .flag("random-fully", .init({ $0.fullyRandom }, { $0.fullyRandom = $1 })),
  ]

  /// It works on connections.
  public var enablesConntrack: Bool { true }

  /// Translates the source (kernel: `masquerade_tg`, `nf_nat_masquerade_ipv4`).
  public var effects: [Effect] {
    to.effects(.source, to: .outputInterface, random: random, fullyRandom: fullyRandom)
  }

  /// `masq ports: 80-90 random`.
  public func listing(_ style: ListStyle) -> String {
    var words: [String] = []
    if to.ports != nil { words.append("masq ports: " + to.portText) }
    if random { words.append("random") }
    if fullyRandom { words.append("random-fully") }
    return words.joined(separator: " ")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A POSTROUTING -j MASQUERADE", table: .nat),
    .same("-A POSTROUTING -p tcp -j MASQUERADE --to-ports 80-90 --random --random-fully", table: .nat),
    .accepted(
      "-A POSTROUTING -p tcp -j MASQUERADE --to-ports 0x50", saves: "-A POSTROUTING -p tcp -j MASQUERADE --to-ports 80",
      table: .nat),
    .accepted(
      "-A POSTROUTING -p tcp -j MASQUERADE --to-ports 80-90/85",
      saves: "-A POSTROUTING -p tcp -j MASQUERADE --to-ports 80-90/0", table: .nat),
    .refused("-A POSTROUTING -j MASQUERADE --to-ports 80", table: .nat),
    .refused("-A POSTROUTING -p tcp -j MASQUERADE --to-ports 80:90", table: .nat),
    .refused("-A POSTROUTING -p tcp -j MASQUERADE --to-ports 90-80", table: .nat),
    .refused("-A POSTROUTING -j MASQUERADE --persistent", table: .nat),
    .refused("-A PREROUTING -j MASQUERADE", table: .nat),
  ]
}
