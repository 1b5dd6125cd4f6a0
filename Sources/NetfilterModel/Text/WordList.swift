// Comma-separated lists of words as the older extensions of iptables read them: any case, and cut short.

/// Lists of words that stand for bits.
enum WordList {
  /// Whether `word` is what `name` starts with, in any case; an empty word fits nothing (iptables: `strncasecmp` up to the word's length).
  static func isAbbreviation(_ word: some StringProtocol, of name: String) -> Bool {
    let count = word.utf8.count
    guard count > 0, count <= name.utf8.count else { return false }
    let isPrefix = word.utf8.withContiguousStorageIfAvailable { word in
      name.utf8.withContiguousStorageIfAvailable { name in
        (0..<count).allSatisfy { lowerCase(word[$0]) == lowerCase(name[$0]) }
      }
    }
    return isPrefix.flatMap { $0 } ?? zip(word.utf8, name.utf8).allSatisfy { lowerCase($0) == lowerCase($1) }
  }

  private static func lowerCase(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
  }

  /// The text before the first `separator`, and the text after it, nil when there is none.
  static func cut(_ text: Substring, at separator: UInt8) -> (Substring, Substring?) {
    guard let place = text.utf8.firstIndex(of: separator) else { return (text, nil) }
    return (text[..<place], text[text.utf8.index(after: place)...])
  }

  /// The names of the bits, separated by commas.
  static func print(_ bits: UInt16, _ names: [(name: String, bits: UInt16)]) -> String {
    var text = ""
    for index in names.indices where bits & names[index].bits != 0 {
      if !text.isEmpty { text += "," }
      text += names[index].name
    }
    return text
  }
}
