// Renders diagnostics for people: place, message, source line, caret, help.

/// Renders diagnostics as text.
public struct DiagnosticRenderer: Sendable {
  /// Whether ANSI colours are used.
  public var isColoured: Bool
  /// The widest source line that is shown whole; a longer one is cut around the place.
  public var width: Int

  /// Whether the number of the kind stands before its name.
  public var showsNumber: Bool

  /// Makes a renderer; `width` is at least 20 columns.
  public init(isColoured: Bool = false, width: Int = 80, showsNumber: Bool = false) {
    self.isColoured = isColoured
    self.width = max(20, width)
    self.showsNumber = showsNumber
  }

  /// How many diagnostics are shown at most.
  public static let mostShown = 100

  /// The diagnostics, one after the other: the first 100, errors before others, in their order, and how many there are besides.
  public func render(_ diagnostics: [Diagnostic]) -> String {
    guard diagnostics.count > DiagnosticRenderer.mostShown else { return diagnostics.map(render).joined() }
    // The errors are what ends the work: they are not hidden behind warnings.
    var room = DiagnosticRenderer.mostShown
    var shown = [Bool](repeating: false, count: diagnostics.count)
    for areErrors in [true, false] {
      for (index, diagnostic) in diagnostics.enumerated()
      where room > 0 && (diagnostic.severity == .error) == areErrors {
        shown[index] = true
        room -= 1
      }
    }
    var text = ""
    for (index, diagnostic) in diagnostics.enumerated() where shown[index] { text += render(diagnostic) }
    let hidden = diagnostics.indices.filter { !shown[$0] }
    let errors = hidden.filter { diagnostics[$0].severity == .error }.count
    return text + "and \(hidden.count) more, \(errors) of them error\(errors == 1 ? "" : "s")\n"
  }

  /// One diagnostic: `file:line:column: error: message [id]`, the source line, a caret line and the help.
  public func render(_ diagnostic: Diagnostic) -> String {
    let range = diagnostic.range
    var text = colour("1", "\(range.file):\(range.line):\(range.column): ")
    text += colour(
      diagnostic.severity == .error ? "1;31" : diagnostic.severity == .warning ? "1;35" : "1;36",
      "\(diagnostic.severity.rawValue): ")
    let number = showsNumber ? "\(diagnostic.id.number) " : ""
    text += "\(DiagnosticRenderer.printable(diagnostic.message)) [\(number)\(diagnostic.id.rawValue)]\n"
    if !diagnostic.sourceLine.isEmpty { text += source(diagnostic) }
    if let help = diagnostic.help {
      text += "  " + colour("1;32", "help: ") + DiagnosticRenderer.printable(help) + "\n"
    }
    return text
  }

  private func source(_ diagnostic: Diagnostic) -> String {
    // One column for each character: tabs and control characters are shown as one blank or one sign.
    var line = diagnostic.sourceLine.map { DiagnosticRenderer.printable($0) }
    var column = min(max(0, diagnostic.range.column - 1), line.count)
    let room = width - 2
    if line.count > room {
      let inner = room - 6
      let start = max(0, min(column - inner / 3, line.count - inner))
      let end = min(line.count, start + inner)
      var cut = Array(line[start..<end])
      column -= start
      if start > 0 {
        cut = ["...", ""] + cut
        column += 3
        cut.remove(at: 1)
      }
      if end < line.count { cut.append("...") }
      line = cut.flatMap { $0.map(String.init) }
    }
    let length = max(1, min(diagnostic.range.length, line.count - column))
    let caret = String(repeating: " ", count: column) + colour("1;32", "^" + String(repeating: "~", count: length - 1))
    return "  \(line.joined())\n  \(caret)\n"
  }

  private func colour(_ code: String, _ text: String) -> String {
    isColoured ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }

  /// A character as it can be shown in one column.
  private static func printable(_ character: Character) -> String {
    if character == "\t" { return " " }
    if let scalar = character.unicodeScalars.first, scalar.value < 0x20 || (scalar.value >= 0x7f && scalar.value < 0xa0)
    {
      return "?"
    }
    return String(character)
  }

  /// A text without characters that would control a terminal.
  private static func printable(_ text: String) -> String {
    text.unicodeScalars.contains { $0.value < 0x20 || ($0.value >= 0x7f && $0.value < 0xa0) }
      ? text.map(printable).joined() : text
  }
}
