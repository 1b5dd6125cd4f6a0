// What people give as a packet that is none: words without quotes, a file.

/// Usual slips in operands, and what to do about them.
enum OperandSlip {
  /// What to do when an operand cannot be read as a packet; nil where it is meant as one.
  static func packet(_ number: Int, of operands: [String]) -> String? {
    let word = operands[number]
    if let advice = file(word) { return "a packet was expected, and `\(word)` is a file:\n\(advice)" }
    let begins = ["in", "local", "wait", "flush", "load"].contains(word)
    guard begins || ["reply", "again"].contains(word), number + 1 < operands.count else { return nil }
    let words = operands[number...].prefix(12).map { $0 == "->" ? ">" : $0 }
    let text = words.joined(separator: " ") + (number + words.count < operands.count ? " ..." : "")
    var message = "a packet is one argument: put quotes around it"
    if ["in", "local"].contains(word), !words.contains(">") {
      message +=
        " (without them the shell reads `> WORD` itself, and writes the output to a file WORD)"
    }
    return message + "\n  '\(text)'"
  }

  /// What to do with a file that stands where none is taken; nil where there is no such file.
  static func file(_ path: String) -> String? {
    guard let status = FileStatus(path: path), status.kind != .folder else { return nil }
    if path.hasSuffix(".flow") {
      return "  a host        hookwalk trace --host \(path) PACKET...\n  tests         hookwalk test \(path)"
    }
    if path.hasSuffix(".json") { return "  a scenario    hookwalk replay \(path)" }
    return "  a rule file   hookwalk trace --rules \(path) PACKET..."
  }
}
