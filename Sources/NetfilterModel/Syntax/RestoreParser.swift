// Reads a rule file as iptables-restore 1.8.9 does, but goes on after a problem and reports all of them.

/// What a rule file gave: the tables that were committed, and every problem.
public struct RestoreResult: Sendable {
  /// The tables; a rule with a problem is left out.
  public var ruleset: Ruleset
  /// The problems in the order of their places.
  public var diagnostics: [Diagnostic]

  /// Makes a result.
  public init(ruleset: Ruleset, diagnostics: [Diagnostic]) {
    self.ruleset = ruleset
    self.diagnostics = diagnostics
  }

  /// Whether iptables-restore or the kernel would refuse the file.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// What becomes of the counters in a rule file.
public enum RestoreCounters: Hashable, Sendable {
  /// They are passed over, as `iptables-restore` does.
  case ignored
  /// They are taken over where they are there; a wrong pair is a warning.
  case kept
  /// They are taken over, and built-in chains must have them, as `iptables-restore -c` wants.
  case required
}

/// Reads rule files in the form of iptables-save.
public struct RestoreParser {
  /// The longest line in bytes without its newline; iptables-restore cuts longer ones in two.
  public static let longestLine = 10239

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - text: the contents of the file.
  ///   - file: its name, for diagnostics.
  ///   - family: whether it is for iptables or ip6tables.
  ///   - counters: what becomes of counters.
  /// - Returns: the tables and every problem; never fails.
  public static func parse(
    _ text: String, file: String, family: AddressFamily = .ipv4, counters: RestoreCounters = .kept
  ) -> RestoreResult {
    parse(Array(text.utf8), file: file, family: family, counters: counters)
  }

  /// Reads the bytes of a file, which must be valid UTF-8: what is not is replaced in names and messages.
  ///
  /// - Parameters:
  ///   - bytes: the contents of the file.
  ///   - file: its name, for diagnostics.
  ///   - family: whether it is for iptables or ip6tables.
  ///   - counters: what becomes of counters.
  ///   - loaded: the tables that are loaded before.
  ///   - keepsRules: whether their rules stay, as with `iptables-restore -n`.
  /// - Returns: the tables and every problem; never fails.
  public static func parse(
    _ bytes: [UInt8], file: String, family: AddressFamily = .ipv4, counters: RestoreCounters = .kept,
    onto loaded: Ruleset? = nil, keepsRules: Bool = false
  ) -> RestoreResult {
    var parser = RestoreParser(bytes, file: file, family: family, counters: counters)
    if let loaded { parser.ruleset = loaded }
    parser.keepsRules = keepsRules
    return parser.run()
  }

  /// Reads a file as iptables-restore does that is called with some options, and says what that tool would say.
  static func restore(
    _ bytes: [UInt8], file: String, family: AddressFamily, options: RestoreOptions, at place: RestorePlace,
    onto loaded: Ruleset
  ) -> (result: RestoreResult, speech: RestoreSpeech) {
    var parser = RestoreParser(
      bytes, file: file, family: family, counters: options.counters ? .required : .ignored)
    parser.ruleset = loaded
    parser.keepsRules = options.keepsRules
    parser.isTest = options.isTest
    parser.place = place
    parser.only = options.only
    parser.isPassedOver = options.only != nil
    let result = parser.run()
    return (result, parser.speech)
  }

  /// How many problems of a file are listed; those behind are counted.
  public static let mostProblems = 100_000
  /// How many bytes of a line that is too long are shown.
  static let shownOfLongLine = longestLine + 200
  /// Of how many lines one start is kept, so that a file of empty lines does not take eight times its size.
  static let linesPerStart = 8
  /// How many problems a file may have before names that are like a wrong one are no longer looked for.
  static let mostSuggestions = 200

  let file: String
  let family: AddressFamily
  let counterMode: RestoreCounters
  let bytes: [UInt8]
  /// Where the first line and every eighth after it starts.
  var lineStarts: [Int] = []
  var diagnostics: [Diagnostic] = []
  /// How many problems are not listed, and whether one of them is an error.
  var unlisted = 0
  var hasUnlistedError = false
  var ruleset: Ruleset
  /// Whether the rules of a table that is loaded stay.
  var keepsRules = false
  var builder: TableBuilder?
  /// Where the table that is being read began.
  var tableLine = 0
  /// Whether the table's name was wrong: its lines are read, but nothing is loaded.
  var isTableLost = false
  var hasReportedStrayLine = false
  var hasReportedLineEnd = false
  /// Whether the line before ended with a backslash or inside a quote, which was reported: this one belongs to it.
  var isContinuation = false
  /// The words of the line that is being read.
  var words: ArgumentWords
  /// Whether the last line that was split into words ended inside a quote.
  var isQuoteOpen = false
  /// What iptables-restore itself says so far.
  var speech: RestoreSpeech
  /// Where the text stands.
  var place = RestorePlace.below(0)
  /// Whether nothing is loaded in the end (`iptables-restore -t`), so that the kernel refuses nothing.
  var isTest = false
  /// The one table that is loaded (`iptables-restore -T`), or nil; and whether the lines that are read belong to another.
  var only: String?
  var isPassedOver = false

  private init(_ bytes: [UInt8], file: String, family: AddressFamily, counters: RestoreCounters) {
    self.file = file
    self.family = family
    counterMode = counters
    speech = RestoreSpeech(family: family)
    self.bytes = bytes
    words = ArgumentWords(bytes)
    ruleset = Ruleset(family: family)
  }

  private mutating func run() -> RestoreResult {
    var start = byteOrderMark()
    var line = 0
    while start < bytes.count {
      let newline = bytes[start...].firstIndex(of: 0x0a)
      if line % RestoreParser.linesPerStart == 0 { lineStarts.append(start) }
      line += 1
      self.line(line, start, newline ?? bytes.count, hasNewline: newline != nil)
      start = (newline ?? bytes.count) + 1
    }
    if let builder {
      report(
        tableLine,
        Finding(
          id: .missingCommit, span: 0..<max(1, lineRange(tableLine).count),
          message: "table `\(builder.kind.name)` is never committed: nothing of it is loaded",
          help: "end it with a line `COMMIT`",
          refusal: .failed("\(speech.tool): COMMIT expected at line \(line + 1)")))
    }
    if ruleset.tables.isEmpty, builder == nil, diagnostics.isEmpty {
      report(
        1, isHeard: false,
        Finding(
          id: .emptyRuleFile, span: 0..<1, message: "the file has no table: nothing is loaded",
          help: "a rule file has lines such as `*filter`, rules, and a line `COMMIT`"))
    }
    if unlisted > 0, let last = diagnostics.last {
      diagnostics.append(
        Diagnostic(
          .tooManyProblems, hasUnlistedError ? .error : .note,
          at: SourceRange(file: file, line: last.range.line, column: last.range.column),
          "\(unlisted) more problems are not listed: a file has at most \(RestoreParser.mostProblems) that are"))
    }
    diagnostics.sort { ($0.range.line, $0.range.column) < ($1.range.line, $1.range.column) }
    return RestoreResult(ruleset: ruleset, diagnostics: diagnostics)
  }

  /// Where the text begins: behind a byte order mark, which is reported.
  private mutating func byteOrderMark() -> Int {
    guard bytes.starts(with: RuleFileForm.byteOrderMark) else { return 0 }
    lineStarts.append(0)
    report(
      1,
      Finding(
        id: .lineOutsideTable, span: 0..<RuleFileForm.byteOrderMark.count,
        message: "the file begins with a byte order mark, which counts as part of its first word",
        help: "remove it: " + RuleFileForm.mend(file, sed: "1s/^...//", pipe: "tail -c +4", isBytes: true),
        refusal: .system("")))
    lineStarts.removeAll()
    return RuleFileForm.byteOrderMark.count
  }

  // MARK: Lines

  private mutating func line(_ number: Int, _ start: Int, _ end: Int, hasNewline: Bool) {
    guard start < end else { return }
    let first = bytes[start]
    if end - start > RestoreParser.longestLine {
      report(
        number,
        Finding(
          id: .lineTooLong, span: RestoreParser.longestLine..<(end - start),
          message: "the line is \(end - start) bytes long; at most \(RestoreParser.longestLine) are read as one line"))
      return
    }
    if first == 0x23 {
      incompatibleTable(number, start, end)
      return
    }
    // A NUL byte ends the line for iptables-restore.
    let zero = bytes[start..<end].firstIndex(of: 0)
    let end = zero ?? end
    let hasNewline = hasNewline && zero == nil
    guard start < end else { return }
    if end - start == 6, isCommit(start, end) {
      guard builder != nil else {
        strayLine(number, start, end)
        return
      }
      if !hasNewline {
        report(
          number,
          Finding(
            id: .missingNewline, span: 0..<6, message: "`COMMIT` is not followed by a newline, so it does not count",
            help: "end the file with a newline", refusal: .plain("Bad argument `COMMIT'")))
      }
      commit(number)
      return
    }
    if first == 0x2a, builder == nil {
      hasReportedStrayLine = false
      tableHeader(number, start, end)
      return
    }
    guard builder != nil else {
      strayLine(number, start, end)
      return
    }
    if isContinuation {
      isContinuation = bytes[end - 1] == 0x5c
      if !startsAnew(start, end) { return }
    }
    if recovered(number, start, end) { return }
    let before = diagnostics.count
    content(number, start, end, newline: hasNewline)
    let hasErrors = diagnostics[before...].contains { $0.severity == .error }
    isContinuation = hasErrors && (bytes[end - 1] == 0x5c || isQuoteOpen)
    // A carriage return belongs to the last word, which then is wrong: say that once, and read the line without it.
    guard hasErrors, bytes[end - 1] == 0x0d else { return }
    diagnostics.removeSubrange(before...)
    reportLineEnd(number, start, end)
    if start < end - 1 { content(number, start, end - 1, newline: false) }
  }

  /// `# Table `x' is incompatible, use 'nft' tool.`, which iptables-nft-save writes in place of a table that it cannot show.
  private mutating func incompatibleTable(_ number: Int, _ start: Int, _ end: Int) {
    let mark = "# Table `"
    guard end - start < 200, bytes[start..<end].starts(with: mark.utf8) else { return }
    let rest = bytes[(start + mark.utf8.count)..<end]
    let name = rest.prefix { $0 != 0x27 }
    guard rest.dropFirst(name.count).starts(with: "' is incompatible".utf8) else { return }
    report(
      number,
      Finding(
        id: .incompatibleTable, span: 0..<(end - start),
        message:
          "the rules of table `\(String(decoding: name, as: UTF8.self))` are not in this file: iptables-nft-save could not show them",
        help: "`nft list ruleset` shows them; nftables is not read"))
  }

  private mutating func content(_ number: Int, _ start: Int, _ end: Int, newline: Bool) {
    if bytes[start] == 0x3a {
      chainLine(number, start, end)
    } else {
      // The newline is part of the line: an open quote swallows it.
      ruleLine(number, start, end, newline ? min(end + 1, bytes.count) : end)
    }
  }

  /// Whether a line starts something new although the line before was not finished.
  private func startsAnew(_ start: Int, _ end: Int) -> Bool {
    switch bytes[start] {
    case 0x3a, 0x2a, 0x5b: return true
    case 0x2d: return end - start > 2 && bytes[start + 1] >= 0x41 && bytes[start + 1] <= 0x5a
    default: return isCommit(start, end)
    }
  }

  private func isCommit(_ start: Int, _ end: Int) -> Bool { bytes[start..<end].elementsEqual("COMMIT".utf8) }

  private mutating func reportLineEnd(_ number: Int, _ start: Int, _ end: Int, _ refusal: ToolRefusal? = nil) {
    guard !hasReportedLineEnd else { return }
    hasReportedLineEnd = true
    report(
      number,
      Finding(
        id: .carriageReturn, span: (end - 1 - start)..<(end - start),
        message: "the line ends with a carriage return, which counts as part of its last word",
        help: "save the file with Unix line ends: " + RuleFileForm.mend(file, sed: "s/\\r$//", pipe: "tr -d '\\r'"),
        refusal: refusal))
  }

  /// Lines that are almost `COMMIT` or start a table inside another: they are reported, and meant.
  private mutating func recovered(_ number: Int, _ start: Int, _ end: Int) -> Bool {
    let first = bytes[start]
    if first == 0x2a {
      report(
        number,
        Finding(
          id: .missingCommit, span: 0..<(end - start),
          message: "table `\(builder?.kind.name ?? "")` has no `COMMIT` before the next table begins",
          help: "put a line `COMMIT` above this one",
          refusal: blankSeparated(start, end).first.map {
            .plain("Bad argument `\(String(decoding: bytes[$0], as: UTF8.self))'")
          }))
      builder = nil
      tableHeader(number, start, end)
      return true
    }
    guard end - start >= 6, end - start < 64 else { return false }
    let trimmed = bytes[start..<end].drop { $0 == 0x20 || $0 == 0x09 }
    let word = trimmed.prefix { $0 != 0x20 && $0 != 0x09 && $0 != 0x0d }
    let rest = trimmed.dropFirst(word.count)
    guard word.count == 6, rest.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }),
      word.elementsEqual("COMMIT".utf8) || word.elementsEqual("commit".utf8) || word.elementsEqual("Commit".utf8)
    else { return false }
    let text = String(decoding: trimmed.prefix { $0 != 0x20 && $0 != 0x09 }, as: UTF8.self)
    let refusal = ToolRefusal.plain("Bad argument `\(text)'")
    if rest.count == 1, rest.first == 0x0d, word.startIndex == start, word.elementsEqual("COMMIT".utf8) {
      reportLineEnd(number, start, end, refusal)
    } else {
      report(
        number,
        Finding(
          id: .badCommit, span: 0..<(end - start), message: "this is not `COMMIT`: the table is not committed",
          help: "the line must be exactly `COMMIT`, without blanks", refusal: refusal))
    }
    commit(number)
    return true
  }

  private mutating func strayLine(_ number: Int, _ start: Int, _ end: Int) {
    guard !hasReportedStrayLine, !isPassedOver else { return }
    hasReportedStrayLine = true
    let isBlank = bytes[start..<end].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }
    if !isBlank, ruleset.tables.isEmpty, let form = RuleFileForm(line: bytes[start..<end], firstOf: bytes) {
      report(
        number,
        Finding(
          id: .lineOutsideTable, span: 0..<(end - start), message: form.message, help: form.help(file),
          refusal: .system("")))
      return
    }
    report(
      number,
      Finding(
        id: .lineOutsideTable, span: 0..<(end - start),
        message: isBlank ? "a line of blanks cannot stand outside a table" : "the line stands outside a table",
        help: isBlank
          ? "leave the line empty" : "rules stand between a line such as `*filter` and a line `COMMIT`",
        refusal: .system("")))
  }

  // MARK: Tables and chains

  private mutating func tableHeader(_ number: Int, _ start: Int, _ end: Int) {
    tableLine = number
    isTableLost = false
    let words = blankSeparated(start + 1, end)
    let word = words.first ?? (start + 1)..<(start + 1)
    var name = String(decoding: bytes[word], as: UTF8.self)
    let span = word.isEmpty ? 0..<1 : (word.lowerBound - start)..<(word.upperBound - start)
    if let only, !name.isEmpty {
      isPassedOver = name != only
      if isPassedOver { return }
    }
    let refusal = ToolRefusal.parameter(
      name.isEmpty
        ? "\(speech.tool): line \(number) table name invalid"
        : "\(speech.tool): unable to initialize table '\(name)'")
    if name.hasSuffix("\r") {
      name.removeLast()
      reportLineEnd(number, start, end, refusal)
    } else if name.hasSuffix("\r\n") {
      name.removeLast()
    }
    if let kind = TableKind(name: name) {
      if keepsRules, let loaded = ruleset[kind] {
        builder = TableBuilder(loaded: loaded, family: family)
      } else {
        builder = TableBuilder(kind, family: family, committed: ruleset[kind])
      }
      builder?.rules.reserveCapacity(min((bytes.count - end) / 48, 1 << 16))
      return
    }
    report(
      number,
      Finding(
        id: .unknownTable, span: span,
        message: name.isEmpty ? "the table's name is missing" : "there is no table `\(name)`",
        help: RuleParser.tableHelp(name), refusal: refusal))
    isTableLost = true
    let nearest = Spelling.nearest(to: name, among: TableKind.allCases.map { $0.name }).flatMap { TableKind(name: $0) }
    builder = TableBuilder(nearest ?? .filter, family: family)
  }

  private mutating func chainLine(_ number: Int, _ start: Int, _ end: Int) {
    let words = blankSeparated(start + 1, end)
    guard let first = words.first else {
      report(
        number,
        Finding(
          id: .missingChainName, span: 0..<1, message: "the chain's name is missing",
          refusal: .parameter("\(speech.tool): line \(number) chain name invalid")))
      return
    }
    let name = String(decoding: bytes[first], as: UTF8.self)
    let span = relative(first, start)
    if let problem = ChainName.problem(name, forCommand: false, family: family) {
      builder?.poisoned.insert(name)
      report(
        number,
        Finding(
          id: .badChainName, span: span, message: problem,
          refusal: .parameter("Invalid chain name `\(name)' (\(ChainName.longest) chars max)")))
      return
    }
    let isBuiltIn = builder?.places[name].flatMap { builder?.chains[$0].chain.isBuiltIn } ?? false
    if !isBuiltIn, isTableLost, let hook = Hook(chainName: name), builder?.kind.hooks.contains(hook) == false {
      builder?.poisoned.insert(name)
      return
    }
    if !isBuiltIn, let hook = Hook(chainName: name), builder?.kind.hooks.contains(hook) == false, words.count > 1,
      bytes[words[1]] != [0x2d]
    {
      if var finding = builder?.unknownChain(name, span) {
        finding.refusal = policyRefusal(number, name, String(decoding: bytes[words[1]], as: UTF8.self), finding.id)
        report(number, finding)
      }
      builder?.poisoned.insert(name)
      return
    }
    let place = location(number, span)
    if !isBuiltIn, keepsRules, builder?.places[name] != nil {
      builder?.flush(chain: name)
    } else if !isBuiltIn, builder?.create(name, at: place) == false {
      if var finding = builder?.chainExistsFinding(name, span) {
        finding.refusal = .parameter("error creating chain '\(name)':File exists")
        report(number, finding)
      }
      return
    }
    guard words.count > 1 else {
      report(
        number,
        Finding(
          id: .missingPolicy, span: span, message: "the line has no policy",
          help: isBuiltIn ? "write `:\(name) ACCEPT` or `:\(name) DROP`" : "write `:\(name) -`",
          refusal: .parameter("\(speech.tool): line \(number) policy invalid")))
      return
    }
    let policy = String(decoding: bytes[words[1]], as: UTF8.self)
    guard policy != "-" else { return }
    var counters: Counters? = Counters()
    if counterMode != .ignored, words.count > 2 {
      counters = policyCounters(number, words[2], start, name)
    } else if counterMode == .required {
      report(
        number,
        Finding(
          id: .badCounters, span: relative(words[1], start), message: "the counters of chain `\(name)` are missing",
          help: "write them as `[packets:bytes]`",
          refusal: .parameter("invalid policy counters for chain '\(name)'")))
    }
    let policySpan = relative(words[1], start)
    var findings = builder?.setPolicy(policy, of: name, counters: counters, span, policySpan, at: place) ?? []
    for index in findings.indices {
      findings[index].refusal = policyRefusal(number, name, policy, findings[index].id)
    }
    report(number, findings)
  }

  /// What is said of a policy that cannot be set (iptables-restore: `ip46tables_restore_main`).
  private func policyRefusal(_ number: Int, _ chain: String, _ policy: String, _ id: DiagnosticID) -> ToolRefusal {
    let why = id == .badPolicy ? "Bad policy name" : "Bad built-in chain name"
    return .failed(
      "\(speech.tool) v\(ToolRefusal.version): Can't set policy `\(policy)' on `\(chain)' line \(number): \(why)")
  }

  /// `[packets:bytes]`; only `iptables-restore -c` minds when they cannot be read.
  private mutating func policyCounters(
    _ number: Int, _ word: Range<Int>, _ start: Int, _ chain: String
  ) -> Counters {
    let text = String(decoding: bytes[word], as: UTF8.self)
    let parts = text.dropFirst().split(separator: ":", maxSplits: 1)
    if text.hasPrefix("["), parts.count == 2, let packets = NumberReader.scanf(parts[0]),
      packets.end == parts[0].endIndex, let count = NumberReader.scanf(parts[1])
    {
      return Counters(packets: packets.value, bytes: count.value)
    }
    report(
      number,
      Finding(
        id: .badCounters, severity: counterMode == .required ? .error : .warning, span: relative(word, start),
        message: "`\(text)` is not a pair of counters",
        help: "write it as `[packets:bytes]`", refusal: .parameter("invalid policy counters for chain '\(chain)'")))
    return Counters()
  }

  // MARK: Rules

  private mutating func ruleLine(_ number: Int, _ start: Int, _ end: Int, _ wordsEnd: Int) {
    var begin = start
    var counters: Counters?
    if bytes[start] == 0x5b {
      guard let pair = ruleCounters(number, start, end) else { return }
      begin = pair.end
      counters = pair.counters
    }
    do throws(TokenizerError) {
      try ArgumentTokenizer.split(begin..<wordsEnd, origin: start, into: &words)
    } catch {
      report(number, Finding(id: .lineTooComplex, span: error.span, message: error.message))
      return
    }
    isQuoteOpen = words.last?.isUnclosed ?? false
    if isQuoteOpen, let last = words.last {
      report(
        number,
        Finding(
          id: .unclosedQuote, severity: .warning, span: last.span,
          message: "the quote is not closed: the rest of the line is one word, with the line's end in it"))
    }
    if words.count == 0 {
      report(
        number,
        Finding(
          id: .noCommand, span: 0..<(end - start), message: "the line has no command",
          help: counters == nil
            ? "a line of blanks is not an empty line: leave it empty" : "put a rule after the counters",
          refusal: .parameter("no command specified")))
      return
    }
    guard let parsed = command(number, counterMode == .ignored ? nil : counters) else { return }
    let place = location(number, parsed.chainSpan)
    var findings = builder?.apply(parsed, at: place) ?? []
    // libiptc takes no jump to a built-in chain; the check of the whole table says so, too.
    if findings.isEmpty, let builder, parsed.command.target.map({ builder.isBuiltIn($0) }) ?? false {
      speech.fail(at: number)
    }
    if findings.isEmpty { return }
    for index in findings.indices { findings[index].refusal = .system("") }
    report(number, findings)
  }

  /// Reads the words of a command and reports what is wrong with them.
  ///
  /// What the parser holds of the table is gone when this returns, so that applying the command copies nothing.
  private mutating func command(_ number: Int, _ counters: Counters?) -> ParsedCommand? {
    guard let kind = builder?.kind, let chains = builder?.places, let poisoned = builder?.poisoned else { return nil }
    let suggests = diagnostics.count < RestoreParser.mostSuggestions
    builder?.suggests = suggests
    var parser = RuleParser(
      RuleContext(
        family: family, table: kind, isRestore: true, chains: chains, poisoned: poisoned, file: file,
        line: place.line(number),
        suggests: suggests, toolWord: speech.tool), words)
    parser.counters = counters
    parser.refusesSecondCounters = counterMode == .required && counters != nil
    let parsed = parser.parse()
    report(number, parser.findings)
    // A chain that could not be made is not complained about again.
    if parsed == nil, parser.command == .newChain, let name = parser.chain, chains[name] == nil {
      builder?.poisoned.insert(name)
    }
    return parsed
  }

  /// The counters before a rule (iptables: `tokenize_rule_counters`) and where they end; nil when they are wrong.
  private mutating func ruleCounters(_ number: Int, _ start: Int, _ end: Int) -> (counters: Counters?, end: Int)? {
    let text = bytes[start..<end]
    guard let close = text.firstIndex(of: 0x5d), close > start + 1 else {
      report(
        number,
        Finding(
          id: .badCounters, span: 0..<1, message: "the counters have no `]`", help: "write them as `[packets:bytes]`",
          refusal: .parameter("Bad line \(number): need ]")))
      return nil
    }
    let parts = text[(start + 1)..<close].split(separator: 0x3a, maxSplits: 1, omittingEmptySubsequences: true)
    let span = 0..<(close + 1 - start)
    // Without `-c` nobody looks at them; then the second may be missing.
    guard parts.count == 2 || (parts.count == 1 && counterMode != .required && bytes[close - 1] == 0x3a) else {
      report(
        number,
        Finding(
          id: .badCounters, span: span, message: "the counters are not a pair",
          help: "write them as `[packets:bytes]`",
          refusal: .parameter(
            parts.count == 1 && bytes[close - 1] == 0x3a
              ? "-c byte counter not numeric" : "Bad line \(number): need ]")))
      return nil
    }
    let values = parts.map { NumberReader.scanf(String(decoding: $0, as: UTF8.self))?.value }
    // iptables gets them as words of `--set-counters`: a comma parts them again, and what starts with `-` is an option.
    let isMisread = counterMode == .required && (parts[0].contains(0x2c) || parts[1].first == 0x2d)
    guard values.count == 2, !isMisread, let packets = values[0], let count = values[1] else {
      report(
        number,
        Finding(
          id: .badCounters, severity: counterMode == .required ? .error : .warning, span: span,
          message: "the counters are not numbers",
          help: "write them as `[packets:bytes]`",
          refusal: isMisread
            ? nil
            : .parameter(
              values.first == .some(nil) ? "-c packet counter not numeric" : "-c byte counter not numeric")))
      return (nil, close + 1)
    }
    return (Counters(packets: packets, bytes: count), close + 1)
  }

  private mutating func commit(_ number: Int) {
    guard let current = builder else { return }
    builder = nil
    hasReportedStrayLine = false
    guard !isTableLost else { return }
    let (table, problems) = current.commit(after: ruleset.tables)
    if !problems.isEmpty, !isTest { speech.fail(at: number) }
    for problem in problems { report(place.number(problem.line) ?? number, isHeard: false, problem.finding) }
    if let index = ruleset.tables.firstIndex(where: { $0.kind == table.kind }) {
      ruleset.tables[index] = table
    } else {
      ruleset.tables.append(table)
    }
  }

  // MARK: Places

  /// The words of bytes `start..<end`, separated by blanks and tabs alone (strtok).
  private func blankSeparated(_ start: Int, _ end: Int) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var index = start
    while index < end {
      while index < end, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
      let first = index
      while index < end, bytes[index] != 0x20, bytes[index] != 0x09 { index += 1 }
      if index > first { words.append(first..<index) }
    }
    return words
  }

  private func relative(_ range: Range<Int>, _ start: Int) -> Range<Int> {
    (range.lowerBound - start)..<(range.upperBound - start)
  }

  private func lineRange(_ number: Int) -> Range<Int> {
    let kept = (number - 1) / RestoreParser.linesPerStart
    guard number >= 1, lineStarts.indices.contains(kept) else { return 0..<0 }
    var start = lineStarts[kept]
    for _ in 0..<(number - 1) % RestoreParser.linesPerStart {
      guard let newline = bytes[start...].firstIndex(of: 0x0a) else { return 0..<0 }
      start = newline + 1
    }
    let longest = bytes.index(start, offsetBy: RestoreParser.shownOfLongLine, limitedBy: bytes.count) ?? bytes.count
    return start..<(bytes[start..<longest].firstIndex(of: 0x0a) ?? longest)
  }

  private func location(_ number: Int, _ span: Range<Int>) -> SourceRange {
    SourceRange(file: file, line: place.line(number), column: span.lowerBound + 1, length: span.count)
  }

  private mutating func report(_ number: Int, _ findings: [Finding]) {
    speech.hear(findings, at: number)
    for finding in findings { report(number, isHeard: false, finding) }
  }

  private mutating func report(_ number: Int, isHeard: Bool = true, _ finding: Finding) {
    if isHeard { speech.hear([finding], at: number) }
    guard diagnostics.count < RestoreParser.mostProblems else {
      unlisted += 1
      if finding.severity == .error { hasUnlistedError = true }
      return
    }
    let line = lineRange(number)
    let lower = min(max(0, finding.span.lowerBound), line.count)
    let upper = min(max(lower, finding.span.upperBound), line.count)
    let start = line.lowerBound
    // Spans are in bytes, columns in characters.
    let column = String(decoding: bytes[start..<(start + lower)], as: UTF8.self).count + 1
    let length = String(decoding: bytes[(start + lower)..<(start + upper)], as: UTF8.self).count
    var end = line.upperBound
    if end > start, bytes[end - 1] == 0x0d { end -= 1 }
    diagnostics.append(
      Diagnostic(
        finding.id, finding.severity,
        at: SourceRange(file: file, line: place.line(number), column: column, length: length), finding.message,
        help: finding.help, sourceLine: String(decoding: bytes[start..<end], as: UTF8.self)))
  }
}
