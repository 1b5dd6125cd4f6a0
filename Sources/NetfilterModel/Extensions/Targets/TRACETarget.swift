// -j TRACE: has the kernel record every rule that the packet meets from here on.

/// Marks the packet for tracing (kernel: `trace_tg`; man page: iptables-extensions, TRACE).
public struct TRACETarget: TargetExtension {
  /// Makes the target.
  public init() {}
  /// The facts.
  public static let spec = ExtensionSpec("TRACE", tables: .raw, summary: "records every rule that the packet meets")
  /// No options.
  public static let options: [OptionSpec<TRACETarget>] = []

  /// Records further rules (kernel: `trace_tg`).
  public var effects: [Effect] {
    [.trace]
  }

  /// Nothing.
  public func listing(_ style: ListStyle) -> String { "" }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A PREROUTING -j TRACE", table: .raw),
    .same("-A OUTPUT -j TRACE", table: .raw),
    .refused("-A OUTPUT -j TRACE"),
  ]
}
