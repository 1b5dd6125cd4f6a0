// Splits the text of packets and hosts into words, with the place of each. One tokenizer for every line of the language.

import NetfilterModel
import Simulator

/// A word of the flow language.
public struct FlowWord: Hashable, Sendable {
  /// The text, without the quotes around it or inside it.
  public var text: String
  /// Whether the whole word was quoted.
  public var isQuoted: Bool
  /// Where it stands.
  public var range: SourceRange

  /// Makes a word.
  public init(_ text: String, isQuoted: Bool = false, range: SourceRange) {
    self.text = text
    self.isQuoted = isQuoted
    self.range = range
  }
}

/// A line with its words; a line that ends in `\` goes on in the next.
public struct FlowLine: Hashable, Sendable {
  /// The words; never empty.
  public var words: [FlowWord]
}

/// A text split into lines and words.
public struct FlowSource: Sendable {
  /// The name of the file, for diagnostics.
  public let file: String
  /// The lines that have words.
  public private(set) var lines: [FlowLine] = []
  /// Quotes that are not closed.
  public private(set) var diagnostics: [Diagnostic] = []
  private var physical: [String] = []

  /// Splits a text: blanks separate words, `>` and `,` at a word's end are words of their own, `"` keeps blanks, `#` at a
  /// word's start begins a comment, `\` at the end of a line continues it.
  public init(_ text: String, file: String) {
    self.file = file
    var words: [FlowWord] = []
    for (index, content) in text.split(omittingEmptySubsequences: false, whereSeparator: { $0.isNewline }).enumerated()
    {
      physical.append(String(content))
      let continues = split(Array(content), line: index + 1, into: &words)
      if !continues, !words.isEmpty {
        lines.append(FlowLine(words: words))
        words = []
      }
    }
    if !words.isEmpty { lines.append(FlowLine(words: words)) }
  }

  /// The text of a physical line, or nothing.
  public func sourceLine(_ number: Int) -> String {
    physical.indices.contains(number - 1) ? physical[number - 1] : ""
  }

  /// Every physical line.
  var physicalLines: [String] { physical }

  /// Splits one physical line; returns whether it ends in `\`.
  private mutating func split(_ line: [Character], line number: Int, into words: inout [FlowWord]) -> Bool {
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
        words.append(FlowWord(String(character), range: range(number, start, index)))
        continue
      }
      var text = ""
      var quotedAt: Int?
      let isQuoted = character == "\""
      while index < line.count {
        let character = line[index]
        if let opened = quotedAt {
          if character == "\\", index + 1 < line.count, line[index + 1] == "\"" || line[index + 1] == "\\" {
            text.append(line[index + 1])
            index += 1
          } else if character == "\"" {
            quotedAt = nil
          } else {
            text.append(character)
          }
          index += 1
          if index == line.count, quotedAt != nil {
            diagnostics.append(
              Diagnostic(
                .unclosedQuote, at: range(number, opened, line.count), "this quote is not closed",
                sourceLine: String(line)))
          }
          continue
        }
        if character.isWhitespace || (character == ">" && text != "=") { break }
        if character == ",", index + 1 == line.count || line[index + 1].isWhitespace { break }
        if character == "\"" { quotedAt = index } else { text.append(character) }
        index += 1
      }
      words.append(FlowWord(text, isQuoted: isQuoted, range: range(number, start, index)))
    }
    return false
  }

  private func range(_ line: Int, _ start: Int, _ end: Int) -> SourceRange {
    SourceRange(file: file, line: line, column: start + 1, length: end - start)
  }
}
