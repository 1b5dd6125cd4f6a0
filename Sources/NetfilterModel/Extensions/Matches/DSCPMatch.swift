// -m dscp: compares the differentiated services code point.

/// Matches the upper six bits of the TOS byte (kernel: `dscp_mt`; man page: iptables-extensions, dscp).
public struct DSCPMatch: MatchExtension {
  /// The code point.
  public var dscp: Invertible<DSCP>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "dscp", summary: "the differentiated services code point")

  /// The option table; a class is printed as `--dscp`.
  public static let options: [OptionSpec<DSCPMatch>] = [
    .invertible("dscp", .init({ $0.dscp }, { $0.dscp = $1 }), .dscp, excludes: ["dscp-class"]),
    .invertible(
      "dscp-class", .init({ $0.dscp }, { $0.dscp = $1 }), .dscpClass, excludes: ["dscp"], omitting: { _ in true }),
  ]

  /// Refuses the match without a value.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if dscp == nil {
      throw OptionError("dscp needs --dscp or --dscp-class", tool: "DSCP match: Parameter --dscp is required")
    }
  }

  /// Compares the code point (kernel: `dscp_mt`).
  public var conditions: [Condition] {
    [dscp.map { Condition("dscp", .dscp, .equals($0.value.rawValue), inverted: $0.inverted) }].compactMap { $0 }
  }

  /// `DSCP match 0x0a`.
  public func listing(_ style: ListStyle) -> String {
    guard let dscp else { return "" }
    return "DSCP match \(dscp.inverted ? "!" : "")\(ValueCodec.dscp.print(dscp.value))"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -m dscp --dscp 10", saves: "-A INPUT -m dscp --dscp 0x0a"),
    .same("-A INPUT -m dscp ! --dscp 0x2e"),
    .accepted("-A INPUT -m dscp --dscp-class ef", saves: "-A INPUT -m dscp --dscp 0x2e"),
    .accepted("-A INPUT -m dscp ! --dscp-class AF31", saves: "-A INPUT -m dscp ! --dscp 0x1a"),
    .accepted("-A INPUT -m dscp --dscp-class BE", saves: "-A INPUT -m dscp --dscp 0x00"),
    .refused("-A INPUT -m dscp --dscp 64"),
    .refused("-A INPUT -m dscp --dscp-class CS"),
    .refused("-A INPUT -m dscp --dscp-class EF --dscp 3"),
    .refused("-A INPUT -m dscp"),
  ]
}
