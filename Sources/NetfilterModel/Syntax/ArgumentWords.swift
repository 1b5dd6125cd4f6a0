// The words of one line. A word is a pair of places in the bytes that were read: most words are compared with a few known names and
// never become text of their own.

/// One word of a line, by its places.
public struct ArgumentWord: Hashable, Sendable {
  /// The bytes of the line that it was read from, quotes included.
  public var span: Range<Int>
  /// Where its text lies, without its quotes and escapes; `ArgumentWords` reads it.
  var text: Range<Int>
  /// Whether a quote in it is never closed, so that it reaches to the end of the line and holds the newline.
  public var isUnclosed = false

  /// The end of the word from byte `offset` of its text on: `eth0` of `-ieth0`.
  func dropping(_ offset: Int) -> ArgumentWord {
    ArgumentWord(span: span, text: min(text.lowerBound + offset, text.upperBound)..<text.upperBound)
  }
}

/// The words of one line, and the bytes that they lie in.
public struct ArgumentWords: Sendable {
  /// The text that the line is part of.
  let bytes: [UInt8]
  /// The texts of words with quotes; places from `bytes.count` on are here.
  private var unquoted: [UInt8] = []
  private var words: [ArgumentWord] = []

  /// No words of a text yet.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    words.reserveCapacity(32)
  }

  /// How many words there are.
  public var count: Int { words.count }
  /// The places of the words.
  public var indices: Range<Int> { words.indices }
  var first: ArgumentWord? { words.first }
  var last: ArgumentWord? { words.last }

  /// A word; `index` must be one of `indices`.
  public subscript(_ index: Int) -> ArgumentWord { words[index] }

  mutating func removeAll() {
    words.removeAll(keepingCapacity: true)
    unquoted.removeAll(keepingCapacity: true)
  }

  mutating func append(_ word: ArgumentWord) { words.append(word) }

  // MARK: Reading a word

  /// The text of a word without its quotes and escapes.
  public func text(_ word: ArgumentWord) -> String { withBytes(word) { String(decoding: $0, as: UTF8.self) } }

  /// Calls `body` with the bytes of a word's text.
  @inline(__always)
  func withBytes<Result>(_ word: ArgumentWord, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if word.text.lowerBound >= bytes.count {
      let range = (word.text.lowerBound - bytes.count)..<(word.text.upperBound - bytes.count)
      return unquoted.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
    }
    return bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[word.text])) }
  }

  /// The byte of a word's text at `offset`, or 0 behind its end.
  @inline(__always)
  func byte(_ word: ArgumentWord, at offset: Int) -> UInt8 {
    guard offset < word.text.count else { return 0 }
    let place = word.text.lowerBound + offset
    return place < bytes.count ? bytes[place] : unquoted[place - bytes.count]
  }

  /// Whether a word is one byte alone, such as `!`.
  @inline(__always)
  func isByte(_ word: ArgumentWord, _ byte: UInt8) -> Bool { word.text.count == 1 && self.byte(word, at: 0) == byte }

  /// The first place of a byte in a word's text, counted from its beginning, or nil.
  func offset(of byte: UInt8, in word: ArgumentWord) -> Int? { withBytes(word) { $0.firstIndex(of: byte) } }

  // MARK: Splitting

  /// Where the word that begins at `start` ends or has its first quote.
  func endOfPlainWord(from start: Int, in range: Range<Int>) -> Int {
    bytes.withUnsafeBufferPointer { bytes in
      var index = start
      while index < range.upperBound {
        let byte = bytes[index]
        if byte <= 0x22, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x22 { break }
        index += 1
      }
      return index
    }
  }

  /// Reads a word that begins at `start` and has its first quote at `index`, which is left behind the word's end.
  ///
  /// - Returns: the place of the text.
  mutating func unquote(_ start: Int, _ index: inout Int, _ end: Int, _ isUnclosed: inout Bool) -> Range<Int> {
    let place = bytes.count + unquoted.count
    unquoted += bytes[start..<index]
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
        unquoted.append(bytes[index])
        index += 1
      } else if byte != 0x5c {
        unquoted.append(byte)
      }
    }
    return place..<(bytes.count + unquoted.count)
  }
}
