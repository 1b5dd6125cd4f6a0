// How reports look: colour when it is asked for, never as the only carrier, and lines that fit.

/// The look of a report.
public struct Style: Hashable, Sendable {
  /// Whether ANSI colours are used.
  public var color: Bool
  /// The widest line in columns, at least 40.
  public var width: Int

  /// Makes a look.
  public init(color: Bool = false, width: Int = 80) {
    self.color = color
    self.width = max(40, width)
  }

  /// What a piece of text is.
  package enum Role: String {
    case title = "1"
    case place = "36"
    case location = "2"
    case change = "33"
    case good = "32"
    case bad = "31"
    case plain = ""
  }

  package func paint(_ text: String, _ role: Role) -> String {
    color && role != .plain && !text.isEmpty ? "\u{1b}[\(role.rawValue)m\(text)\u{1b}[0m" : text
  }

  /// Splits a text at blanks into lines of at most `room` columns; a longer word stands alone. Control characters are
  /// shown as `?`, so that no input can move the cursor.
  package static func wrap(_ text: String, room: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in printable(text).split(separator: " ", omittingEmptySubsequences: true) {
      if !line.isEmpty, line.count + 1 + word.count > room {
        lines.append(line)
        line = ""
      }
      if !line.isEmpty { line += " " }
      line += word
    }
    if !line.isEmpty || lines.isEmpty { lines.append(line) }
    return lines
  }

  /// The text with control characters replaced.
  package static func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
  }

  package static func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}
