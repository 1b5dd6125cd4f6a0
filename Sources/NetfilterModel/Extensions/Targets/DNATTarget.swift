// -j DNAT: changes the destination of a connection.

/// Translates the destination (kernel: `xt_dnat_target_v2`; man page: iptables-extensions, DNAT).
public struct DNATTarget: TargetExtension {
  /// `--to-destination`.
  public var to = NATSpecification()
  /// `--random`.
  public var random = false
  /// `--persistent`.
  public var persistent = false
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "DNAT", tables: .nat, hooks: [.prerouting, .output], summary: "translates the destination")

  /// The option table.
  public static let options: [OptionSpec<DNATTarget>] = [
    OptionSpec(
      "to-destination", isMandatory: true, placeholder: "address[-address][:port[-port[/base]]]",
      parse: { (owner, argument) throws(OptionError) in owner.to = try NATSpecification.parse(argument) },
      save: { owner, writer in writer.option("to-destination", owner.to.description) }),
    .flag("random", .init({ $0.random }, { $0.random = $1 })),
    .flag("persistent", .init({ $0.persistent }, { $0.persistent = $1 })),
  ]

  /// It works on connections.
  public var enablesConntrack: Bool { true }

  /// Translates the destination (kernel: `xt_dnat_target_v2`).
  public var effects: [Effect] {
    to.effects(.destination, random: random, persistent: persistent)
  }

  /// `to:1.2.3.4:80 random`.
  public func listing(_ style: ListStyle) -> String {
    "to:" + to.description + (random ? " random" : "") + (persistent ? " persistent" : "")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A PREROUTING -j DNAT --to-destination 1.2.3.4-1.2.3.9", table: .nat),
    .accepted(
      "-A PREROUTING -j DNAT --to-destination 1.2.3.4-1.2.3.4", saves: "-A PREROUTING -j DNAT --to-destination 1.2.3.4",
      table: .nat),
    .same("-A OUTPUT -p tcp -j DNAT --to-destination :80-90", table: .nat),
    .same("-A PREROUTING -p tcp -j DNAT --to-destination 1.2.3.4:80-90/8080 --random --persistent", table: .nat),
    .accepted(
      "-A PREROUTING -p udp -j DNAT --to-destination 1.2.3.4:http",
      saves: "-A PREROUTING -p udp -j DNAT --to-destination 1.2.3.4:80", table: .nat),
    .accepted(
      "-A PREROUTING -p tcp -j DNAT --to-destination 1.2.3.4:80-90/http",
      saves: "-A PREROUTING -p tcp -j DNAT --to-destination 1.2.3.4:80-90/80", table: .nat),
    .accepted(
      "-A PREROUTING -j DNAT --persistent --to 1.2.3.4",
      saves: "-A PREROUTING -j DNAT --to-destination 1.2.3.4 --persistent", table: .nat),
    .same("-A PREROUTING ! -p tcp -j DNAT --to-destination 1.2.3.4:53", table: .nat),
    .refused("-A PREROUTING -j DNAT", table: .nat),
    .refused("-A PREROUTING -j DNAT --to-destination 1.2.3.4:80", table: .nat),
    .refused("-A PREROUTING -p tcp -j DNAT --to-destination 1.2.3.4:90-80", table: .nat),
    .refused("-A PREROUTING -p tcp -j DNAT --to-destination 1.2.3.4:80-ssh", table: .nat),
    .refused("-A PREROUTING -p tcp -j DNAT --to-destination 1.2.3.4:80/8080", table: .nat),
    .refused("-A PREROUTING -j DNAT --to-destination 01.2.3.4", table: .nat),
    .refused("-A PREROUTING -j DNAT --to-destination 1.2.3.4 --to-destination 1.2.3.5", table: .nat),
    .refused("-A POSTROUTING -j DNAT --to-destination 1.2.3.4", table: .nat),
  ]
}
