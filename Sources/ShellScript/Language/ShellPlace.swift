// Where something stands in a script.

/// A line and a column of a script, both from 1.
public struct ShellPlace: Hashable, Sendable {
  /// The line.
  public var line: Int
  /// The column, in bytes.
  public var column: Int

  /// Makes a place.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}
