// The tables of one family while a script changes them, one command after the other.

/// The tables of the kernel, changed by commands of iptables or ip6tables.
public struct CommandTables: Sendable {
  /// Whether they are those of iptables or of ip6tables.
  public let family: AddressFamily
  /// The tables in the order in which something asked for them first.
  var tables: [OpenTable] = []
  /// What their rules have made in the kernel for other rules to name.
  private var objects: [KernelObject] = []

  /// No table yet.
  public init(family: AddressFamily) { self.family = family }

  /// The tables as they are now.
  public var ruleset: Ruleset {
    Ruleset(family: family, tables: tables.map { $0.builder.finishedTable })
  }

  /// Whether something has loaded a table.
  public var isEmpty: Bool { tables.isEmpty }

  /// The place of a table, which is made when it is not there (kernel: `xt_find_table_lock`).
  mutating func open(_ kind: TableKind) -> Int {
    if let place = tables.firstIndex(where: { $0.kind == kind }) { return place }
    tables.append(OpenTable(kind, family: family))
    return tables.count - 1
  }

  /// Loads a rule file as iptables-restore does: up to the first line that is refused.
  ///
  /// - Parameters:
  ///   - text: the rule file.
  ///   - file: its name, for diagnostics.
  ///   - call: the options of the tool.
  ///   - place: where the text stands in the file.
  /// - Returns: the status, what is said, and what was wrong.
  public mutating func restore(
    _ text: [UInt8], file: String, call: RestoreCall, at place: RestorePlace = .below(0)
  ) -> CommandOutcome {
    var outcome = CommandOutcome()
    let before = ruleset
    var (result, speech) = RestoreParser.restore(
      text, file: file, family: family, options: call.options, at: place, onto: before)
    outcome.status = speech.status
    outcome.message = speech.message.map { call.warnings + $0 }
    if call.isVerbose { outcome.output = nil }
    if let last = speech.line, let error = result.diagnostics.first(where: { $0.severity == .error }) {
      if error.id == .hostnameInRule {
        outcome.unread = error
        return outcome
      }
      outcome.problem = error
      // What was committed above that line stays.
      var lines = 1
      let end = text.firstIndex { byte in
        if lines >= last { return true }
        if byte == 0x0a { lines += 1 }
        return false
      }
      result =
        RestoreParser.restore(
          Array(text[..<(end ?? text.count)]), file: file, family: family, options: call.options, at: place,
          onto: before
        ).result
    } else {
      outcome.remarks = result.diagnostics.filter { $0.severity != .error }
    }
    guard !call.options.isTest else { return outcome }
    for table in result.ruleset.tables where call.options.only == nil || call.options.only == table.kind.name {
      if let place = tables.firstIndex(where: { $0.kind == table.kind }) {
        tables[place] = OpenTable(table, family: family)
      } else {
        tables.append(OpenTable(table, family: family))
      }
    }
    objects = RulesetCheck.objects(of: ruleset.tables)
    return outcome
  }

  /// The tables as iptables-save prints them, without its comment lines.
  public func saved(counters: Bool, only: TableKind? = nil) -> String {
    var ruleset = ruleset
    if let only { ruleset.tables = ruleset.tables.filter { $0.kind == only } }
    return SavePrinter(counters: counters).print(ruleset)
  }

  /// Prints the tables as a call of iptables-save does, without its comment lines; a table that is asked for is loaded.
  public mutating func save(_ call: SaveCall) -> CommandOutcome {
    if let end = call.end { return end }
    var outcome = CommandOutcome()
    outcome.message = call.warnings
    let only = call.table.flatMap { TableKind(name: $0) }
    if let only { _ = open(only) }
    outcome.output = saved(counters: call.counters, only: only)
    return outcome
  }

  /// Runs one command line.
  ///
  /// - Parameters:
  ///   - arguments: the words behind the tool's name.
  ///   - word: the word by which the tool was called.
  ///   - file: the file of the script, for diagnostics.
  ///   - line: the line of the command, from 1.
  ///   - column: its column, from 1.
  /// - Returns: what it printed and its status; a command that is refused changes nothing.
  public mutating func run(
    _ arguments: [String], calledAs word: String, file: String, line: Int, column: Int = 1
  ) -> CommandOutcome {
    var command = ToolCall(arguments, calledAs: word, file: file, line: line, column: column)
    command.tool = family == .ipv4 ? "iptables" : "ip6tables"
    var (parser, parsed) = parse(command, in: .filter)
    if let kind = parser.tableOption, kind != .filter { (parser, parsed) = parse(command, in: kind) }
    return finish(command, parser, parsed)
  }

  private func parse(_ command: ToolCall, in kind: TableKind) -> (RuleParser, ParsedCommand?) {
    let builder = tables.first { $0.kind == kind }?.builder
    var context = RuleContext(
      family: family, table: kind, isRestore: false, chains: builder?.places ?? CommandTables.builtIn(kind),
      poisoned: [], file: command.place.file, line: command.place.line, suggests: true)
    context.toolWord = command.word
    var parser = RuleParser(context, command.words)
    let parsed = parser.parse()
    return (parser, parsed)
  }

  private static func builtIn(_ kind: TableKind) -> [String: Int] {
    var places: [String: Int] = [:]
    for hook in kind.hooks { places[hook.chainName] = places.count }
    return places
  }

  private mutating func finish(_ command: ToolCall, _ parser: RuleParser, _ parsed: ParsedCommand?) -> CommandOutcome {
    var outcome = CommandOutcome()
    for finding in parser.findings where finding.severity != .error {
      if case .warning(let words) = finding.refusal { outcome.message?.append(words + "\n") }
      outcome.remarks.append(command.diagnostic(finding))
    }
    if let error = parser.findings.decisive {
      if error.id == .hostnameInRule {
        outcome.unread = command.diagnostic(error)
        return outcome
      }
      if case .late = error.refusal { _ = open(parser.table) }
      return refused(command, error, error.refusal, outcome)
    }
    guard let parsed else { return outcome }
    switch parsed.command {
    case .version:
      outcome.output = "\(command.tool) v\(ToolRefusal.version)\n"
      return outcome
    case .help:
      outcome.output = nil
      return outcome
    case .nothing: return outcome
    default: break
    }
    let place = open(parser.table)
    let output = printed(parsed, place)
    if let finding = tables[place].apply(parsed, at: command.place, objects: objects) {
      outcome.output = isShownWhenRefused(parsed) ? output : ""
      return refused(command, finding, finding.refusal ?? ToolRefusal(finding.id, of: parsed.command), outcome)
    }
    if !objects.isEmpty || parsed.makesObjects { objects = RulesetCheck.objects(of: ruleset.tables) }
    outcome.output = parsed.isVeryVerbose ? nil : output
    if case .list(_, _, _, true) = parsed.command { zero(place, parsed) }
    if case .listRules(_, _, _, true) = parsed.command { zero(place, parsed) }
    return outcome
  }

  private mutating func zero(_ place: Int, _ parsed: ParsedCommand) {
    var zeroing = parsed
    switch parsed.command {
    case .list(let chain, let number, _, _), .listRules(let chain, let number, _, _):
      zeroing.command = .zero(chain: chain, number: number)
      _ = tables[place].builder.apply(zeroing, at: SourceRange(file: "", line: 1, column: 1))
    default: return
    }
  }

  private func refused(
    _ command: ToolCall, _ finding: Finding, _ refusal: ToolRefusal?, _ outcome: CommandOutcome
  ) -> CommandOutcome {
    var outcome = outcome
    outcome.status = refusal?.status ?? 2
    outcome.problem = command.diagnostic(finding)
    if let refusal { outcome.message?.append(refusal.text(tool: command.tool)) } else { outcome.message = nil }
    return outcome
  }

  // MARK: What commands print

  /// `-v` shows the rule that is looked for also when it is not there.
  private func isShownWhenRefused(_ parsed: ParsedCommand) -> Bool {
    switch parsed.command {
    case .append, .insert, .replace, .delete, .check, .deleteChain, .flush, .zero: parsed.isVerbose
    default: false
    }
  }

  private func printed(_ parsed: ParsedCommand, _ place: Int) -> String {
    let builder = tables[place].builder
    switch parsed.command {
    case .list(let chain, let number, let style, _):
      return ListPrinter(style, family: family).list(builder.finishedTable, chain: chain, number: number)
    case .listRules(let chain, let number, let verbose, _):
      return ListPrinter(ListOptions(verbose: verbose), family: family)
        .listRules(builder.finishedTable, chain: chain, number: number)
    case .append(_, let rules), .insert(_, _, let rules), .delete(_, let rules), .check(_, let rules):
      return parsed.isVerbose ? rules.map { ListPrinter.entry($0.rule, family: family) }.joined() : ""
    case .replace(_, _, let rule): return parsed.isVerbose ? ListPrinter.entry(rule.rule, family: family) : ""
    case .flush(let chain) where parsed.isVerbose: return each(builder, "Flushing", chain, onlyUser: false)
    case .deleteChain(let chain) where parsed.isVerbose: return each(builder, "Deleting", chain, onlyUser: true)
    case .zero(let chain, nil) where parsed.isVerbose: return each(builder, "Zeroing", chain, onlyUser: false)
    default: return ""
    }
  }

  private func each(_ builder: TableBuilder, _ verb: String, _ chain: String?, onlyUser: Bool) -> String {
    if let chain { return "\(verb) chain `\(chain)'\n" }
    return SavePrinter.sorted(
      builder.chains.filter { !$0.isDeleted && !($0.chain.isBuiltIn && onlyUser) }.map { $0.chain }
    )
    .map { "\(verb) chain `\($0.name)'\n" }.joined()
  }
}

extension ParsedCommand {
  /// Whether it puts in a rule that makes something in the kernel for other rules.
  fileprivate var makesObjects: Bool {
    switch command {
    case .append(_, let rules), .insert(_, _, let rules): rules.contains { $0.rule.makesObject }
    case .replace(_, _, let rule): rule.rule.makesObject
    default: false
    }
  }
}

extension Rule {
  fileprivate var makesObject: Bool {
    if case .target(let target) = action { target.object != nil } else { false }
  }
}
