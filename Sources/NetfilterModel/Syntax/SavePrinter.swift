// Prints rulesets as iptables-save does, byte for byte.

/// Prints rulesets in the form of iptables-save 1.8.9.
public struct SavePrinter: Sendable {
  /// Whether rules are preceded by their counters (`-c`).
  public var counters: Bool

  /// Makes a printer.
  public init(counters: Bool = false) { self.counters = counters }

  /// The ruleset as text: tables as the kernel lists them, the one that was loaded last first; chains as libiptc sorts
  /// them, the built-in ones by hook and the others by name.
  public func print(_ ruleset: Ruleset) -> String { String(decoding: bytes(ruleset), as: UTF8.self) }

  /// The bytes of `print`, for a large ruleset that only has to be written.
  public func bytes(_ ruleset: Ruleset) -> [UInt8] {
    let rules = ruleset.tables.reduce(0) { $0 + $1.chains.reduce(1) { $0 + $1.rules.count } }
    var writer = SaveWriter(capacity: 80 * rules)
    for table in ruleset.tables.reversed() { print(table, into: &writer) }
    return writer.bytes
  }

  /// One table as text.
  public func print(_ table: Table, into text: inout String) {
    var writer = SaveWriter()
    print(table, into: &writer)
    text += writer.text
  }

  private func print(_ table: Table, into writer: inout SaveWriter) {
    writer.append("*\(table.kind.name)\n")
    let chains = SavePrinter.sorted(table.chains)
    for chain in chains {
      writer.append(
        ":\(chain.name) \(chain.policy?.name ?? "-") \(chain.policy == nil ? Counters() : chain.counters)\n")
    }
    for chain in chains {
      for index in chain.rules.indices {
        if counters { writer.append("\(chain.rules[index].counters) ") }
        SavePrinter.write(chain.rules[index], chain: chain.name, into: &writer)
        writer.append("\n")
      }
    }
    writer.append("COMMIT\n")
  }

  /// Chains in the order of libiptc: built-in ones as they are, the others by the bytes of their names.
  static func sorted(_ chains: [Chain]) -> [Chain] {
    chains.filter { $0.isBuiltIn } + chains.filter { !$0.isBuiltIn }.sorted { comesBefore($0.name, $1.name) }
  }

  static func comesBefore(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

  /// A rule in the form of `iptables -S`: `-A CHAIN ...`, without a newline.
  ///
  /// - Parameter counters: whether the counters stand before the target (`-v -S`).
  public static func ruleText(_ rule: Rule, chain: String, counters: Bool = false) -> String {
    var writer = SaveWriter()
    write(rule, chain: chain, counters: counters, into: &writer)
    return writer.text
  }

  /// The bytes of a rule behind `-A CHAIN`, a blank before each word; none for a rule without a condition and an action.
  package static func body(of rule: Rule) -> [UInt8] {
    var writer = SaveWriter(capacity: 80)
    writeBody(rule, into: &writer)
    return writer.bytes
  }

  private static func write(_ rule: Rule, chain: String, counters: Bool = false, into writer: inout SaveWriter) {
    writer.append("-A")
    writer.word(chain)
    writeBody(rule, counters: counters, into: &writer)
  }

  private static func writeBody(_ rule: Rule, counters: Bool = false, into writer: inout SaveWriter) {
    for option in HeaderOption.allCases { write(option, of: rule.header, into: &writer) }
    for match in rule.matches {
      writer.word("-m")
      writer.word(match.name)
      match.save(into: &writer)
    }
    if counters { writer.word("-c \(rule.counters.packets) \(rule.counters.bytes)") }
    switch rule.action {
    case .none: break
    case .verdict(let verdict):
      writer.word("-j")
      writer.word(verdict.name)
    case .jump(let name): writer.word("-j \(name)")
    case .goto(let name): writer.word("-g \(name)")
    case .target(let target):
      writer.word("-j")
      writer.word(target.name)
      target.save(into: &writer)
    }
  }

  /// One option of a rule's header as iptables-save prints it (`! -s 10.0.0.0/8`), and `-p all`, which it does not print; empty where
  /// there is none.
  public static func headerText(_ header: RuleHeader, _ option: HeaderOption) -> String {
    var writer = SaveWriter()
    if option == .protocolNumber, header.protocolNumber?.value == .any { return "-p \(ProtocolNumber.any)" }
    write(option, of: header, into: &writer)
    return String(writer.text.drop { $0 == " " })
  }

  private static func write(_ option: HeaderOption, of header: RuleHeader, into writer: inout SaveWriter) {
    switch option {
    case .source: address(header.source, option.name, &writer)
    case .destination: address(header.destination, option.name, &writer)
    case .input: interface(header.input, option.name, &writer)
    case .output: interface(header.output, option.name, &writer)
    case .protocolNumber:
      guard let number = header.protocolNumber, number.value != .any else { return }
      if number.inverted { writer.word("!") }
      writer.word(option.name)
      writer.word(number.value.description)
    case .fragment:
      guard let fragment = header.fragment else { return }
      if fragment.inverted { writer.word("!") }
      writer.word(option.name)
    }
  }

  private static func address(_ condition: Invertible<AddressMatch>?, _ option: String, _ writer: inout SaveWriter) {
    guard let condition else { return }
    if condition.value.mask.isZero, !condition.inverted { return }
    if condition.inverted { writer.word("!") }
    writer.word(option)
    writer.word(condition.value)
  }

  private static func interface(
    _ condition: Invertible<InterfacePattern>?, _ option: String, _ writer: inout SaveWriter
  ) {
    guard let condition, condition.value.mask.first != 0 else { return }
    if condition.inverted { writer.word("!") }
    writer.word(option)
    writer.word(condition.value.text)
  }
}
