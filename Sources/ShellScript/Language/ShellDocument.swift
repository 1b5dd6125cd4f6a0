// A here-document.

/// The text of a here-document before it is expanded.
struct ShellDocument: Sendable {
  var word: ShellWord
  /// How many lines it has in the script.
  var lines: Int
}
