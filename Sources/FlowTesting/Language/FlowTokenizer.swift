// Splits the text of packets and hosts into words, with the place of each. One tokenizer for every line of the language.

import NetfilterModel
import Simulator

/// Goes through a text line by line: blanks separate words, `>` and `,` at a word's end are words of their own, `"` keeps blanks,
/// `#` at a word's start begins a comment, `\` at the end of a line continues it.
struct FlowTokenizer {
  private var place = 0
  private var line = 0
  /// A quote of the line that is not closed.
  private(set) var unclosedQuote: FlowSpan?
  /// A physical line that is longer than `longestLine`.
  private(set) var longLine: FlowSpan?

  /// The longest physical line in bytes: the longest packet in hexadecimal fits in it several times.
  static let longestLine = 1 << 20

  /// Reads the next line that has words; false at the end of the text.
  mutating func next(_ source: inout FlowSource, into words: inout [FlowWord]) -> Bool {
    words.removeAll(keepingCapacity: true)
    unclosedQuote = nil
    longLine = nil
    while place <= source.bytes.count {
      line += 1
      source.note(line: line, start: place)
      let start = place
      let continues = split(source, &words)
      if place - start > FlowTokenizer.longestLine {
        longLine = FlowSpan(line: line, lineStart: start, start: start, end: start + 1)
      }
      if place >= source.bytes.count {
        // Behind the last line: no other one begins.
        place = source.bytes.count + 1
      } else {
        place += source.lineEnd(at: place)
      }
      if !continues, !words.isEmpty || longLine != nil { return true }
    }
    return !words.isEmpty || longLine != nil
  }

  /// Splits the physical line that begins here, and goes to its end; returns whether it ends in `\`.
  private mutating func split(_ source: FlowSource, _ words: inout [FlowWord]) -> Bool {
    let lineStart = place
    let bytes = source.bytes
    let count = bytes.count
    while place < count {
      let byte = bytes[place]
      let blank = source.blank(at: place)
      if blank > 0 {
        place += blank
        continue
      }
      if source.lineEnd(at: place) > 0 { return false }
      if byte == UInt8(ascii: "#") {
        place = source.end(ofLineAt: place)
        return false
      }
      if byte == UInt8(ascii: "\\") {
        let rest = skipBlanks(source, from: place + 1)
        if rest == count || source.lineEnd(at: rest) > 0 {
          place = rest
          return true
        }
      }
      let start = place
      if byte == UInt8(ascii: ">") || byte == UInt8(ascii: ",") {
        place += 1
        words.append(
          FlowWord(
            text: byte == UInt8(ascii: ">") ? ">" : ",", isQuoted: false,
            range: FlowSpan(line: line, lineStart: lineStart, start: start, end: place)))
        continue
      }
      let text = word(source, lineStart)
      words.append(
        FlowWord(
          text: text, isQuoted: byte == UInt8(ascii: "\""),
          range: FlowSpan(line: line, lineStart: lineStart, start: start, end: place)))
    }
    return false
  }

  private func skipBlanks(_ source: FlowSource, from start: Int) -> Int {
    var place = start
    while place < source.bytes.count {
      let blank = source.blank(at: place)
      if blank == 0 { break }
      place += blank
    }
    return place
  }

  /// Whether a byte never ends a word, wherever it stands: letters, digits and most signs.
  @inline(__always)
  private static func isPlain(_ byte: UInt8) -> Bool { byte > 0x2c && byte < 0x80 && byte != UInt8(ascii: ">") }

  /// Whether a word ends at a place, outside quotes; `isEqualSign` is whether it is `=` so far, as in `=>`.
  @inline(__always)
  private func ends(_ source: FlowSource, _ place: Int, _ byte: UInt8, isEqualSign: Bool) -> Bool {
    if FlowTokenizer.isPlain(byte) { return false }
    if byte == UInt8(ascii: ">") { return !isEqualSign }
    if byte == UInt8(ascii: ",") {
      let next = place + 1
      return next == source.bytes.count || source.blank(at: next) > 0 || source.lineEnd(at: next) > 0
    }
    return source.blank(at: place) > 0 || source.lineEnd(at: place) > 0
  }

  /// Reads a word, and goes behind it.
  private mutating func word(_ source: FlowSource, _ lineStart: Int) -> String {
    let bytes = source.bytes
    let start = place
    var next = start
    while next < bytes.count {
      let byte = bytes[next]
      if !FlowTokenizer.isPlain(byte) {
        if byte == UInt8(ascii: "\"") {
          place = next
          return quotedWord(source, lineStart, from: start)
        }
        if ends(source, next, byte, isEqualSign: next == start + 1 && bytes[start] == UInt8(ascii: "=")) { break }
      }
      next += 1
    }
    place = next
    return source.text(start, next)
  }

  /// Reads a word that has a quote here, from its start on.
  private mutating func quotedWord(_ source: FlowSource, _ lineStart: Int, from start: Int) -> String {
    let bytes = source.bytes
    var text = Array(bytes[start..<place])
    var openedAt: Int?
    while place < bytes.count {
      let byte = bytes[place]
      if openedAt != nil {
        if source.lineEnd(at: place) > 0 { break }
        let next = place + 1 < bytes.count ? bytes[place + 1] : 0
        if byte == UInt8(ascii: "\\"), next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") {
          text.append(next)
          place += 1
        } else if byte == UInt8(ascii: "\"") {
          openedAt = nil
        } else {
          text.append(byte)
        }
        place += 1
        continue
      }
      if byte == UInt8(ascii: "\"") {
        openedAt = place
      } else if ends(source, place, byte, isEqualSign: text == [UInt8(ascii: "=")]) {
        break
      } else {
        text.append(byte)
      }
      place += 1
    }
    if let openedAt, unclosedQuote == nil {
      unclosedQuote = FlowSpan(line: line, lineStart: lineStart, start: openedAt, end: place)
    }
    return String(decoding: text, as: UTF8.self)
  }
}
