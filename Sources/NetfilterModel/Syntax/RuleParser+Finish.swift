// What iptables checks after the last word of a command, and the value that comes out.

/// What a rule says about an address: mostly one, or several that make a rule each; nil for one that every address fits.
private enum AddressList {
  case one(Invertible<AddressMatch>?)
  case several([Invertible<AddressMatch>?])

  var count: Int {
    switch self {
    case .one: 1
    case .several(let list): list.count
    }
  }

  subscript(_ index: Int) -> Invertible<AddressMatch>? {
    switch self {
    case .one(let address): address
    case .several(let list): list[index]
    }
  }
}

extension RuleParser {
  /// Settles the command; nil when there was an error.
  mutating func finished() -> ParsedCommand? {
    if table == .nat {
      if command == .policy, second == "DROP" {
        report(
          .dropInNat, secondSpan, "DROP is not allowed in table nat", help: "filter in table filter", .dropInNat)
      } else if let jump, jumpName == "DROP" {
        report(
          .dropInNat, jump.span, "DROP is not allowed in table nat", help: "filter in table filter", .dropInNat)
      }
    }
    let (matches, target) = settle()
    if let strayWords {
      report(
        .strayWords, strayWords, "words after `--` mean nothing here",
        .parameter("unknown arguments found on commandline"))
    }
    if command != nil { reportLastNegation() }
    guard let command else {
      defer { reportLastNegation() }
      if !hasErrors {
        report(
          .noCommand, span, "the line has no command", help: "start it with `-A CHAIN`",
          .parameter("no command specified"))
      }
      return nil
    }
    if hasWaitInterval, !hasWait, !context.isRestore {
      report(
        .optionNotForCommand, span, "`-W` means nothing without `-w`",
        .parameter("--wait-interval only makes sense with --wait\n"))
    }
    var addresses: (sources: AddressList, destinations: AddressList)?
    if command.isForRules { addresses = bothAddresses(command) }
    checkLegalOptions(command)
    if let chain, command != .newChain, chain.utf8.count > ChainName.longest, !context.poisoned.contains(chain) {
      report(
        .badChainName, chainSpan,
        "chain name `\(chain)` is \(chain.utf8.count) bytes long; at most \(ChainName.longest) are allowed",
        .parameter("chain name `\(chain)' too long (must be under \(ChainName.longest + 1) chars)"))
    }
    if command.isForRules { checkInterfaces() }
    let parsed: RulesetCommand?
    switch command {
    case .append, .insert, .replace, .delete, .check:
      guard let addresses, let rules = rules(matches, target, addresses.sources, addresses.destinations), let chain
      else { return nil }
      parsed = ruleCommand(command, chain, rules)
    default:
      guard !hasErrors else { return nil }
      parsed = otherCommand(command)
    }
    guard let parsed, !hasErrors else { return nil }
    return ParsedCommand(
      command: parsed, table: tableOption, chainSpan: chainSpan, secondSpan: secondSpan,
      isVerbose: given.contains(.verbose), isVeryVerbose: verbosity > 1)
  }

  private func ruleCommand(_ kind: CommandKind, _ chain: String, _ rules: [WrittenRule]) -> RulesetCommand? {
    switch kind {
    case .append: .append(chain: chain, rules: rules)
    case .insert: .insert(chain: chain, number: number ?? 1, rules: rules)
    case .replace: rules.first.map { .replace(chain: chain, number: number ?? 1, rule: $0) }
    case .delete: .delete(chain: chain, rules: rules)
    default: .check(chain: chain, rules: rules)
    }
  }

  private func otherCommand(_ kind: CommandKind) -> RulesetCommand? {
    switch kind {
    case .flush: .flush(chain: chain)
    case .zero: .zero(chain: chain, number: number)
    case .deleteNumber: .deleteNumber(chain: chain ?? "", number: number ?? 1)
    case .newChain: chain.map { .newChain($0) }
    case .deleteChain: .deleteChain(chain)
    case .renameChain: .renameChain(from: chain ?? "", to: second ?? "")
    case .policy: .setPolicy(chain: chain ?? "", policy: second ?? "", counters: counters ?? Counters())
    case .list:
      .list(
        chain: chain, number: number,
        style: ListOptions(
          numeric: given.contains(.numeric), verbose: given.contains(.verbose), exact: given.contains(.exact),
          lineNumbers: given.contains(.lineNumbers)), isZeroing: isZeroing)
    case .listRules:
      .listRules(chain: chain, number: number, verbose: given.contains(.verbose), isZeroing: isZeroing)
    default: nil
    }
  }

  private func span(of option: BaseOption) -> Range<Int>? { given.word(of: option).map { words[$0].span } }

  /// Refuses options that mean nothing for the command (iptables: `generic_opt_check`).
  private mutating func checkLegalOptions(_ command: CommandKind) {
    let isRule = command.isForRules
    let takesCounters = command == .append || command == .insert || command == .replace || command == .policy
    if refusesSecondCounters, !takesCounters {
      report(
        .optionNotForCommand, span, "counters cannot stand before this command",
        .parameter("Illegal option `-c' with this command"))
    }
    for option in isRule && !given.hasDoubtfulOptions ? [] : given.options {
      let isLegal: Bool
      switch option {
      case .verbose: isLegal = true
      case .numeric, .exact, .lineNumbers: isLegal = command == .list
      case .setCounters: isLegal = takesCounters
      default: isLegal = isRule
      }
      if !isLegal, let span = span(of: option) {
        report(
          .optionNotForCommand, span, "option `\(option.display)` cannot be used with this command",
          .parameter("Illegal option `\(option == .lineNumbers ? "-0" : option.display)' with this command"))
      }
    }
  }

  private mutating func reportLastNegation() {
    guard let lastNegation else { return }
    report(
      .negationOfNothing, lastNegation, "nothing that could be negated follows `!`",
      .parameter("nothing appropriate following !"))
  }

  /// Refuses interfaces that packets do not have at a built-in chain (iptables: `do_parse`).
  private mutating func checkInterfaces() {
    guard let chain else { return }
    if chain == "PREROUTING" || chain == "INPUT", let span = span(of: .output) {
      report(
        .interfaceInWrongChain, span,
        "`-o` cannot be used in \(chain): the packet has no output interface yet",
        .parameter("Can't use -o with \(chain)\n"))
    }
    if chain == "POSTROUTING" || chain == "OUTPUT", let span = span(of: .input) {
      report(
        .interfaceInWrongChain, span,
        "`-i` cannot be used in \(chain)\(chain == "OUTPUT" ? ": the packet has no input interface" : "")",
        .parameter("Can't use -i with \(chain)\n"))
    }
  }

  // MARK: Rules

  /// The addresses of a rule, and what iptables refuses about several of them.
  private mutating func bothAddresses(_ command: CommandKind) -> (AddressList, AddressList) {
    let sources = addresses(sourceText, header.source)
    let destinations = addresses(destinationText, header.destination)
    if (sources.count > 1 || destinations.count > 1),
      header.source?.inverted == true || header.destination?.inverted == true
    {
      let span = (sources.count > 1 ? sourceText : destinationText)?.span ?? self.span
      report(
        .negatedAddressList, span, "`!` cannot be used with several addresses",
        help: "write one rule for each address, or use `-m iprange` or an ipset",
        .parameter("! not allowed with multiple source or destination IP addresses"))
    }
    if command == .replace, sources.count > 1 || destinations.count > 1 {
      report(
        .severalReplacements, span, "`-R` puts one rule in place, and these addresses make several",
        .parameter("Replacement rule does not specify a unique address"))
    }
    return (sources, destinations)
  }

  private mutating func rules(
    _ matches: [Match], _ target: Target?, _ sources: AddressList, _ destinations: AddressList
  ) -> [WrittenRule]? {
    guard !hasErrors else { return nil }
    let action = action(target)
    let counters = counters ?? Counters()
    let span = span
    let location = SourceRange(
      file: context.file, line: context.line, column: span.lowerBound + 1, length: span.count)
    let extensions = writtenExtensions
    var result: [WrittenRule] = []
    result.reserveCapacity(sources.count * destinations.count)
    for source in 0..<sources.count {
      for destination in 0..<destinations.count {
        header.source = sources[source]
        header.destination = destinations[destination]
        result.append(
          WrittenRule(
            rule: Rule(header: header, matches: matches, action: action, counters: counters, location: location),
            span: span, actionSpan: jump?.span, extensions: extensions))
      }
    }
    return result
  }

  /// The matches in order, then the target.
  private var writtenExtensions: [WrittenExtension] {
    if loaded.isEmpty { return [] }
    var result: [WrittenExtension] = []
    result.reserveCapacity(loaded.count)
    for index in loaded.indices where !loaded[index].isTarget { result.append(written(index)) }
    for index in loaded.indices where loaded[index].isTarget { result.append(written(index)) }
    return result
  }

  private func written(_ index: Int) -> WrittenExtension {
    WrittenExtension(span: loaded[index].span)
  }

  private func action(_ target: Target?) -> RuleAction {
    if let target { return .target(target) }
    guard jump != nil else { return .none }
    if isGoto { return .goto(jumpName) }
    if let verdict = Verdict(name: jumpName) { return .verdict(verdict) }
    return .jump(jumpName)
  }

  /// The addresses of a list, nil for one that every address fits; at least one element.
  private mutating func addresses(
    _ word: ArgumentWord?, _ condition: Invertible<AddressMatch>?
  ) -> AddressList {
    guard let word, let condition else { return .one(nil) }
    if words.isByte(word, 0x21), hasErrors { return .one(nil) }
    let keep = { (address: AddressMatch) -> Invertible<AddressMatch>? in
      address.mask.isZero && !condition.inverted ? nil : Invertible(address, inverted: condition.inverted)
    }
    if context.family == .ipv4, let address = words.withBytes(word, AddressSyntax.plainAddress) {
      return .one(keep(address))
    }
    var result: [Invertible<AddressMatch>?] = []
    var offset = 0
    let isPlain = word.span.count == word.text.count
    for part in words.text(word).split(separator: ",", omittingEmptySubsequences: false) {
      let blank = part.utf8.prefix { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0d) }.count
      switch AddressSyntax.address(part.dropFirst(blank), family: context.family) {
      case .success(let address):
        result.append(keep(address))
      case .failure(let error):
        let start = word.span.lowerBound + offset
        let span = isPlain ? start..<max(start + 1, start + part.utf8.count) : word.span
        // What the tool may or may not refuse is a name, which it would look up.
        report(
          error.tool == nil ? .hostnameInRule : .badAddress, span, error.message, help: error.help,
          error.tool.map { .parameter($0) })
      }
      offset += part.utf8.count + 1
    }
    return result.isEmpty ? .one(nil) : .several(result)
  }
}
