// -m helper: whether the connection was expected by one with a certain helper.

/// Matches the helper of the connection's master (kernel: `helper_mt`; man page: iptables-extensions, helper).
public struct HelperMatch: MatchExtension {
  /// The helper's name, at most 29 bytes; empty for any.
  public var name: Invertible<String>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("helper", summary: "the connection tracking helper that expected it")

  /// The option table.
  public static let options: [OptionSpec<HelperMatch>] = [
    .invertible("helper", .init({ $0.name }, { $0.name = $1 }), .helperName, isMandatory: true)
  ]

  /// Connection tracking is needed (kernel: `helper_mt_check`).
  public var enablesConntrack: Bool { true }

  /// Compares the helper that expected the connection (kernel: `helper_mt`); nothing expects connections here.
  public var conditions: [Condition] {
    [
      name.map {
        Condition("helper", .expectedByHelper($0.value), .equals(1), inverted: $0.inverted)
      }
    ].compactMap { $0 }
  }

  /// `helper match "ftp"`.
  public func listing(_ style: ListStyle) -> String {
    guard let name else { return "" }
    return "helper match \(name.inverted ? "! " : "")\"\(name.value)\""
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m helper --helper ftp"),
    .same("-A INPUT -m helper ! --helper ftp"),
    .same("-A INPUT -m helper --helper \"irc x\""),
    .same("-A INPUT -m helper --helper \"\""),
    .accepted(
      "-A INPUT -m helper --helper 123456789012345678901234567890",
      saves: "-A INPUT -m helper --helper 12345678901234567890123456789"),
    .refused("-A INPUT -m helper"),
  ]
}

extension ValueCodec where Value == String {
  /// The name of a helper, cut to the 29 bytes that the kernel holds.
  static let helperName = ValueCodec("name") { (argument) throws(OptionError) in
    ProcName.cut(argument.text, to: 29)
  } print: {
    SaveWriter.quoted($0)
  }
}
