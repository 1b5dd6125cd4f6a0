// A line of a set file in words.

/// A word of a line, and where it begins.
struct SetWord: Hashable, Sendable {
  var text: Substring
  /// The offset of its first byte in the line.
  var start: Int
}

/// The words of a line as `ipset restore` splits it (libipset: `build_argv`).
struct SetWords {
  /// How many words a line has at most.
  static let most = 30

  private(set) var words: [SetWord] = []
  /// Where a quote is open at the end of the file; nil where none is.
  private(set) var openQuote: Int?
  /// Whether there are more words than a line may have.
  private(set) var areTooMany = false

  /// Splits a line, which may end with its newline.
  init(_ line: UnsafeBufferPointer<UInt8>) {
    var index = 0
    while index < line.count {
      // The common word: no quote in it.
      let start = index
      while index < line.count, line[index] > 0x22 || line[index] == 0x21 { index += 1 }
      if index == line.count || line[index] != 0x22 {
        if index > start { append(line[start..<index], start) }
        if index < line.count, !SetWords.isBlank(line[index]) {
          quoted(line, &index, from: start, alreadyAppended: index > start)
          continue
        }
        if areTooMany { return }
        index += 1
        continue
      }
      quoted(line, &index, from: start, alreadyAppended: false)
      if areTooMany { return }
    }
  }

  @inline(__always) private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
  }

  private mutating func append(_ bytes: some Collection<UInt8>, _ start: Int) {
    if words.count >= SetWords.most {
      areTooMany = true
      return
    }
    words.append(SetWord(text: Substring(decoding: bytes, as: UTF8.self), start: start))
  }

  /// A word with quotes in it; one whose quote is not closed before the end of the line is lost.
  private mutating func quoted(
    _ line: UnsafeBufferPointer<UInt8>, _ index: inout Int, from start: Int, alreadyAppended: Bool
  ) {
    if alreadyAppended { words.removeLast() }
    index = start
    var bytes: [UInt8] = []
    var isQuoted = false
    var quote = start
    while index < line.count {
      let byte = line[index]
      if byte == 0x22 {
        isQuoted.toggle()
        quote = index
      } else if !isQuoted, SetWords.isBlank(byte) {
        break
      } else {
        bytes.append(byte)
      }
      index += 1
    }
    if isQuoted {
      if line.last != 0x0a { openQuote = quote }
      return
    }
    if !bytes.isEmpty { append(bytes, start) }
  }
}
