// Reads the words of one iptables command: commands, conditions, matches, target. What getopt_long and iptables'
// do_parse do with them decides; what is found is a value, applied elsewhere.

/// What a command is read against.
struct RuleContext {
  var family: AddressFamily
  /// The table that the command is for when it does not say.
  var table: TableKind
  /// Whether iptables-restore reads the line: it refuses `-t` and `-w`.
  var isRestore: Bool
  /// The chains that exist at this point.
  var chains: [String: Int]
  /// Chains whose declaration was wrong.
  var poisoned: Set<String>
  /// Where rules are to be found: the file, and the line from 1.
  var file: String
  var line: Int
  /// Whether messages propose names that are like a wrong one.
  var suggests = true
  /// The word by which a command line calls the tool.
  var toolWord = "iptables"

  func chainExists(_ name: String) -> Bool { chains[name] != nil || poisoned.contains(name) }
}

/// Reads one command.
struct RuleParser {
  let context: RuleContext
  let words: ArgumentWords
  /// The next word to be read.
  var next = 0
  /// How many bytes of the word before the next have been read, when it is a cluster of short options (`-vf`); 0 otherwise.
  var clusterOffset = 0
  var findings: [Finding] = []

  // What was read.
  var command: CommandKind?
  var commandSpan = 0..<0
  var chain: String?
  var chainSpan = 0..<0
  var second: String?
  var secondSpan = 0..<0
  var number: Int?
  var table: TableKind
  var tableOption: TableKind?
  var header = RuleHeader()
  var given = GivenOptions()
  /// The word of the option that is being read.
  var optionIndex = 0
  var sourceText: ArgumentWord?
  var destinationText: ArgumentWord?
  var protocolName: String?
  var counters: Counters?
  /// Whether counters stood before the rule, which `-c` then cannot give again.
  var refusesSecondCounters = false
  var loaded: [LoadedExtension] = []
  var jump: ArgumentWord?
  var jumpName = ""
  var isGoto = false
  var hasTriedProtocol = false
  var isForOtherFamily = false
  /// Words behind `--`.
  var strayWords: Range<Int>?
  /// A `!` that nothing follows.
  var lastNegation: Range<Int>?
  /// What ends a command line where it stands: `-V`, `-h`.
  var asked: RulesetCommand?
  /// Whether `-Z` stands beside `-L` or `-S`.
  var isZeroing = false
  /// How often `-v` was given.
  var verbosity = 0
  /// Whether `-w` was given, and `-W`.
  var hasWait = false
  var hasWaitInterval = false
  /// A problem after which complaints about what is missing would only be consequences.
  var isDamaged = false

  enum CommandKind {
    case append, check, delete, deleteNumber, insert, replace, list, listRules, flush, zero, newChain
    case deleteChain, renameChain, policy

    /// Whether a rule follows.
    var isForRules: Bool {
      switch self {
      case .append, .insert, .replace, .delete, .check: true
      default: false
      }
    }

    /// The option that gives the command.
    var option: BaseOption {
      switch self {
      case .append: .append
      case .check: .check
      case .delete, .deleteNumber: .delete
      case .insert: .insert
      case .replace: .replace
      case .list: .list
      case .listRules: .listRules
      case .flush: .flush
      case .zero: .zero
      case .newChain: .newChain
      case .deleteChain: .deleteChain
      case .renameChain: .renameChain
      case .policy: .policy
      }
    }
  }

  init(_ context: RuleContext, _ words: ArgumentWords) {
    self.context = context
    self.words = words
    table = context.table
  }

  /// Reads the words; nil when they cannot be applied, and then `findings` has an error.
  mutating func parse() -> ParsedCommand? {
    var inverted: Range<Int>?
    while next < words.count || clusterOffset > 0 {
      if clusterOffset > 0 {
        shortOption(&inverted)
        continue
      }
      optionIndex = next
      let word = words[next]
      next += 1
      if words.byte(word, at: 0) != 0x2d || word.text.count == 1 {
        if words.isByte(word, 0x21) {
          if inverted != nil {
            report(
              .negationTwice, word.span, "two `!` in a row", help: "remove one of them",
              .parameter("multiple consecutive ! not allowed"))
          }
          inverted = word.span
        } else if !collectedByUnknownExtension(word, &inverted) {
          strayWord(word)
          inverted = nil
        }
        continue
      }
      let letter = words.byte(word, at: 1)
      if letter == 0x2d, word.text.count == 2 {
        if next < words.count { strayWords = words[next].span }
        next = words.count
        break
      }
      if letter == 0x2d {
        longOption(word, &inverted)
      } else {
        clusterOffset = 1
        shortOption(&inverted)
      }
      if let asked { return ParsedCommand(command: asked, table: nil, chainSpan: word.span, secondSpan: word.span) }
      if isForOtherFamily {
        return ParsedCommand(command: .nothing, table: nil, chainSpan: word.span, secondSpan: word.span)
      }
    }
    lastNegation = inverted
    return finished()
  }

  /// The span of all words.
  var span: Range<Int> {
    guard let first = words.first, let last = words.last else { return 0..<1 }
    return first.span.lowerBound..<last.span.upperBound
  }

  mutating func report(
    _ id: DiagnosticID, _ span: Range<Int>, _ message: String, help: String? = nil,
    _ refusal: ToolRefusal? = nil
  ) {
    var finding = Finding(id: id, span: span, message: message, help: help, refusal: refusal)
    if case .warning = finding.refusal { finding.severity = .warning }
    findings.append(finding)
  }

  /// The word that getopt_long has read last: that of the option, or the one before while a cluster is not finished.
  var wordOfGetopt: String {
    let place = clusterOffset > 0 ? next - 2 : next - 1
    return words.indices.contains(place) ? words.text(words[place]) : context.toolWord
  }

  var hasErrors: Bool { findings.contains { $0.severity == .error } }

  /// Reports a word that belongs to nothing and passes over what follows it.
  private mutating func strayWord(_ word: ArgumentWord) {
    var help: String?
    let text = words.text(word)
    if text.hasPrefix("#") {
      help = "a comment must start in the first column; use `-m comment --comment \"...\"` in a rule"
      next = words.count
    } else if text == "COMMIT" {
      help = "the line must be exactly `COMMIT`, without blanks around it, and end with a newline"
    } else if text == "iptables" || text == "ip6tables" {
      help = "a rule file has the words after `\(text)` only"
    } else if text == "\\" {
      help = "a rule must stand on one line; there is no continuation"
    }
    report(.strayWord, word.span, "`\(text)` belongs to no option", help: help, .plain("Bad argument `\(text)'"))
    isDamaged = true
    skipArguments()
  }

  /// Passes over words up to the next that starts with `-` or is `!`.
  mutating func skipArguments() {
    while next < words.count, words.byte(words[next], at: 0) != 0x2d, !words.isByte(words[next], 0x21) { next += 1 }
  }

  /// Whether an argument follows (iptables: `xs_has_arg`).
  var hasArgument: Bool {
    guard next < words.count else { return false }
    let first = words.byte(words[next], at: 0)
    return first != 0x2d && first != 0x21
  }

  // MARK: Options

  private mutating func longOption(_ word: ArgumentWord, _ inverted: inout Range<Int>?) {
    let split = words.offset(of: 0x3d, in: word)
    var nameWord = word.dropping(2)
    if let split { nameWord.text = nameWord.text.lowerBound..<(word.text.lowerBound + split) }
    var value = split.map { word.dropping($0 + 1) }
    var name: String { words.text(nameWord) }
    var meaning = self.meaning(of: nameWord)
    switch meaning {
    case .none, .ambiguous:
      if loadProtocolMatch(for: name, at: word.span) { meaning = self.meaning(of: nameWord) }
    default: break
    }
    switch meaning {
    case .base(let option):
      switch option.argument {
      case .none where value != nil:
        report(
          .unexpectedArgument, word.span, "option `--\(name)` takes no argument",
          .parameter("unknown option \"\(wordOfGetopt)\""))
        isDamaged = true
        inverted = nil
        return
      case .required where value == nil:
        let missing = next < words.count ? "" : "--\(name)"
        value = argument(of: missing, at: word.span)
        if value == nil {
          inverted = nil
          return
        }
      default: break
      }
      let isGlued = split != nil
      base(option, word, value, isGlued: isGlued, inverted)
      inverted = nil
    case .ofExtension(let index, let row):
      extensionOption(index, row, word, value, inverted)
      inverted = nil
    case .ambiguous(let names):
      report(
        .ambiguousOption, word.span, "option `--\(name)` is short for several options",
        help: "write one of \(names.prefix(6).map { "`--\($0)`" }.joined(separator: ", "))",
        .parameter("unknown option \"\(wordOfGetopt)\""))
      isDamaged = true
      skipArguments()
      inverted = nil
    case .none:
      if keptByUnknownExtension(word, &inverted) { return }
      unknownOption(name, word)
      inverted = nil
    }
  }

  /// Reads the next letter of a cluster.
  private mutating func shortOption(_ inverted: inout Range<Int>?) {
    let word = words[max(0, next - 1)]
    let letter = words.byte(word, at: clusterOffset)
    clusterOffset = clusterOffset + 1 < word.text.count ? clusterOffset + 1 : 0
    guard let option = BaseOption(letter: letter) else {
      let unknown = wordOfGetopt
      clusterOffset = 0
      if keptByUnknownExtension(word, &inverted) { return }
      report(
        .unknownOption, word.span, "there is no option `-\(Character(UnicodeScalar(letter)))`",
        help: word.text.count > 2 ? "long options start with two dashes: `-\(words.text(word))`" : nil,
        .parameter("unknown option \"\(unknown)\""))
      isDamaged = true
      skipArguments()
      inverted = nil
      return
    }
    var value: ArgumentWord?
    var isGlued = false
    if option.argument != .none {
      if clusterOffset > 0 {
        value = word.dropping(clusterOffset)
        isGlued = true
        clusterOffset = 0
      } else if option.argument == .required {
        value = argument(of: option.display, at: word.span)
        if value == nil {
          inverted = nil
          return
        }
      }
    }
    base(option, word, value, isGlued: isGlued, inverted)
    inverted = nil
  }

  /// The next word, as the argument that an option requires.
  mutating func argument(of name: @autoclosure () -> String, at span: Range<Int>) -> ArgumentWord? {
    guard next < words.count else {
      report(
        .missingArgument, span, "option `\(name())` needs an argument",
        .parameter("option \"\(wordOfGetopt)\" requires an argument"))
      isDamaged = true
      return nil
    }
    next += 1
    return words[next - 1]
  }

  /// Finds the option that a long name means, as getopt_long does: exact names first, then abbreviations of one option.
  private func meaning(of word: ArgumentWord) -> OptionMeaning {
    let exact = words.withBytes(word) { (bytes) -> OptionMeaning? in
      if let option = BaseOption.byName[bytes] { return .base(option) }
      for index in loaded.indices.reversed() where !loaded[index].isCompleted {
        if let row = loaded[index].entry?.spellings[bytes] { return .ofExtension(index, row: row) }
      }
      return nil
    }
    if let exact { return exact }
    let name = words.text(word)
    // An unknown extension may have an option of just this name: nothing is taken for an abbreviation then.
    guard !name.isEmpty, !loaded.contains(where: { $0.unknown != nil }) else { return .none }
    var found: OptionMeaning = .none
    var names: [String] = []
    // ip6tables has no long name for `-f`, so that nothing is short for it.
    for option in BaseOption.allCases where option != .fragment || context.family == .ipv4 {
      if let full = option.row.names.first(where: { $0.hasPrefix(name) }) {
        found = .base(option)
        names.append(full)
      }
    }
    for index in loaded.indices.reversed() where !loaded[index].isCompleted {
      guard let entry = loaded[index].entry else { continue }
      for (row, option) in entry.options.enumerated() {
        if let full = ([option.name] + option.aliases).first(where: { $0.hasPrefix(name) }) {
          found = .ofExtension(index, row: row)
          names.append(full)
        }
      }
    }
    return names.count > 1 ? .ambiguous(names) : found
  }

  private mutating func unknownOption(_ name: String, _ word: ArgumentWord) {
    var candidates = BaseOption.allCases.flatMap { $0.row.names }
    for loaded in loaded { candidates += loaded.entry?.spellings.names.sorted() ?? [] }
    candidates += namesOfProtocolMatch
    var help: String?
    if let nearest = context.suggests ? Spelling.nearest(to: name, among: candidates) : nil {
      help = "did you mean `--\(nearest)`?"
    } else if let protocols = RuleParser.protocols(of: name, family: context.family) {
      help = "give the protocol before it, with \(protocols.map { "`-p \($0)`" }.joined(separator: " or "))"
    } else if let owner = RuleParser.owner(of: name, family: context.family) {
      help =
        owner.isMatch
        ? "the option belongs to the match `\(owner.name)`: load it before with `-m \(owner.name)`"
        : "the option belongs to the target `\(owner.name)`"
    } else if context.suggests, let nearest = RuleParser.nearestOption(to: name, family: context.family) {
      help = "did you mean `--\(nearest.option)`? It needs \(nearest.needs)"
    }
    report(
      .unknownOption, word.span, "there is no option `--\(name)` here", help: help,
      .parameter("unknown option \"\(wordOfGetopt)\""))
    isDamaged = true
    if words.offset(of: 0x3d, in: word) == nil { skipArguments() }
  }

  /// The options of the match that the rule's protocol would load by itself.
  private var namesOfProtocolMatch: [String] {
    guard let protocolName, let number = AddressSyntax.protocolNumber(protocolName), let name = number.name else {
      return []
    }
    return (ExtensionCatalog.matches[name] ?? []).flatMap { $0.spellings.names.sorted() }
  }

  /// The protocols whose own match, which they load by themselves, has an option; nil for fewer than two.
  private static func protocols(of name: String, family: AddressFamily) -> [String]? {
    let owners = ExtensionRegistry.matches.filter {
      $0.spec.protocols.count == 1 && $0.spellings[name] != nil && $0.spec.families.contains(family)
    }
    return owners.count > 1 ? owners.map { $0.spec.name } : nil
  }

  /// The nearest option of all matches, and what makes it known.
  private static func nearestOption(to name: String, family: AddressFamily) -> (option: String, needs: String)? {
    let matches = ExtensionRegistry.matches.filter { $0.spec.families.contains(family) }
    guard let option = Spelling.nearest(to: name, among: matches.flatMap { $0.spellings.names.sorted() }) else {
      return nil
    }
    if let protocols = protocols(of: option, family: family) {
      return (option, "the protocol before it, " + protocols.map { "`-p \($0)`" }.joined(separator: " or "))
    }
    return owner(of: option, family: family).map { (option, "`-m \($0.name)` before it") }
  }

  /// The first extension that has an option with this name.
  private static func owner(of name: String, family: AddressFamily) -> ExtensionKind? {
    for index in [ExtensionCatalog.matches, ExtensionCatalog.targets] {
      let owner = index.values.joined().filter { $0.spellings[name] != nil && $0.spec.families.contains(family) }
        .min { $0.name < $1.name }
      if let owner { return owner }
    }
    return nil
  }
}
