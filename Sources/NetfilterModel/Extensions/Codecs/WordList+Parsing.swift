// Word lists in options.

extension WordList {
  /// The bits that a list such as `NEW,ESTABLISHED` stands for; of several names that fit an abbreviation the first counts.
  ///
  /// - Throws: `OptionError` for an empty or unknown word; `what` names the kind of word in its text.
  static func parse(
    _ text: String, _ names: [(name: String, bits: UInt16)], what: String, tool: String? = nil
  ) throws(OptionError) -> UInt16 {
    var bits: UInt16 = 0
    var rest: Substring? = text[...]
    while let words = rest {
      let (word, others) = cut(words, at: 0x2c)
      rest = others
      guard let entry = names.first(where: { isAbbreviation(word, of: $0.name) }) else {
        throw OptionError(
          "`\(word)` is not \(what)",
          help: Spelling.nearest(to: String(word), among: names.map { $0.name }).map { "did you mean `\($0)`?" }
            ?? "one of " + names.map { $0.name }.joined(separator: ", ") + ", separated by commas",
          tool: tool.map { "\($0) \"\(words)\"" })
      }
      bits |= entry.bits
    }
    return bits
  }
}
