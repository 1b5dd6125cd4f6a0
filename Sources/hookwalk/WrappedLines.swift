// Complaints that fit a terminal: lines are broken at blanks, and escape sequences take no room.

/// Breaks lines at blanks.
enum WrappedLines {
  /// The text with no line wider than `width` columns, where its words allow it; what follows a break is indented by two more
  /// than the line.
  static func text(_ text: String, width: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line(String($0), width: max(20, width)) }
      .joined(separator: "\n")
  }

  private static func line(_ line: String, width: Int) -> String {
    guard columns(line) > width else { return line }
    let indent = line.prefix { $0 == " " }
    var result = String(indent)
    var used = indent.count
    var isFirst = true
    for word in line.dropFirst(indent.count).split(separator: " ", omittingEmptySubsequences: false) {
      let room = columns(word)
      if isFirst {
        isFirst = false
      } else if used + 1 + room > width {
        result += "\n" + indent + "  "
        used = indent.count + 2
      } else {
        result += " "
        used += 1
      }
      result += word
      used += room
    }
    return result
  }

  /// The columns that a text takes, without its escape sequences.
  private static func columns(_ text: some StringProtocol) -> Int {
    var count = 0
    var isEscape = false
    for character in text {
      if character == "\u{1b}" {
        isEscape = true
      } else if isEscape {
        if character.isLetter { isEscape = false }
      } else {
        count += 1
      }
    }
    return count
  }
}
