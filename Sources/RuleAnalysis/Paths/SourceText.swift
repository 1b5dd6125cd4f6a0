// The lines of a file, for places in findings.

import NetfilterModel

/// The lines of a file.
struct SourceText: Sendable {
  let name: String
  let lines: [Substring]
  /// Whether it is a script, in which comments may be indented.
  let isScript: Bool

  init(_ text: String, name: String, isScript: Bool = false) {
    self.name = name
    self.isScript = isScript
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// A line by its number from 1; empty where there is none.
  func line(_ number: Int) -> String {
    guard lines.indices.contains(number - 1) else { return "" }
    let line = lines[number - 1]
    return String(line.utf8.last == 0x0d ? line.dropLast() : line)
  }

  /// A line from its `#` on, when it is a comment.
  func comment(_ line: Substring) -> Substring? {
    let line = isScript ? line.drop { $0 == " " || $0 == "\t" } : line
    return line.utf8.first == 0x23 ? line : nil
  }

  /// The line of a place; empty where it stands in another file, as rules may that a script sources.
  func line(at range: SourceRange) -> String { range.file == name ? line(range.line) : "" }

  /// The place of a word of a line, the first behind a column; the whole range where it is not there.
  func place(of word: String, in range: SourceRange) -> SourceRange {
    guard !word.isEmpty, range.file == name else { return range }
    let characters = Array(line(range.line))
    let wanted = Array(word)
    let start = max(0, range.column - 1)
    guard start < characters.count, wanted.count <= characters.count - start else { return range }
    for index in start...(characters.count - wanted.count) where characters[index] == wanted[0] {
      guard Array(characters[index..<(index + wanted.count)]) == wanted else { continue }
      let before = index == 0 || characters[index - 1] == " " || characters[index - 1] == "\t"
      let after = index + wanted.count
      if before, after == characters.count || characters[after] == " " || characters[after] == "\t" {
        return SourceRange(file: range.file, line: range.line, column: index + 1, length: wanted.count)
      }
    }
    return range
  }
}
