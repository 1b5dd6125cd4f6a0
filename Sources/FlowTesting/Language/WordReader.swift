// The words of a line, taken one after the other.

import NetfilterModel
import Simulator

/// Words that are taken one after the other.
struct WordReader {
  /// The words of the line.
  private var words: [FlowWord] = []
  private var index = 0

  /// Takes the next line of a text that has words; false at its end.
  mutating func nextLine(_ tokenizer: inout FlowTokenizer, _ source: inout FlowSource) -> Bool {
    index = 0
    return tokenizer.next(&source, into: &words)
  }

  /// The next word, left where it is.
  var peek: FlowWord? { index < words.count ? words[index] : nil }
  /// How many words were taken.
  var taken: Int { index }
  /// Words by their numbers.
  func words(from start: Int, to end: Int) -> ArraySlice<FlowWord> { words[min(start, end)..<min(end, words.count)] }

  /// Behind the last word.
  var endRange: FlowSpan {
    guard let last = words.last?.range else { return FlowSpan(line: 1, lineStart: 0, start: 0, end: 0) }
    return FlowSpan(line: last.line, lineStart: last.lineStart, start: last.end, end: last.end)
  }

  mutating func take() -> FlowWord? {
    guard index < words.count else { return nil }
    index += 1
    return words[index - 1]
  }

  mutating func stepBack() { index = max(0, index - 1) }

  /// Whether the next word is `text`, quoted or not.
  func isNext(_ text: String) -> Bool { index < words.count && words[index].text == text }

  /// Whether the next word begins with a byte and is not quoted.
  func nextBegins(with byte: UInt8) -> Bool {
    index < words.count && words[index].text.utf8.first == byte && !words[index].isQuoted
  }

  /// Takes the next word if it is `text`.
  mutating func accept(_ text: String) -> Bool {
    guard isNext(text) else { return false }
    index += 1
    return true
  }

  mutating func next(_ what: String) throws(FlowProblem) -> FlowWord {
    guard let word = take() else { throw FlowProblem(.missingWord, endRange, "\(what) is missing") }
    return word
  }

  /// All words that are left, with single blanks between them.
  mutating func rest(_ what: String) throws(FlowProblem) -> FlowWord {
    var result = try next(what)
    while let word = take() {
      result.text += " " + word.text
      result.range = FlowSpan(joining: result.range, word.range)
    }
    return result
  }

  func end() throws(FlowProblem) {
    if let word = peek { throw FlowProblem(.unexpectedWord, word.range, "`\(word.text)` is not expected here") }
  }
}
