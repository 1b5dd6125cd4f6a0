// -j REDIRECT: changes the destination of a connection to the host itself.

/// Translates the destination to the host (kernel: `redirect_tg4`, `nf_nat_redirect_ipv4`; man page: iptables-extensions, REDIRECT).
public struct REDIRECTTarget: TargetExtension {
  /// `--to-ports`, without addresses.
  public var to = NATSpecification()
  /// `--random`.
  public var random = false
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "REDIRECT", tables: .nat, hooks: [.prerouting, .output], summary: "translates the destination to the host itself")

  /// The option table.
  public static let options: [OptionSpec<REDIRECTTarget>] = [
    OptionSpec(
      "to-ports", placeholder: "port[-port]",
      parse: { (owner, argument) throws(OptionError) in
        try owner.to.parsePorts(argument.text[...], argument)
        if owner.to.basePort != nil { throw OptionError("REDIRECT takes no base port") }
      },
      save: { owner, writer in if owner.to.ports != nil { writer.option("to-ports", owner.to.portText) } }),
    .flag("random", .init({ $0.random }, { $0.random = $1 })),
  ]

  /// It works on connections.
  public var enablesConntrack: Bool { true }

  /// Translates the destination (kernel: `redirect_tg4`).
  public var effects: [Effect] {
    to.effects(.destination, to: .thisHost, random: random)
  }

  /// `redir ports 80-90 random`.
  public func listing(_ style: ListStyle) -> String {
    var words: [String] = []
    if to.ports != nil { words.append("redir ports " + to.portText) }
    if random { words.append("random") }
    return words.joined(separator: " ")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A PREROUTING -j REDIRECT", table: .nat),
    .same("-A OUTPUT -j REDIRECT --random", table: .nat),
    .accepted(
      "-A PREROUTING -p tcp -j REDIRECT --random --to-ports http",
      saves: "-A PREROUTING -p tcp -j REDIRECT --to-ports 80 --random", table: .nat),
    .same("-A PREROUTING -p icmp -j REDIRECT --to-ports 80-90", table: .nat),
    .refused("-A PREROUTING -j REDIRECT --to-ports 80", table: .nat),
    .refused("-A PREROUTING -p tcp -j REDIRECT --to-ports 80-90/85", table: .nat),
    .refused("-A PREROUTING -p tcp -j REDIRECT --to-ports -80", table: .nat),
    .refused("-A PREROUTING -p tcp -j REDIRECT --to-ports http-https", table: .nat),
    .refused("-A POSTROUTING -j REDIRECT", table: .nat),
    .refused("-A INPUT -j REDIRECT"),
  ]
}
