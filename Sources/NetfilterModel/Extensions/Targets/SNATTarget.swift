// -j SNAT: changes the source of a connection.

/// Translates the source (kernel: `xt_snat_target_v1`; man page: iptables-extensions, SNAT).
public struct SNATTarget: TargetExtension {
  /// `--to-source`.
  public var to = NATSpecification()
  /// `--random`.
  public var random = false
  /// `--random-fully`.
  public var fullyRandom = false
  /// `--persistent`.
  public var persistent = false
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "SNAT", tables: .nat, hooks: [.input, .postrouting], summary: "translates the source")

  /// The option table; a base port is read, but kept as 0.
  public static let options: [OptionSpec<SNATTarget>] = [
    OptionSpec(
      "to-source", isMandatory: true, placeholder: "address[-address][:port[-port]]",
      parse: { (owner, argument) throws(OptionError) in
        owner.to = try NATSpecification.parse(argument)
        if owner.to.basePort != nil { owner.to.basePort = 0 }
      },
      save: { owner, writer in writer.option("to-source", owner.to.description) }),
    .flag("random", .init({ $0.random }, { $0.random = $1 })),
    .flag("random-fully", .init({ $0.fullyRandom }, { $0.fullyRandom = $1 })),
    .flag("persistent", .init({ $0.persistent }, { $0.persistent = $1 })),
  ]

  /// It works on connections.
  public var enablesConntrack: Bool { true }

  /// Translates the source (kernel: `xt_snat_target_v2`).
  public var effects: [Effect] {
    to.effects(.source, random: random, fullyRandom: fullyRandom, persistent: persistent)
  }

  /// `to:1.2.3.4 random`.
  public func listing(_ style: ListStyle) -> String {
    "to:" + to.description + (random ? " random" : "") + (fullyRandom ? " random-fully" : "")
      + (persistent ? " persistent" : "")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A POSTROUTING -j SNAT --to-source 1.2.3.4", table: .nat),
    .same("-A POSTROUTING -j SNAT --to-source 1.2.3.9-1.2.3.4", table: .nat),
    .same("-A INPUT -j SNAT --to-source 1.2.3.4", table: .nat),
    .same("-A POSTROUTING -p tcp -j SNAT --to-source 1.2.3.4:0-10", table: .nat),
    .accepted(
      "-A POSTROUTING -p tcp -j SNAT --to-source 1.2.3.4:80-90/85",
      saves: "-A POSTROUTING -p tcp -j SNAT --to-source 1.2.3.4:80-90/0", table: .nat),
    .accepted(
      "-A POSTROUTING -j SNAT --persistent --random-fully --random --to-source 1.2.3.4",
      saves: "-A POSTROUTING -j SNAT --to-source 1.2.3.4 --random --random-fully --persistent", table: .nat),
    .refused("-A POSTROUTING -j SNAT", table: .nat),
    .refused("-A POSTROUTING -j SNAT --to-source 1.2.3.4:80", table: .nat),
    .refused("-A POSTROUTING -p tcp -j SNAT --to-source 1.2.3.4:80:90", table: .nat),
    .refused("-A POSTROUTING -p udplite -j SNAT --to-source 1.2.3.4:80", table: .nat),
    .refused("-A POSTROUTING -j SNAT --to-source 1.2.3", table: .nat),
    .refused("-A OUTPUT -j SNAT --to-source 1.2.3.4", table: .nat),
    .refused("-A INPUT -j SNAT --to-source 1.2.3.4"),
  ]
}
