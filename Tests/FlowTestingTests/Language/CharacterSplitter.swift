// A second tokenizer of the flow language, plain and slow, for comparison.

import NetfilterModel

/// Splits a text into lines and words, character by character: the plain way, beside which the fast one is held.
struct CharacterSplitter {
  /// The name of the file, for diagnostics.
  let file: String
  /// The lines that have words.
  private(set) var lines: [[Word]] = []
  /// Quotes that are not closed.
  private(set) var diagnostics: [Diagnostic] = []

  /// Splits a text: blanks separate words, `>` and `,` at a word's end are words of their own, `"` keeps blanks, `#` at a
  /// word's start begins a comment, `\` at the end of a line continues it.
  init(_ text: String, file: String) {
    self.file = file
    var words: [Word] = []
    for (index, content) in text.split(omittingEmptySubsequences: false, whereSeparator: { $0.isNewline }).enumerated()
    {
      let continues = split(Array(content), line: index + 1, into: &words)
      if !continues, !words.isEmpty {
        lines.append(words)
        words = []
      }
    }
    if !words.isEmpty { lines.append(words) }
  }

  /// Splits one physical line; returns whether it ends in `\`.
  private mutating func split(_ line: [Character], line number: Int, into words: inout [Word]) -> Bool {
    var index = 0
    while index < line.count {
      let character = line[index]
      if character.isWhitespace {
        index += 1
        continue
      }
      if character == "#" { return false }
      if character == "\\", line[(index + 1)...].allSatisfy({ $0.isWhitespace }) { return true }
      let start = index
      if character == ">" || character == "," {
        index += 1
        words.append(Word(String(character), range: range(number, start, index)))
        continue
      }
      var text = ""
      var quotedAt: Int?
      let isQuoted = character == "\""
      while index < line.count {
        let character = line[index]
        if quotedAt != nil {
          if character == "\\", index + 1 < line.count, line[index + 1] == "\"" || line[index + 1] == "\\" {
            text.append(line[index + 1])
            index += 1
          } else if character == "\"" {
            quotedAt = nil
          } else {
            text.append(character)
          }
          index += 1
          continue
        }
        if character.isWhitespace || (character == ">" && text != "=") { break }
        if character == ",", index + 1 == line.count || line[index + 1].isWhitespace { break }
        if character == "\"" { quotedAt = index } else { text.append(character) }
        index += 1
      }
      if let opened = quotedAt {
        diagnostics.append(
          Diagnostic(
            .unclosedQuote, at: range(number, opened, line.count), "this quote is not closed", sourceLine: String(line))
        )
      }
      words.append(Word(text, isQuoted: isQuoted, range: range(number, start, index)))
    }
    return false
  }

  private func range(_ line: Int, _ start: Int, _ end: Int) -> SourceRange {
    SourceRange(file: file, line: line, column: start + 1, length: end - start)
  }

  /// A word with its place.
  struct Word: Equatable {
    var text: String
    var isQuoted: Bool
    var range: SourceRange

    init(_ text: String, isQuoted: Bool = false, range: SourceRange) {
      self.text = text
      self.isQuoted = isQuoted
      self.range = range
    }
  }
}
