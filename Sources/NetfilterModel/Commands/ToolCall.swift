// The words of one command, and how problems in it are placed.

/// A command line of iptables: its words as one text, so that a problem can point at one.
struct ToolCall: Sendable {
  /// The word by which the tool was called.
  let word: String
  /// The name that the tool has for itself.
  var tool = "iptables"
  let words: ArgumentWords
  /// Where the command stands in its script.
  let place: SourceRange
  /// The words with blanks between them.
  private let text: [UInt8]

  init(_ arguments: [String], calledAs word: String, file: String, line: Int, column: Int) {
    self.word = word
    var text: [UInt8] = []
    var ranges: [Range<Int>] = []
    for argument in arguments {
      if !text.isEmpty { text.append(0x20) }
      let start = text.count
      text.append(contentsOf: argument.utf8)
      ranges.append(start..<text.count)
    }
    var words = ArgumentWords(text)
    for range in ranges { words.append(ArgumentWord(span: range, text: range)) }
    self.words = words
    self.text = text
    place = SourceRange(file: file, line: line, column: column)
  }

  /// A problem with the words as they were when the command ran, variables replaced.
  func diagnostic(_ finding: Finding) -> Diagnostic {
    let lower = min(max(0, finding.span.lowerBound), text.count)
    let upper = min(max(lower, finding.span.upperBound), text.count)
    let before = String(decoding: text[..<lower], as: UTF8.self)
    var range = place
    let shown = "\(word) \(String(decoding: text, as: UTF8.self))"
    range.column = word.count + 1 + before.count + 1
    range.length = max(1, String(decoding: text[lower..<upper], as: UTF8.self).count)
    return Diagnostic(
      finding.id, finding.severity, at: range, finding.message, help: finding.help, sourceLine: shown)
  }
}
