// Where the lines of a rule file stand that a script holds or makes.

/// Where a rule file's lines are to be found.
public enum RestorePlace: Hashable, Sendable {
  /// In their file, with so many lines above them: 0 for a file of its own, more for a here-document of a script.
  case below(Int)
  /// Nowhere: they are the output of a command, which stands in this line.
  case at(line: Int)

  /// The line of the file, from 1, for a line of the text.
  func line(_ number: Int) -> Int {
    switch self {
    case .below(let above): number + above
    case .at(let line): line
    }
  }

  /// The line of the text for a line of the file; nil when it cannot be told.
  func number(_ line: Int) -> Int? {
    if case .below(let above) = self { return line - above }
    return nil
  }
}
