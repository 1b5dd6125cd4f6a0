// Writes JSON text without anything but the standard library.

/// Writes JSON text.
struct JSONWriter {
  /// A value.
  indirect enum Value {
    case text(String)
    case number(Int)
    case truth(Bool)
    case list([Value])
    case object([(String, Value)])
  }

  /// A value as text, on one line.
  static func line(_ value: Value) -> String {
    var text = ""
    write(value, into: &text, indent: nil)
    return text
  }

  /// A value as text, a member a line, with a newline at its end.
  static func document(_ value: Value) -> String {
    var text = ""
    write(value, into: &text, indent: 0)
    return text + "\n"
  }

  private static func write(_ value: Value, into text: inout String, indent: Int?) {
    switch value {
    case .text(let string): quote(string, into: &text)
    case .number(let number): text += "\(number)"
    case .truth(let truth): text += truth ? "true" : "false"
    case .list(let values):
      enclosed("[", "]", values.count, into: &text, indent) { index, text, inner in
        write(values[index], into: &text, indent: inner)
      }
    case .object(let members):
      enclosed("{", "}", members.count, into: &text, indent) { index, text, inner in
        quote(members[index].0, into: &text)
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

  private static func quote(_ string: String, into text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7f {
          let digits = String(scalar.value, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
    text += "\""
  }
}
