// A text of the flow language: its bytes, and the lines and columns that people count in it.

import NetfilterModel
import Simulator

/// A text, and where its lines begin.
struct FlowSource: Sendable {
  /// The name of the file, for diagnostics.
  let file: String
  /// The text in UTF-8.
  let bytes: [UInt8]
  /// Where every 64th physical line begins, from the first; filled while the text is read.
  private(set) var marks: [Int] = []

  /// How many lines lie between two marks.
  private static let linesForAMark = 64

  init(_ text: String, file: String) {
    self.file = file
    bytes = Array(text.utf8)
  }

  /// Notes where a line begins; lines come in order, from 1.
  mutating func note(line: Int, start: Int) {
    if (line - 1) % FlowSource.linesForAMark == 0 { marks.append(start) }
  }

  /// The length of the line end at a place: 0 where there is none. Line ends are those of Unicode, CR LF is one.
  @inline(__always) func lineEnd(at place: Int) -> Int {
    let byte = bytes[place]
    if byte < 0x80 {
      if byte > 0x0d || byte < 0x0a { return 0 }
      return byte == 0x0d && place + 1 < bytes.count && bytes[place + 1] == 0x0a ? 2 : 1
    }
    // U+0085, U+2028 and U+2029.
    if byte == 0xc2 { return place + 1 < bytes.count && bytes[place + 1] == 0x85 ? 2 : 0 }
    guard byte == 0xe2, place + 2 < bytes.count, bytes[place + 1] == 0x80 else { return 0 }
    return bytes[place + 2] == 0xa8 || bytes[place + 2] == 0xa9 ? 3 : 0
  }

  /// The length of the blank at a place: 0 where there is none. Blanks are those of Unicode that end no line.
  @inline(__always) func blank(at place: Int) -> Int {
    let byte = bytes[place]
    if byte < 0x80 { return byte == 0x20 || byte == 0x09 ? 1 : 0 }
    return wideBlank(at: place)
  }

  private func wideBlank(at place: Int) -> Int {
    guard place + 1 < bytes.count else { return 0 }
    let (first, second) = (bytes[place], bytes[place + 1])
    if first == 0xc2 { return second == 0xa0 ? 2 : 0 }
    guard place + 2 < bytes.count else { return 0 }
    let third = bytes[place + 2]
    switch (first, second) {
    case (0xe1, 0x9a), (0xe3, 0x80): return third == 0x80 ? 3 : 0
    case (0xe2, 0x80): return third <= 0x8a || third == 0xaf ? 3 : 0
    case (0xe2, 0x81): return third == 0x9f ? 3 : 0
    default: return 0
    }
  }

  /// Where the line that begins at a place ends, without its line end.
  func end(ofLineAt start: Int) -> Int {
    var place = start
    while place < bytes.count, lineEnd(at: place) == 0 { place += 1 }
    return place
  }

  /// Bytes as text.
  func text(_ start: Int, _ end: Int) -> String {
    guard start < end, end <= bytes.count else { return "" }
    return bytes.withUnsafeBufferPointer {
      String(decoding: UnsafeBufferPointer(rebasing: $0[start..<end]), as: UTF8.self)
    }
  }

  /// The text of a physical line by its number, or nothing.
  func sourceLine(_ number: Int) -> String {
    let mark = (number - 1) / FlowSource.linesForAMark
    guard number > 0, mark < marks.count else { return "" }
    var place = marks[mark]
    for _ in 0..<(number - 1) % FlowSource.linesForAMark {
      place = end(ofLineAt: place)
      guard place < bytes.count else { return "" }
      place += lineEnd(at: place)
    }
    return text(place, end(ofLineAt: place))
  }

  /// The place of a span: columns count characters, as people do, not bytes.
  func range(_ span: FlowSpan) -> SourceRange {
    SourceRange(
      file: file, line: span.line, column: characters(span.lineStart, span.start) + 1,
      length: characters(span.start, span.end))
  }

  private func characters(_ start: Int, _ end: Int) -> Int {
    guard start < end, end <= bytes.count else { return 0 }
    let isPlain = bytes.withUnsafeBufferPointer { bytes in
      var all: UInt8 = 0
      for place in start..<end { all |= bytes[place] }
      return all < 0x80
    }
    return isPlain ? end - start : text(start, end).count
  }
}
