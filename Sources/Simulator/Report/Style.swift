// How reports look: colour when it is asked for, never as the only carrier, and lines that fit.

/// The look of a report.
public struct Style: Hashable, Sendable {
  /// Whether ANSI colours are used.
  public var color: Bool
  /// The widest line in columns, 40 to 1,000.
  public var width: Int

  /// Makes a look.
  public init(color: Bool = false, width: Int = 80) {
    self.color = color
    self.width = min(max(40, width), 1000)
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

  /// Breaks a text at blanks into lines of at most `room` columns; a longer word is broken where the room ends. Control
  /// characters are shown as `?`, so that no input can move the cursor.
  package static func wrap(_ text: String, room: Int) -> [String] {
    var content = ReportText()
    content.add(printable: text)
    var breaker = LineBreaker()
    breaker.split(content.bytes, room: room)
    return breaker.lines.map { String(decoding: content.bytes[$0], as: UTF8.self) }
  }

  /// The columns that a text takes on a terminal.
  package static func columns(_ text: String) -> Int { Columns.count(text) }

  /// The text with control characters replaced.
  package static func printable(_ text: String) -> String {
    var content = ReportText()
    content.add(printable: text)
    return content.string
  }

  package static func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}
