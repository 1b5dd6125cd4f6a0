// Splits a line of a rule file into words, with the quoting rules of iptables-restore.

/// One word of a line and where it stood.
public struct ArgumentWord: Hashable, Sendable {
  /// The word without its quotes and escapes.
  public var text: String
  /// The bytes of the line that it was read from, quotes included.
  public var span: Range<Int>
  /// Whether a quote in it is never closed, so that it reaches to the end of the line and holds the newline.
  public var isUnclosed: Bool

  /// Makes a word.
  public init(_ text: String, span: Range<Int>, isUnclosed: Bool = false) {
    self.text = text
    self.span = span
    self.isUnclosed = isUnclosed
  }
}

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

  /// Splits bytes `range` of `bytes`; spans count from `origin`.
  ///
  /// - Throws: `TokenizerError` at the first word beyond a limit.
  public static func words(of bytes: [UInt8], in range: Range<Int>, origin: Int)
    throws(TokenizerError) -> [ArgumentWord]
  {
    let range = range.clamped(to: 0..<bytes.count)
    var words: [ArgumentWord] = []
    words.reserveCapacity(16)
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = bytes[index]
      if byte == 0x20 || byte == 0x09 || byte == 0x0a {
        index += 1
        continue
      }
      let start = index
      // A word without quotes is the common case: no byte has to be copied.
      while index < range.upperBound {
        let byte = bytes[index]
        if byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x22 { break }
        index += 1
      }
      let text: String
      var isUnclosed = false
      if index < range.upperBound, bytes[index] == 0x22 {
        text = quotedWord(bytes, start, &index, range.upperBound, &isUnclosed)
      } else {
        text = String(decoding: bytes[start..<index], as: UTF8.self)
      }
      let span = (start - origin)..<(index - origin)
      guard text.utf8.count <= longestWord else {
        throw TokenizerError(
          message: "a word is \(text.utf8.count) bytes long; at most \(longestWord) are allowed", span: span)
      }
      guard words.count < mostWords else {
        throw TokenizerError(message: "the line has more than \(mostWords) words", span: span)
      }
      words.append(ArgumentWord(text, span: span, isUnclosed: isUnclosed))
    }
    return words
  }

  /// Reads a word that has a quote in it, from `start` on; `index` is left behind its end.
  private static func quotedWord(
    _ bytes: [UInt8], _ start: Int, _ index: inout Int, _ end: Int, _ isUnclosed: inout Bool
  ) -> String {
    var word = Array(bytes[start..<index])
    index += 1
    isUnclosed = true
    while index < end {
      let byte = bytes[index]
      index += 1
      if byte == 0x22 {
        isUnclosed = false
        break
      }
      if byte == 0x5c, index < end {
        word.append(bytes[index])
        index += 1
      } else if byte != 0x5c {
        word.append(byte)
      }
    }
    return String(decoding: word, as: UTF8.self)
  }

  /// Splits a line of its own; for command lines and tests.
  public static func words(of line: String) throws(TokenizerError) -> [ArgumentWord] {
    let bytes = Array(line.utf8)
    return try words(of: bytes, in: 0..<bytes.count, origin: 0)
  }
}
