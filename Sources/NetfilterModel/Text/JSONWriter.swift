// Writes JSON text without anything but the standard library.

/// Writes JSON text.
package enum JSONWriter {
  /// A value.
  package indirect enum Value {
    case text(String)
    case number(Int)
    case truth(Bool)
    case list([Value])
    case object([(String, Value)])
    /// What is JSON already.
    case raw(String)
  }

  /// A value as text, on one line.
  package static func line(_ value: Value) -> String {
    var text = ""
    write(value, into: &text, indent: nil)
    return text
  }

  /// A value as text, a member a line, with a newline at its end.
  package static func document(_ value: Value) -> String {
    var text = ""
    write(value, into: &text, indent: 0)
    return text + "\n"
  }

  private static func write(_ value: Value, into text: inout String, indent: Int?) {
    switch value {
    case .text(let string): text += quoted(string)
    case .number(let number): text += "\(number)"
    case .truth(let truth): text += truth ? "true" : "false"
    case .raw(let json): text += json
    case .list(let values):
      enclosed("[", "]", values.count, into: &text, indent) { index, text, inner in
        write(values[index], into: &text, indent: inner)
      }
    case .object(let members):
      enclosed("{", "}", members.count, into: &text, indent) { index, text, inner in
        text += quoted(members[index].0)
        text += indent == nil ? ":" : ": "
        write(members[index].1, into: &text, indent: inner)
      }
    }
  }

  private static func enclosed(
    _ open: String, _ close: String, _ count: Int, into text: inout String, _ indent: Int?,
    _ member: (Int, inout String, Int?) -> Void
  ) {
    text += open
    let inner = indent.map { $0 + 2 }
    for index in 0..<count {
      if index > 0 { text += "," }
      if let inner { text += "\n" + String(repeating: " ", count: inner) }
      member(index, &text, inner)
    }
    if count > 0, let indent { text += "\n" + String(repeating: " ", count: indent) }
    text += close
  }

  private static func quoted(_ string: String) -> String {
    "\""
      + string.replacingScalars { scalar in
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\t": return "\\t"
        // The separators of lines and paragraphs are ends of lines to older readers of scripts.
        case "\u{0}"..."\u{1f}", "\u{7f}", "\u{2028}", "\u{2029}":
          let digits = String(scalar.value, radix: 16)
          return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: return nil
        }
      } + "\""
  }
}
