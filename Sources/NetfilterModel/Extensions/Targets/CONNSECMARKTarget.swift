// -j CONNSECMARK: copies security marks between packet and connection.

/// Copies the security mark of SELinux (kernel: `connsecmark_tg`; man page: iptables-extensions, CONNSECMARK).
public struct CONNSECMARKTarget: TargetExtension {
  /// Whether the connection gets the packet's mark, or the packet the connection's; nil before an option was read.
  public var saves: Bool?
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "CONNSECMARK", tables: [.mangle, .security], summary: "copies security marks between packet and connection")

  /// The option table.
  public static let options: [OptionSpec<CONNSECMARKTarget>] = [row("save", true), row("restore", false)]

  private static func row(_ name: String, _ saves: Bool) -> OptionSpec<CONNSECMARKTarget> {
    OptionSpec(
      name, arity: .none, excludes: [saves ? "restore" : "save"],
      parse: { (owner, _) throws(OptionError) in owner.saves = saves },
      save: { owner, writer in if owner.saves == saves { writer.option(name) } })
  }

  /// Refuses the target without an option.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if saves == nil { throw OptionError("CONNSECMARK needs --save or --restore") }
  }

  /// It works on connections (kernel: `connsecmark_tg_check`).
  public var enablesConntrack: Bool { true }

  /// Copies a mark that no rule asks for (kernel: `connsecmark_tg`).
  public var effects: [Effect] {
    [
      .outside(
        saves == true ? "saves the security mark in the connection" : "restores the security mark of the connection")
    ]
  }

  /// `CONNSECMARK save`.
  public func listing(_ style: ListStyle) -> String { "CONNSECMARK \(saves == true ? "save" : "restore")" }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -j CONNSECMARK --save", table: .mangle),
    .same("-A INPUT -j CONNSECMARK --restore", table: .security, family: .ipv6),
    .refused("-A INPUT -j CONNSECMARK --save"), .refused("-A INPUT -j CONNSECMARK", table: .mangle),
    .refused("-A INPUT -j CONNSECMARK --save --restore", table: .mangle),
  ]
}
