// The error of the short way to read a rule file: all diagnostics at once.

/// A rule file that iptables-restore or the kernel would refuse.
public struct RulesetError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Every problem, warnings too.
  public var diagnostics: [Diagnostic]

  /// Makes an error.
  public init(diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

  /// The diagnostics as text, with their source lines.
  public var description: String { DiagnosticRenderer().render(diagnostics) }
}

extension Ruleset {
  /// Reads a rule file in the form of iptables-save.
  ///
  /// - Throws: `RulesetError` with every problem of the file when one of them is an error.
  public init(parsing text: String, file: String = "rules", family: AddressFamily = .ipv4) throws(RulesetError) {
    let result = RestoreParser.parse(text, file: file, family: family)
    if result.hasErrors { throw RulesetError(diagnostics: result.diagnostics) }
    self = result.ruleset
  }
}
