// Why something about a script cannot be known.

/// Why a value or a status is not known: it depends on the system that the script runs on.
public struct ShellUnknown: Hashable, Sendable {
  /// The line that it comes from, from 1.
  public var line: Int
  /// What it is, in a few words: "the output of `hostname`".
  public var what: String
  /// The variable that holds it, which a caller may set; nil for none.
  public var variable: String?

  /// Makes a reason.
  public init(line: Int, what: String, variable: String? = nil) {
    self.line = line
    self.what = what
    self.variable = variable
  }
}
