// What is wrong with an input, where, and what to do about it; a value, rendered elsewhere.

/// A place in a text: from a byte offset to another, with the file it belongs to.
public struct SourceRange: Hashable, Sendable {
  /// The text that the range belongs to.
  public var file: String
  /// The line, from 1.
  public var line: Int
  /// The column in characters, from 1.
  public var column: Int
  /// The number of characters, at least 1.
  public var length: Int

  /// Makes a range.
  public init(file: String, line: Int, column: Int, length: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
    self.length = max(1, length)
  }
}

/// How bad a problem is.
public enum Severity: String, Hashable, Sendable {
  /// The input cannot be used as it is.
  case error
  /// The input can be used, but probably does not mean what its author thinks.
  case warning
  /// Something to know.
  case note
  /// Something that a reader of the rules will want to know, and that may well be meant.
  case info
  /// A matter of form.
  case style
}

/// One problem: a stable id, a place, a message in lower case without a final period, and what to do.
public struct Diagnostic: Hashable, Sendable {
  /// The kind of problem.
  public var id: DiagnosticID
  /// How bad it is.
  public var severity: Severity
  /// Where it is.
  public var range: SourceRange
  /// What is wrong; user input stands in backticks.
  public var message: String
  /// What to do, or nil.
  public var help: String?
  /// The source line, without its line end.
  public var sourceLine: String

  /// Makes a diagnostic, as bad as its kind when nothing else is said.
  public init(
    _ id: DiagnosticID, _ severity: Severity? = nil, at range: SourceRange, _ message: String,
    help: String? = nil, sourceLine: String = ""
  ) {
    self.id = id
    self.severity = severity ?? id.severity
    self.range = range
    self.message = message
    self.help = help
    self.sourceLine = sourceLine
  }
}
