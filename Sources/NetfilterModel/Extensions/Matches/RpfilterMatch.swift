// -m rpfilter: whether an answer to the packet would leave by the interface that it came in on.

/// Matches packets whose source the host would route back to the interface that they came in on (kernel:
/// `rpfilter_mt` of `ipt_rpfilter.c`; man page: iptables-extensions, rpfilter).
public struct RpfilterMatch: MatchExtension {
  /// `--loose`: a route by any interface will do.
  public var isLoose = false
  /// `--validmark`: the packet's mark counts in the look-up.
  public var usesMark = false
  /// `--accept-local`: the host's own addresses are allowed as sources.
  public var acceptsLocal = false
  /// `--invert`: packets that fail match.
  public var isInverted = false

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "rpfilter", tables: [.raw, .mangle], hooks: .prerouting, summary: "the way back to the packet's source")

  /// The option table.
  public static let options: [OptionSpec<RpfilterMatch>] = [
    .flag("loose", .init({ $0.isLoose }, { $0.isLoose = $1 })),
    .flag("validmark", .init({ $0.usesMark }, { $0.usesMark = $1 })),
    .flag("accept-local", .init({ $0.acceptsLocal }, { $0.acceptsLocal = $1 })),
    .flag("invert", .init({ $0.isInverted }, { $0.isInverted = $1 })),
  ]

  /// Looks for the way back (kernel: `rpfilter_mt`).
  public var conditions: [Condition] {
    let question = ReversePathQuestion(isLoose: isLoose, usesMark: usesMark, acceptsLocal: acceptsLocal)
    return [Condition("invert", .reversePath(question), .equals(1), inverted: isInverted)]
  }

  /// `rpfilter loose validmark accept-local invert`.
  public func listing(_ style: ListStyle) -> String {
    let words = [(isLoose, "loose"), (usesMark, "validmark"), (acceptsLocal, "accept-local"), (isInverted, "invert")]
    return (["rpfilter"] + words.filter { $0.0 }.map { $0.1 }).joined(separator: " ")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A PREROUTING -m rpfilter", table: .raw),
    .accepted(
      "-A PREROUTING -m rpfilter --invert --accept-local --validmark --loose",
      saves: "-A PREROUTING -m rpfilter --loose --validmark --accept-local --invert", table: .mangle),
    .refused("-A PREROUTING -m rpfilter ! --loose", table: .raw),
    .refused("-A PREROUTING -m rpfilter --loose --loose", table: .raw), .refused("-A OUTPUT -m rpfilter", table: .raw),
    .refused("-A INPUT -m rpfilter"), .refused("-A PREROUTING -m rpfilter", table: .nat),
  ]
}
