// Options of a command line as getopt_long reads them (getopt(3)).

/// Reads the options of iptables-restore and iptables-save, one after the other.
struct ToolOptions: Sendable {
  /// What comes next.
  enum Option: Sendable {
    /// An option by its letter, with its value; that of an optional one is nil where it is not glued to it.
    case flag(Character, String?)
    /// What getopt_long says of a word that is no option.
    case wrong(String)
  }

  /// What both tools say of `-b`.
  static let binary = "-b/--binary option is not implemented\n"

  private let known: [(name: String, letter: Character, needs: Bool)]
  private var rest: ArraySlice<String>
  /// The letters of a cluster that are still to be read.
  private var letters: Substring = ""
  /// The words that are no options.
  private(set) var operands: [String] = []

  init(_ arguments: [String], _ known: [(name: String, letter: Character, needs: Bool)]) {
    self.known = known
    rest = arguments[...]
  }

  /// The next option; nil when there is none.
  mutating func next() -> Option? {
    if let letter = letters.popFirst() { return short(letter) }
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        rest = []
      } else if word.hasPrefix("--") {
        return long(word)
      } else if word.hasPrefix("-"), word != "-" {
        letters = word.dropFirst()
        if let letter = letters.popFirst() { return short(letter) }
      } else {
        operands.append(word)
      }
    }
    return nil
  }

  /// The next word as the value of an option that may have one: only when it does not begin with a dash.
  mutating func takeValue() -> String? {
    guard letters.isEmpty, let word = rest.first, !word.hasPrefix("-"), !word.hasPrefix("!") else { return nil }
    rest.removeFirst()
    return word
  }

  private mutating func short(_ letter: Character) -> Option {
    guard let option = known.first(where: { $0.letter == letter }), letter.isASCII else {
      return .wrong("invalid option -- '\(letter)'")
    }
    guard option.needs else { return .flag(letter, nil) }
    if !letters.isEmpty {
      let value = String(letters)
      letters = ""
      return .flag(letter, value)
    }
    guard let value = rest.popFirst() else { return .wrong("option requires an argument -- '\(letter)'") }
    return .flag(letter, value)
  }

  private mutating func long(_ word: String) -> Option {
    let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first ?? ""
    var found = known.filter { $0.name == name && !name.isEmpty }
    if found.isEmpty { found = known.filter { $0.name.hasPrefix(name) && !$0.name.isEmpty } }
    guard let option = found.first else { return .wrong("unrecognized option '\(word)'") }
    if found.count > 1 {
      let list = found.map { " '--\($0.name)'" }.joined()
      return .wrong("option '\(word)' is ambiguous; possibilities:\(list)")
    }
    if option.needs {
      guard let value = parts.count > 1 ? String(parts[1]) : rest.popFirst() else {
        return .wrong("option '--\(option.name)' requires an argument")
      }
      return .flag(option.letter, value)
    }
    guard parts.count > 1 else { return .flag(option.letter, nil) }
    let isOptional = option.name == "wait" || option.name == "wait-interval"
    guard isOptional else { return .wrong("option '--\(option.name)' doesn't allow an argument") }
    return .flag(option.letter, String(parts[1]))
  }
}
