// A word of the flow language, and where it stands.

import NetfilterModel
import Simulator

/// A part of a text on one physical line, by bytes; `FlowSource` makes a place for people of it.
struct FlowSpan: Equatable {
  /// The number of the physical line, from 1.
  var line: Int
  /// The byte at which that line begins.
  var lineStart: Int
  /// The first byte.
  var start: Int
  /// The byte behind the last one.
  var end: Int

  /// From the start of one span to the end of another on the same line; the first alone when they stand on two.
  init(joining first: FlowSpan, _ last: FlowSpan) {
    self = first
    if last.line == first.line { end = max(start + 1, last.end) }
  }

  init(line: Int, lineStart: Int, start: Int, end: Int) {
    self.line = line
    self.lineStart = lineStart
    self.start = start
    self.end = end
  }

  /// A part of it, by the number of bytes before it; up to the end when no length is given.
  func part(from offset: Int, length: Int? = nil) -> FlowSpan {
    var result = self
    result.start = min(start + offset, end)
    if let length { result.end = min(result.start + length, end) }
    return result
  }
}

/// A word of the flow language.
struct FlowWord {
  /// The text, without the quotes around it or inside it.
  var text: String
  /// Whether the whole word was quoted.
  var isQuoted: Bool
  /// Where it stands.
  var range: FlowSpan
}
