// Matches and targets inside a rule: loading them, handing them their options, keeping unknown ones whole.

/// A match or target while its options are read.
struct LoadedExtension {
  /// Nil for an unknown one.
  var entry: ExtensionKind?
  var match: Match?
  var target: Target?
  /// The words of an unknown one.
  var unknown: UnknownExtension?
  var span: Range<Int>
  /// The options that were given, by row.
  var rows = RowSet()
  /// Those among them that cannot stand beside some others, and where they stand.
  var exclusive: [(row: Int, span: Range<Int>)] = []
  /// Whether a later `-m` of the same name took its place for further options.
  var isCompleted = false
  /// Whether one of its options was wrong, so that what is missing need not be said.
  var isDamaged = false

  var name: String { entry?.name ?? unknown?.name ?? "" }
  var isTarget: Bool { target != nil }
}

extension RuleParser {
  // MARK: Loading

  /// `-m name`.
  mutating func load(match word: ArgumentWord) {
    let entries = words.withBytes(word) { ExtensionCatalog.matches[$0] } ?? []
    if let entry = entries.first(where: { $0.spec.families.contains(context.family) }) {
      load(entry, at: word.span)
      return
    }
    let name = words.text(word)
    if ExtensionCatalog.foreignMatches.contains(name) {
      keep(unknown: name, at: word.span, isTarget: false)
    } else if !entries.isEmpty {
      wrongFamily("match", word)
    } else {
      let known =
        !context.suggests ? [] : ExtensionCatalog.matches.names.sorted() + ExtensionCatalog.foreignMatches.sorted()
      report(
        .unknownMatch, word.span, "there is no match `\(name)`",
        help: Spelling.nearest(to: name, among: known).map { "did you mean `\($0)`?" },
        .parameter("Couldn't load match `\(name)':No such file or directory\n"))
      isDamaged = true
      // Its options are passed over with it.
      loaded.append(LoadedExtension(unknown: UnknownExtension(name: name), span: word.span))
    }
  }

  private mutating func load(_ entry: ExtensionKind, at span: Range<Int>) {
    if entry.isMatch {
      for index in loaded.indices where loaded[index].entry === entry { loaded[index].isCompleted = true }
    }
    loaded.append(
      LoadedExtension(
        entry: entry, match: entry.isMatch ? Match(entry) : nil, target: entry.isMatch ? nil : Target(entry), span: span
      ))
  }

  private mutating func keep(unknown name: String, at span: Range<Int>, isTarget: Bool) {
    let kept = UnknownExtension(name: name)
    let kind = isTarget ? "target" : "match"
    report(
      isTarget ? .unsupportedTarget : .unsupportedMatch, span,
      "\(kind) `\(name)` is not simulated: packets that reach it are undecided")
    loaded.append(
      LoadedExtension(
        match: isTarget ? nil : Match(unknown: kept), target: isTarget ? Target(unknown: kept) : nil, unknown: kept,
        span: span)
    )
  }

  private mutating func wrongFamily(_ kind: String, _ word: ArgumentWord) {
    let words = "Couldn't load \(kind) `\(words.text(word))':No such file or directory\n"
    report(
      .extensionForOtherFamily, word.span,
      "\(kind) `\(self.words.text(word))` is for \(context.family == .ipv4 ? "IPv6" : "IPv4") only",
      kind == "target" ? .late(words) : .parameter(words))
    if kind == "target", !context.isRestore { return }
    isDamaged = true
    loaded.append(LoadedExtension(unknown: UnknownExtension(name: self.words.text(word)), span: word.span))
  }

  /// Loads the match of the protocol when an option is met that nothing else has (iptables: `load_proto`); once a rule.
  mutating func loadProtocolMatch(for option: String, at span: Range<Int>) -> Bool {
    guard !hasTriedProtocol, let protocolName, let number = AddressSyntax.protocolNumber(protocolName), number != .any
    else { return false }
    hasTriedProtocol = true
    let name = parseUnsigned(protocolName, in: 0...255) != nil ? number.name : protocolName
    guard let name, let entries = ExtensionCatalog.matches[name],
      let entry = entries.first(where: { $0.spec.families.contains(context.family) })
    else { return false }
    guard !loaded.contains(where: { $0.entry === entry }),
      entry.spellings.names.contains(where: { $0.hasPrefix(option) })
    else { return false }
    load(entry, at: span)
    return true
  }

  /// `-j` and `-g`.
  mutating func setJump(_ word: ArgumentWord, help: String?) {
    let name = words.text(word)
    jump = word
    jumpName = name
    // Its declaration was complained about.
    if context.poisoned.contains(name) { return }
    if name.isEmpty || name.utf8.count > ChainName.longest
      || name.utf8.contains(where: { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0d) })
    {
      report(
        .badTargetName, word.span,
        name.isEmpty
          ? "the target's name is empty"
          : name.utf8.count > ChainName.longest
            ? "target name `\(name)` is longer than \(ChainName.longest) bytes"
            : "target name `\(name)` has a blank in it",
        help: help,
        .parameter(
          name.isEmpty
            ? "Invalid target name (too short)"
            : "Invalid target name `\(name)'"
              + (name.utf8.count > ChainName.longest ? " (\(ChainName.longest) chars max)" : "")))
      isDamaged = true
      return
    }
    if Verdict(name: name) != nil && !isGoto { return }
    if isGoto {
      if !context.chainExists(name) {
        report(
          .unknownChain, word.span, "`-g` needs a chain, and there is no chain `\(name)`",
          help: help ?? chainHelp(name), .late("goto '\(name)' is not a chain"))
      }
      return
    }
    let entries = ExtensionCatalog.targets[name] ?? []
    let isChain = context.chainExists(name)
    if isChain {
      if !entries.isEmpty {
        report(
          .chainHidesTarget, word.span, "`\(name)` is taken as the chain, not as the target",
          context.isRestore ? nil : .warning("Warning: using chain \(name), not extension"))
      }
      return
    }
    if let entry = entries.first(where: { $0.spec.families.contains(context.family) }) {
      load(entry, at: word.span)
    } else if !entries.isEmpty {
      wrongFamily("target", word)
    } else if ExtensionCatalog.foreignTargets.contains(name) {
      keep(unknown: name, at: word.span, isTarget: true)
    } else {
      report(
        .unknownChain, word.span, "there is no chain or target `\(name)`", help: help ?? chainHelp(name),
        .late("Couldn't load target `\(name)':No such file or directory\n"))
      guard context.isRestore else { return }
      isDamaged = true
      loaded.append(LoadedExtension(unknown: UnknownExtension(name: name), span: word.span))
    }
  }

  private func chainHelp(_ name: String) -> String? {
    guard context.suggests else { return nil }
    let known =
      context.chains.keys.sorted()
      + (isGoto ? [] : ["ACCEPT", "DROP", "RETURN", "QUEUE"] + ExtensionCatalog.targets.names.sorted())
    if let nearest = Spelling.nearest(to: name, among: known) { return "did you mean `\(nearest)`?" }
    return "a chain must be declared above its first use"
  }

  // MARK: Options of extensions

  mutating func extensionOption(
    _ index: Int, _ row: Int, _ word: ArgumentWord, _ glued: ArgumentWord?, _ inverted: Range<Int>?
  ) {
    guard loaded.indices.contains(index), let entry = loaded[index].entry, entry.options.indices.contains(row) else {
      return
    }
    let option = entry.options[row]
    var argument = OptionArgument(family: context.family, protocolNumber: header.protocolNumber)
    argument.inverted = inverted != nil
    var valueSpan = word.span
    switch option.arity {
    case .none:
      if glued != nil {
        report(
          .unexpectedArgument, word.span, "option `--\(option.name)` takes no argument",
          .parameter("unknown option \"\(wordOfGetopt)\""))
        loaded[index].isDamaged = true
        return
      }
    case .one, .two:
      guard let value = glued ?? self.argument(of: "--\(option.name)", at: word.span) else {
        loaded[index].isDamaged = true
        return
      }
      argument.text = words.text(value)
      valueSpan = value.span
      if option.arity == .two {
        guard hasArgument else {
          report(
            .missingArgument, word.span, "option `--\(option.name)` needs two arguments",
            help: "write it as `--\(option.name) \(option.placeholder)`",
            .parameter("--\(option.name) requires two args."))
          loaded[index].isDamaged = true
          return
        }
        argument.second = words.text(words[next])
        valueSpan = valueSpan.lowerBound..<max(valueSpan.upperBound, words[next].span.upperBound)
        next += 1
      }
    case .optional:
      if let glued {
        argument.text = words.text(glued)
        valueSpan = glued.span
      } else if hasArgument {
        argument.text = words.text(words[next])
        valueSpan = words[next].span
        next += 1
      }
    }
    if loaded[index].rows.contains(row), !option.isRepeatable {
      report(
        .optionGivenTwice, word.span, "option `--\(option.name)` is given more than once",
        .parameter(
          option.repetition ?? "\(entry.name): option \"--\(option.longestName)\" can only be used once.\n"))
      return
    }
    if let inverted, !option.canInvert {
      report(
        .negationNotAllowed, inverted, "`!` cannot stand before `--\(option.name)`",
        .parameter("\(entry.name): option \"--\(option.name)\" cannot be inverted.\n"))
      loaded[index].isDamaged = true
      return
    }
    // Some extensions look for that themselves, at once.
    if let words = option.repetition,
      option.excludes.contains(where: { entry.spellings[$0].map { loaded[index].rows.contains($0) } ?? false })
    {
      report(
        .optionsExcludeEachOther, word.span,
        "option `--\(option.name)` cannot stand beside `--\(option.excludes.joined(separator: "`, `--"))`",
        .parameter(words))
      loaded[index].isDamaged = true
      return
    }
    if !option.excludes.isEmpty { loaded[index].exclusive.append((row, word.span)) }
    loaded[index].rows.insert(row)
    do throws(OptionError) {
      try loaded[index].match?.parseOption(row, argument)
      try loaded[index].target?.parseOption(row, argument)
      if let words = loaded[index].match?.warning(row, argument) {
        report(
          .badOptionValue, valueSpan, "`\(argument.text)` is taken for `--\(option.name)`, but iptables warns of it",
          .warning(words))
      }
    } catch {
      loaded[index].isDamaged = true
      var help = error.help
      if argument.text == "!" {
        help = "put the `!` before the option"
        skipArguments()
      }
      report(
        .badOptionValue, valueSpan, error.message, help: help,
        error.tool(for: entry.name, option.name).map { .parameter($0) })
    }
  }

  // MARK: Unknown extensions

  /// Gives an option that nothing knows to the unknown extension that was named last.
  mutating func keptByUnknownExtension(_ word: ArgumentWord, _ inverted: inout Range<Int>?) -> Bool {
    guard let index = loaded.lastIndex(where: { $0.unknown != nil }) else { return false }
    // A target that cannot be loaded is missed only in the end: before that its options are.
    if loaded[index].match == nil, loaded[index].target == nil,
      let place = findings.lastIndex(where: { $0.refusal?.isLate == true && $0.span == loaded[index].span })
    {
      findings[place].refusal = .parameter("unknown option \"\(wordOfGetopt)\"")
    }
    if inverted != nil { loaded[index].unknown?.arguments.append("!") }
    inverted = nil
    loaded[index].unknown?.arguments.append(words.text(word))
    while hasArgument {
      loaded[index].unknown?.arguments.append(words.text(words[next]))
      next += 1
    }
    return true
  }

  /// Gives a stray word to the unknown extension that was named just before it.
  mutating func collectedByUnknownExtension(_ word: ArgumentWord, _ inverted: inout Range<Int>?) -> Bool {
    guard let last = loaded.last, last.unknown != nil else { return false }
    guard next >= 2, words[next - 2].span == last.span || words.isByte(words[next - 2], 0x21) else { return false }
    return keptByUnknownExtension(word, &inverted)
  }

  // MARK: Settling

  /// Checks what can be checked when all options were read; the matches and the target as they are then.
  mutating func settle() -> (matches: [Match], target: Target?) {
    if loaded.isEmpty { return ([], nil) }
    var rule = RuleSurroundings(family: context.family, table: table, hooks: [], header: header)
    var matches: [Match] = []
    var target: Target?
    matches.reserveCapacity(loaded.count)
    for index in loaded.indices {
      if let unknown = loaded[index].unknown {
        if loaded[index].match != nil { matches.append(Match(unknown: unknown)) }
        if loaded[index].target != nil { target = Target(unknown: unknown) }
        continue
      }
      rule.hasOptions = !loaded[index].rows.isEmpty
      if !loaded[index].isDamaged, !isDamaged { finish(index, rule) }
      if let match = loaded[index].match { matches.append(match) }
      if let loaded = loaded[index].target { target = loaded }
    }
    return (matches, target)
  }

  /// Lets an extension settle its options, and complains about one that is missing.
  private mutating func finish(_ index: Int, _ rule: RuleSurroundings) {
    guard let entry = loaded[index].entry else { return }
    do throws(OptionError) {
      try loaded[index].match?.finish(rule)
      try loaded[index].target?.finish(rule)
    } catch {
      report(
        .badExtension, loaded[index].span, error.message, help: error.help, error.tool.map { .parameter($0) })
      return
    }
    guard entry.hasChecks else { return }
    for row in entry.options.indices {
      guard !loaded[index].rows.contains(row) else {
        if excludes(row, index, entry) { return }
        continue
      }
      let missing = entry.options[row]
      guard missing.isMandatory else { continue }
      report(
        .missingOption, loaded[index].span, "`\(entry.name)` needs the option `--\(missing.name)`",
        help: missing.placeholder.isEmpty ? nil : "write it as `--\(missing.name) \(missing.placeholder)`",
        .parameter("\(entry.name): option \"--\(missing.name)\" must be specified\n"))
      return
    }
  }

  /// Complains about the first option that an option cannot stand beside, in the order of the option table (iptables:
  /// `xtables_options_fcheck`); whether there was one.
  private mutating func excludes(_ row: Int, _ index: Int, _ entry: ExtensionKind) -> Bool {
    let option = entry.options[row]
    let others = option.excludes.compactMap { entry.spellings[$0] }.filter { loaded[index].rows.contains($0) }
    guard let other = others.min(),
      let span = loaded[index].exclusive.last(where: { $0.row == row || $0.row == other })?.span
    else { return false }
    let names = (own: option.longestName, other: entry.options[other].longestName)
    report(
      .optionsExcludeEachOther, span, "option `--\(option.name)` cannot stand beside `--\(entry.options[other].name)`",
      .parameter(
        option.repetition
          ?? "\(entry.name): option \"--\(names.own)\" cannot be used together with \"--\(names.other)\".\n"))
    loaded[index].isDamaged = true
    return true
  }
}
