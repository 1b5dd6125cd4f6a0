// Saved output in a form that is not read: coloured, or JSON. Said once for the whole file, with the call that prints the right one.

import NetfilterModel

/// The form of saved output.
enum SavedOutputForm {
  case text, coloured, json

  /// The form of a text, told by its first bytes and by escape sequences.
  init(_ text: String) {
    let first = text.utf8.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0a && $0 != 0x0d }
    if first == 0x5b || first == 0x7b {
      self = .json
    } else if text.utf8.contains(0x1b) {
      self = .coloured
    } else {
      self = .text
    }
  }

  /// What is wrong with the form, and what to do; nil for text.
  func problem(of output: SavedOutput) -> (message: String, help: String)? {
    let command = output.command
    switch self {
    case .text: return nil
    case .coloured:
      let plain = output == .sysctl ? "TERM=dumb sysctl -a" : "ip -c=never \(output.rawValue)"
      return ("this output has colour codes in it", "save it without them: \(plain) >FILE")
    case .json:
      return (
        "this output is JSON, and the text of `\(command)` is read",
        "save it as text: \(command) >FILE"
      )
    }
  }
}
