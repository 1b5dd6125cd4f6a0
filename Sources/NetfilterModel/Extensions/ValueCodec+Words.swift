// Comma-separated lists of words as the older extensions of iptables read them: any case, and cut short.

/// Whether `word` is what `name` starts with, in any case; an empty word fits nothing (iptables: `strncasecmp` up to the word's length).
func isAbbreviation(_ word: some StringProtocol, of name: String) -> Bool {
  var rest = name.utf8.makeIterator()
  for byte in word.utf8 {
    guard let other = rest.next(), lowerCase(byte) == lowerCase(other) else { return false }
  }
  return !word.isEmpty
}

private func lowerCase(_ byte: UInt8) -> UInt8 {
  byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
}

/// The bits that a list such as `NEW,ESTABLISHED` stands for; of several names that fit an abbreviation the first counts.
///
/// - Throws: `OptionError` for an empty or unknown word; `what` names the kind of word in its text.
func parseWords(_ text: String, _ names: [(name: String, bits: UInt16)], what: String) throws(OptionError) -> UInt16 {
  var bits: UInt16 = 0
  for part in text.utf8.split(separator: 0x2c, omittingEmptySubsequences: false) {
    let word = Substring(part)
    guard let entry = names.first(where: { isAbbreviation(word, of: $0.name) }) else {
      throw OptionError(
        "`\(word)` is not \(what)",
        help: "one of " + names.map(\.name).joined(separator: ", ") + ", separated by commas")
    }
    bits |= entry.bits
  }
  return bits
}
