// Writes JSON into a page; what could end the element that holds it is escaped.

/// A text of JSON that grows.
struct PageJSON {
  /// What was written so far.
  private(set) var text = ""

  /// Appends what is JSON already.
  mutating func raw(_ json: String) { text += json }

  /// Appends a string.
  mutating func string(_ value: String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      default:
        if scalar.value < 0x20 || scalar.value == 0x2028 || scalar.value == 0x2029 {
          let digits = String(scalar.value, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
    text += "\""
  }

  /// Appends a list.
  mutating func list<Values: Sequence>(_ values: Values, _ write: (inout PageJSON, Values.Element) -> Void) {
    text += "["
    var isFirst = true
    for value in values {
      if !isFirst { text += "," }
      isFirst = false
      write(&self, value)
    }
    text += "]"
  }

  /// Appends an object's members, in order.
  mutating func object(_ members: [(name: String, write: (inout PageJSON) -> Void)]) {
    text += "{"
    for (index, member) in members.enumerated() {
      if index > 0 { text += "," }
      string(member.name)
      text += ":"
      member.write(&self)
    }
    text += "}"
  }

  /// JSON as it can stand in a script element.
  static func inScript(_ json: String) -> String {
    var result = ""
    for scalar in json.unicodeScalars {
      if scalar == "<" { result += "\\u003c" } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }

  /// A text as it can stand in HTML and SVG, also in an attribute.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
