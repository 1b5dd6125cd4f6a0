// Splits a line of a rule file into words, with the quoting rules of iptables-restore.

/// A line that has too many or too long words (iptables: `add_argv`, `add_param`).
public struct TokenizerError: Error, Hashable, Sendable {
  /// What is wrong.
  public var message: String
  /// The bytes of the line that are too much.
  public var span: Range<Int>
}

/// Splits lines as iptables-restore does (iptables: `add_param_to_argv`): blanks and tabs separate words, double quotes
/// keep blanks, a backslash escapes only inside quotes, and a closing quote ends the word.
public enum ArgumentTokenizer {
  /// The longest word in bytes.
  public static let longestWord = 1023
  /// The most words in a line; iptables-restore itself puts three before them.
  public static let mostWords = 251

  /// Splits bytes `range` of the text that `words` is for, and leaves the words there; spans count from `origin`.
  ///
  /// - Throws: `TokenizerError` at the first word beyond a limit.
  static func split(_ range: Range<Int>, origin: Int, into words: inout ArgumentWords) throws(TokenizerError) {
    words.removeAll()
    let range = range.clamped(to: 0..<words.bytes.count)
    var index = range.lowerBound
    while index < range.upperBound {
      let start = index
      var end = words.endOfPlainWord(from: start, in: range)
      if end == start, words.bytes[start] != 0x22 {
        index += 1
        continue
      }
      var text = start..<end
      var isUnclosed = false
      if end < range.upperBound, words.bytes[end] == 0x22 {
        text = words.unquote(start, &end, range.upperBound, &isUnclosed)
      }
      index = end
      let span = (start - origin)..<(end - origin)
      guard text.count <= longestWord else {
        throw TokenizerError(
          message: "a word is \(text.count) bytes long; at most \(longestWord) are allowed", span: span)
      }
      guard words.count < mostWords else {
        throw TokenizerError(message: "the line has more than \(mostWords) words", span: span)
      }
      words.append(ArgumentWord(span: span, text: text, isUnclosed: isUnclosed))
    }
  }

  /// Splits a line of its own; for command lines and tests.
  ///
  /// - Throws: `TokenizerError` at the first word beyond a limit.
  public static func words(of line: String) throws(TokenizerError) -> ArgumentWords {
    var words = ArgumentWords(Array(line.utf8))
    try split(0..<words.bytes.count, origin: 0, into: &words)
    return words
  }
}
