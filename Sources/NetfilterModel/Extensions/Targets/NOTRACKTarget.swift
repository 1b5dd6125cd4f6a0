// -j NOTRACK: keeps the packet out of connection tracking.

/// The old spelling of `-j CT --notrack` (kernel: `notrack_tg`, `xt_ct_target`; man page: iptables-extensions, NOTRACK).
public struct NOTRACKTarget: TargetExtension {
  /// Makes the target.
  public init() {}
  /// The facts.
  public static let spec = ExtensionSpec(
    "NOTRACK", tables: .raw, summary: "keeps the packet out of connection tracking", listedName: "CT",
    replacement: "-j CT --notrack")
  /// No options.
  public static let options: [OptionSpec<NOTRACKTarget>] = []

  /// Keeps the packet out (kernel: `notrack_tg`).
  public var effects: [Effect] {
    [.untrack]
  }

  /// `NOTRACK`; the target column says CT.
  public func listing(_ style: ListStyle) -> String { "NOTRACK" }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A PREROUTING -j NOTRACK", table: .raw),
    .same("-A OUTPUT -j NOTRACK", table: .raw),
    .refused("-A PREROUTING -j NOTRACK --notrack", table: .raw),
    .refused("-A PREROUTING -j NOTRACK", table: .mangle),
  ]
}
