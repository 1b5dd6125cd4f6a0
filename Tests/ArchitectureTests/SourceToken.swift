// Swift source as words and signs, without comments and without the text of strings.

/// A word or a sign of a Swift file.
struct SourceToken: Equatable {
  /// The word, or the sign as one character.
  var text: String
  /// The line, from 1.
  var line: Int
  /// Whether it is a name or a keyword.
  var isWord: Bool
  /// Whether a blank or a comment stands in front of it.
  var hasBlankBefore: Bool

  /// The tokens of a file. What an interpolation in a string holds is code; the rest of the string is not.
  static func all(in source: String) -> [SourceToken] {
    var reader = SourceReader(bytes: Array(source.utf8))
    reader.readCode(untilParenthesis: false)
    return reader.tokens
  }
}

private struct SourceReader {
  let bytes: [UInt8]
  var tokens: [SourceToken] = []
  private var place = 0
  private var line = 1

  init(bytes: [UInt8]) { self.bytes = bytes }

  private func byte(_ offset: Int = 0) -> UInt8 { place + offset < bytes.count ? bytes[place + offset] : 0 }

  private func isNext(_ text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

  private mutating func step(_ count: Int = 1) {
    for _ in 0..<count where place < bytes.count {
      if bytes[place] == UInt8(ascii: "\n") { line += 1 }
      place += 1
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "_") || Character(UnicodeScalar(byte)).isLetter
      || Character(UnicodeScalar(byte)).isNumber
  }

  mutating func readCode(untilParenthesis: Bool) {
    var depth = 0
    var hasBlank = true
    while place < bytes.count {
      let start = place
      switch byte() {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
        step()
        hasBlank = true
        continue
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"):
        while place < bytes.count, byte() != UInt8(ascii: "\n") { step() }
        hasBlank = true
        continue
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"):
        skipComment()
        hasBlank = true
        continue
      case UInt8(ascii: "\""): readString(hashes: 0)
      case UInt8(ascii: "#") where byte(1) == UInt8(ascii: "\"") || isNext("##\""):
        var hashes = 0
        while byte() == UInt8(ascii: "#") {
          hashes += 1
          step()
        }
        readString(hashes: hashes)
      case let first where Self.isWordByte(first):
        while place < bytes.count, Self.isWordByte(byte()) { step() }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        let isNumber = text.first?.isNumber == true
        tokens.append(SourceToken(text: text, line: line, isWord: !isNumber, hasBlankBefore: hasBlank))
      case let sign:
        if sign == UInt8(ascii: "(") { depth += 1 }
        if sign == UInt8(ascii: ")") {
          depth -= 1
          if untilParenthesis, depth < 0 { return }
        }
        let text = String(UnicodeScalar(sign))
        if sign != UInt8(ascii: "`") {
          tokens.append(SourceToken(text: text, line: line, isWord: false, hasBlankBefore: hasBlank))
        }
        step()
      }
      hasBlank = false
    }
  }

  private mutating func skipComment() {
    var depth = 0
    repeat {
      if isNext("/*") {
        depth += 1
        step(2)
      } else if isNext("*/") {
        depth -= 1
        step(2)
      } else {
        step()
      }
    } while depth > 0 && place < bytes.count
  }

  private mutating func readString(hashes: Int) {
    tokens.append(SourceToken(text: "\"", line: line, isWord: false, hasBlankBefore: false))
    let quotes = isNext("\"\"\"") ? "\"\"\"" : "\""
    let end = quotes + String(repeating: "#", count: hashes)
    let escape = "\\" + String(repeating: "#", count: hashes)
    step(quotes.utf8.count)
    while place < bytes.count {
      if isNext(end) { return step(end.utf8.count) }
      guard isNext(escape) else {
        step()
        continue
      }
      step(escape.utf8.count)
      if byte() == UInt8(ascii: "(") {
        step()
        readCode(untilParenthesis: true)
      }
      step()
    }
  }
}
