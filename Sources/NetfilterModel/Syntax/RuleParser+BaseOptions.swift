// The options that iptables itself has: commands, addresses, interfaces, protocol, jump, counters.

extension RuleParser {
  mutating func base(
    _ option: BaseOption, _ word: ArgumentWord, _ value: ArgumentWord?, isGlued: Bool, _ inverted: Range<Int>?
  ) {
    switch option {
    case .append, .check, .insert, .replace, .delete, .list, .listRules, .flush, .zero, .newChain, .deleteChain,
      .renameChain, .policy:
      commandOption(option, word, value, inverted)
    case .source, .destination, .protocolNumber, .input, .output, .jump, .goto:
      guard var value else { return }
      if isGlued, option != .goto {
        // iptables 1.8.9 takes the whole word here, dashes included.
        value = word
        if option == .input || option == .output {
          report(
            .gluedArgument, word.span, "`\(words.text(word))` is taken as the interface's name",
            help: "put a blank between the option and its argument")
        }
      }
      guard set(option, word, inverted) else { return }
      condition(option, value, inverted != nil, isGlued: isGlued)
    case .match:
      if let inverted {
        report(
          .negationNotAllowed, inverted, "`!` cannot stand before `-m`", help: "put it before the match's option",
          .parameter("unexpected ! flag before --match"))
      }
      guard let value else { return }
      load(match: value)
    case .fragment:
      if context.family == .ipv6 {
        report(
          .optionForOtherFamily, word.span, "option `-f` is for IPv4 only", help: "use `-m frag`",
          .parameter("`-f' is not supported in IPv6, use -m frag instead"))
        return
      }
      guard set(option, word, inverted) else { return }
      header.fragment = Invertible(true, inverted: inverted != nil)
    case .setCounters:
      guard let value, set(option, word, inverted) else { return }
      if refusesSecondCounters {
        report(
          .optionGivenTwice, word.span, "the counters are given twice", help: "remove those before the rule",
          .parameter("multiple -c flags not allowed"))
      }
      readCounters(value)
    case .numeric, .exact, .lineNumbers: _ = set(option, word, inverted)
    case .verbose:
      verbosity += 1
      if !given.contains(.verbose) { _ = set(option, word, inverted) }
    case .table:
      if let inverted {
        report(
          .negationNotAllowed, inverted, "`!` cannot stand before `-t`",
          .parameter("unexpected ! flag before --table"))
      }
      guard let value else { return }
      if context.isRestore {
        report(
          .tableInRule, word.span, "option `-t` cannot be used inside a rule file",
          help: "put the rule below a line `*\(words.text(value))`",
          .parameter("The -t option cannot be used in \(context.toolWord).\n"))
      } else if let kind = TableKind(name: words.text(value)) {
        table = kind
        tableOption = kind
      } else {
        let name = words.text(value)
        report(
          .unknownTable, value.span, "there is no table `\(name)`", help: RuleParser.tableHelp(name),
          .unknownTable(name))
      }
    case .wait, .waitInterval:
      if context.isRestore {
        report(
          .optionNotInFile, word.span, "option `\(option.display)` cannot be used inside a rule file",
          .parameter("You cannot use `\(option.letterDisplay)' from iptables-restore"))
      }
      readWait(option, value)
    case .version where !context.isRestore: asked = .version
    case .help where !context.isRestore: asked = .help
    case .version, .help:
      report(.optionNotInRule, word.span, "option `\(option.display)` is no part of a rule")
      isDamaged = true
      next = words.count
      clusterOffset = 0
    case .modprobe: break
    case .ipv4, .ipv6:
      guard (option == .ipv4) != (context.family == .ipv4) else { return }
      if context.isRestore {
        isForOtherFamily = true
      } else {
        report(
          .optionForOtherFamily, word.span, "option `\(option.display)` is for the other family", .tryHelp)
      }
    }
  }

  /// `-w [SECONDS]` and `-W MICROSECONDS` (iptables: `parse_wait_time`, `parse_wait_interval`).
  private mutating func readWait(_ option: BaseOption, _ glued: ArgumentWord?) {
    if option == .wait { hasWait = true } else { hasWaitInterval = true }
    var value = glued
    if value == nil, hasArgument {
      value = words[next]
      next += 1
    }
    guard let value else {
      if option == .waitInterval {
        report(
          .missingArgument, words[max(0, next - 1)].span, "`-W` needs a number",
          .parameter("wait interval value required"))
      }
      return
    }
    guard let number = NumberReader.scanf(words.text(value)), number.end == words.text(value).endIndex else {
      report(
        .badOptionValue, value.span, "`\(words.text(value))` is not a number",
        .parameter(option == .wait ? "wait seconds not numeric" : "wait interval not numeric"))
      return
    }
    if option == .waitInterval, !context.isRestore {
      report(
        .optionNotInRule, value.span, "`-W` is passed over", .warning("Ignoring deprecated --wait-interval option."))
    }
  }

  static func tableHelp(_ name: String) -> String {
    if let nearest = Spelling.nearest(to: name, among: TableKind.allCases.map({ $0.name })) {
      return "did you mean `\(nearest)`?"
    }
    return "the tables are raw, mangle, nat, filter and security"
  }

  /// Notes that an option was given; complains when it was given before or cannot be negated (iptables: `set_option`).
  private mutating func set(_ option: BaseOption, _ word: ArgumentWord, _ inverted: Range<Int>?) -> Bool {
    let key: BaseOption = option == .goto ? .jump : option
    if given.contains(key) {
      report(
        .optionGivenTwice, word.span, "option `\(option.display)` is given more than once",
        .parameter("multiple \(key.letterDisplay) flags not allowed"))
      return false
    }
    given.insert(key, word: optionIndex)
    let canInvert: Bool
    switch option {
    case .source, .destination, .protocolNumber, .input, .output, .fragment: canInvert = true
    default: canInvert = false
    }
    if let inverted, !canInvert {
      report(
        .negationNotAllowed, inverted, "`!` cannot stand before `\(option.display)`",
        .parameter("cannot have ! before \(key.letterDisplay)"))
    }
    return true
  }

  // MARK: Commands

  private mutating func commandOption(
    _ option: BaseOption, _ word: ArgumentWord, _ value: ArgumentWord?, _ inverted: Range<Int>?
  ) {
    if let inverted {
      report(
        .negationNotAllowed, inverted, "`!` cannot stand before `\(option.display)`",
        .parameter("unexpected '!' flag"))
    }
    let kind: CommandKind
    switch option {
    case .append: kind = .append
    case .check: kind = .check
    case .insert: kind = .insert
    case .replace: kind = .replace
    case .delete: kind = .delete
    case .list: kind = .list
    case .listRules: kind = .listRules
    case .flush: kind = .flush
    case .zero: kind = .zero
    case .newChain: kind = .newChain
    case .deleteChain: kind = .deleteChain
    case .renameChain: kind = .renameChain
    default: kind = .policy
    }
    var value = value
    if value == nil, hasArgument {
      value = words[next]
      next += 1
    }
    // -Z may stand beside -L and -S: it changes nothing about what is listed.
    let isZeroBesideList =
      (command == .list || command == .listRules) && kind == .zero
      || command == .zero && (kind == .list || kind == .listRules)
    if command != nil, !isZeroBesideList {
      report(
        .twoCommands, word.span, "`\(option.display)` cannot stand beside another command",
        help: "put it on a line of its own",
        .parameter("Cannot use \(option.display) with \(command?.option.display ?? "")"))
      if kind == .renameChain || kind == .policy, hasArgument { next += 1 }
      if hasArgument { next += 1 }
      return
    }
    if isZeroBesideList { isZeroing = true }
    if !isZeroBesideList || kind != .zero { command = kind }
    commandSpan = word.span
    if let value {
      chain = words.text(value)
      chainSpan = value.span
    } else {
      chainSpan = word.span
    }
    secondSpan = chainSpan
    switch kind {
    case .insert, .delete, .replace, .list, .listRules, .zero:
      if hasArgument {
        readRuleNumber()
        if kind == .delete { command = .deleteNumber }
      } else if kind == .replace {
        report(
          .missingRuleNumber, word.span, "`-R` needs a chain and the number of the rule to replace",
          .parameter("-R requires a rule number"))
        isDamaged = true
      } else if kind == .insert {
        number = 1
      }
    case .renameChain, .policy:
      guard hasArgument else {
        report(
          kind == .policy ? .missingPolicy : .missingChainName, word.span,
          kind == .policy ? "`-P` needs a chain and a policy" : "`-E` needs the old and the new name of the chain",
          .parameter(
            kind == .policy
              ? "-P requires a chain and a policy" : "-E requires old-chain-name and new-chain-name"))
        isDamaged = true
        return
      }
      second = words.text(words[next])
      secondSpan = words[next].span
      next += 1
    case .newChain: checkNewChainName(value)
    default: break
    }
  }

  private mutating func readRuleNumber() {
    let word = words[next]
    next += 1
    secondSpan = word.span
    number = 1
    if let value = parseUnsigned(words.text(word), in: 1...UInt64(Int32.max)) {
      number = Int(value)
    } else {
      report(
        .badRuleNumber, word.span, "`\(words.text(word))` is not the number of a rule: rules count from 1",
        .parameter("Invalid rule number `\(words.text(word))'"))
    }
  }

  private mutating func checkNewChainName(_ value: ArgumentWord?) {
    guard let value else { return }
    if let problem = ChainName.problem(words.text(value), forCommand: true, family: context.family) {
      report(
        .badChainName, value.span, problem, ChainName.refusal(words.text(value)).map { .parameter($0) })
    }
  }

  // MARK: Conditions

  private mutating func condition(_ option: BaseOption, _ value: ArgumentWord, _ inverted: Bool, isGlued: Bool) {
    let glued = isGlued ? "put a blank between the option and its argument" : nil
    switch option {
    case .source:
      sourceText = value
      header.source = Invertible(AddressMatch(.any(context.family), prefixLength: 0), inverted: inverted)
    case .destination:
      destinationText = value
      header.destination = Invertible(AddressMatch(.any(context.family), prefixLength: 0), inverted: inverted)
    case .protocolNumber:
      let text = words.text(value)
      let name = text.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7a } ? text : text.lowercased()
      protocolName = name
      guard let number = AddressSyntax.protocolNumber(name) else {
        report(
          .unknownProtocol, value.span, "`\(text)` is not a protocol",
          help: glued
            ?? (text == "!"
              ? "put the `!` before the option: `! -p`"
              : Spelling.nearest(
                to: name, among: ["tcp", "udp", "icmp", "sctp", "dccp", "esp", "ah", "gre", "all", "igmp", "udplite"]
              )
              .map { "did you mean `\($0)`?" }),
          .parameter("unknown protocol \"\(name)\" specified"))
        isDamaged = true
        if text == "!" { skipArguments() }
        return
      }
      if number == .any {
        if inverted {
          report(
            .protocolNeverMatches, value.span, "`! -p \(text)` would never match",
            .parameter("rule would never match protocol"))
        } else if context.family == .ipv6 {
          header.protocolNumber = Invertible(.any)
        }
        return
      }
      // The chain of extension headers is passed over (iptables: `is_exthdr`; kernel: `ipv6_find_hdr`).
      if context.family == .ipv6, !inverted, [43, 44, 51, 60].contains(number.rawValue) {
        report(
          .protocolNeverMatches, value.span, "no packet has the protocol `\(text)`: it is an extension header of IPv6",
          help: "use the match for this header",
          .warning("Warning: never matched protocol: \(name). use extension match instead."))
      }
      header.protocolNumber = Invertible(number, inverted: inverted)
    case .input: header.input = interface(value, inverted)
    case .output: header.output = interface(value, inverted)
    default:
      isGoto = option == .goto
      setJump(value, help: glued)
    }
  }

  private mutating func interface(_ value: ArgumentWord, _ inverted: Bool) -> Invertible<InterfacePattern>? {
    let name = words.text(value)
    if name.isEmpty {
      report(
        .emptyInterface, value.span, "the interface's name is empty",
        .parameter("Empty interface is likely to be undesired"))
      return nil
    }
    if name.utf8.count > 15 {
      report(
        .interfaceTooLong, value.span, "interface name `\(name)` is longer than 15 bytes",
        help: "end it with `+` to match every name that starts like this",
        .parameter("interface name `\(name)' must be shorter than IFNAMSIZ (15)"))
      return nil
    }
    if name == "!" { return nil }
    if let words = InterfacePattern.warning(name) {
      report(
        .oddInterfaceName, value.span,
        "no interface can be called `\(name)`: the kernel allows neither `/` nor blanks", .warning(words))
    }
    return Invertible(InterfacePattern(name), inverted: inverted)
  }

  /// `-c PACKETS BYTES` or `-c PACKETS,BYTES`.
  private mutating func readCounters(_ value: ArgumentWord) {
    var parts = words.text(value).split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    var spans = [value.span, value.span]
    if parts.count == 1 {
      guard hasArgument else {
        report(
          .missingArgument, value.span, "option `-c` needs a packet and a byte counter",
          .parameter("-c requires packet and byte counter"))
        return
      }
      parts.append(words.text(words[next]))
      spans[1] = words[next].span
      next += 1
    }
    guard let packets = NumberReader.scanf(parts[0])?.value else {
      report(
        .badCounter, spans[0], "`\(parts[0])` is not a packet counter", .parameter("-c packet counter not numeric"))
      return
    }
    guard let bytes = NumberReader.scanf(parts[1])?.value else {
      report(.badCounter, spans[1], "`\(parts[1])` is not a byte counter", .parameter("-c byte counter not numeric"))
      return
    }
    counters = Counters(packets: packets, bytes: bytes)
  }
}
