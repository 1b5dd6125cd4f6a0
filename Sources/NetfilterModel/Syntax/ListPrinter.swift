// Prints tables as `iptables -L` and `iptables -S` do, byte for byte.

/// What `-L` was asked to show.
public struct ListOptions: Hashable, Sendable {
  /// `-n`: numbers instead of names.
  public var numeric: Bool
  /// `-v`: counters and interfaces.
  public var verbose: Bool
  /// `-x`: counters in full.
  public var exact: Bool
  /// `--line-numbers`.
  public var lineNumbers: Bool

  /// Makes options.
  public init(numeric: Bool = false, verbose: Bool = false, exact: Bool = false, lineNumbers: Bool = false) {
    self.numeric = numeric
    self.verbose = verbose
    self.exact = exact
    self.lineNumbers = lineNumbers
  }
}

/// Prints tables in the form of iptables 1.8.9's listings. Host names are never looked up: addresses are numeric, except
/// `anywhere`.
public struct ListPrinter: Sendable {
  /// What to show.
  public var options: ListOptions
  /// The family of the tables, which shows where a rule has no address.
  public var family: AddressFamily

  /// Makes a printer.
  public init(_ options: ListOptions = ListOptions(), family: AddressFamily = .ipv4) {
    self.options = options
    self.family = family
  }

  /// `iptables -L [chain [number]]`: every chain, or one, or one rule of it (number from 1).
  public func list(_ table: Table, chain name: String? = nil, number: Int? = nil) -> String {
    var references: [String: Int] = [:]
    for chain in table.chains {
      for rule in chain.rules { if let name = rule.action.chainName { references[name, default: 0] += 1 } }
    }
    var text = ""
    for chain in SavePrinter.sorted(table.chains) where name == nil || chain.name == name {
      if !text.isEmpty { text += "\n" }
      if number == nil { header(chain, references[chain.name] ?? 0, &text) }
      for (index, rule) in chain.rules.enumerated() where number == nil || number == index + 1 {
        line(rule, index + 1, &text)
      }
    }
    return text
  }

  /// `iptables -S [chain [number]]`; with `-v` the counters are shown.
  public func listRules(_ table: Table, chain name: String? = nil, number: Int? = nil) -> String {
    var text = ""
    let chains = SavePrinter.sorted(table.chains).filter { name == nil || $0.name == name }
    if number == nil {
      for chain in chains {
        if let policy = chain.policy {
          text += "-P \(chain.name) \(policy.name)"
          if options.verbose { text += " -c \(chain.counters.packets) \(chain.counters.bytes)" }
          text += "\n"
        } else {
          text += "-N \(chain.name)\n"
        }
      }
    }
    for chain in chains {
      for (index, rule) in chain.rules.enumerated() where number == nil || number == index + 1 {
        text += SavePrinter.ruleText(rule, chain: chain.name, counters: options.verbose) + "\n"
      }
    }
    return text
  }

  /// A rule as `-v` shows it beside `-A`, `-I`, `-R`, `-D` and `-C` (iptables: `print_rule4` with `FMT_PRINT_RULE`).
  static func entry(_ rule: Rule, family: AddressFamily) -> String {
    let printer = ListPrinter(ListOptions(numeric: true), family: family)
    let header = rule.header
    let number = header.protocolNumber?.value ?? .any
    var text = printer.targetName(rule.action) + " "
    text += header.protocolNumber?.inverted == true ? "!" : " "
    text += "\(printer.protocolName(number)) opt "
    text += header.fragment?.inverted == true ? "!" : "-"
    text += header.fragment != nil ? "f " : "- "
    text += "in \(printer.interface(header.input)) out \(printer.interface(header.output)) "
    text += header.source?.inverted == true ? "!" : " "
    text += printer.address(header.source) + " "
    text += header.destination?.inverted == true ? "!" : " "
    text += "-> " + printer.address(header.destination) + "  "
    printer.extensions(rule, &text)
    return text + "\n"
  }

  private func header(_ chain: Chain, _ references: Int, _ text: inout String) {
    text += "Chain \(chain.name)"
    if let policy = chain.policy {
      text += " (policy \(policy.name)"
      if options.verbose {
        text +=
          " \(count(chain.counters.packets, padded: false))packets, \(count(chain.counters.bytes, padded: false))bytes"
      }
      text += ")\n"
    } else {
      text += " (\(references) references)\n"
    }
    if options.lineNumbers { text += left("num", 4) + " " }
    if options.verbose {
      text +=
        options.exact
        ? right("pkts", 8) + " " + right("bytes", 10) + " " : right("pkts", 5) + " " + right("bytes", 5) + " "
    }
    text += left("target", 9) + "  prot opt"
    if options.verbose { text += " " + left("in", 6) + " " + left("out", 6) + " " }
    text += " " + left("source", 19) + "  " + left("destination", 19) + " \n"
  }

  private func line(_ rule: Rule, _ number: Int, _ text: inout String) {
    let header = rule.header
    if options.lineNumbers { text += left("\(number)", 4) + " " }
    if options.verbose { text += count(rule.counters.packets, padded: true) + count(rule.counters.bytes, padded: true) }
    text += left(targetName(rule.action), 9) + " "
    text += header.protocolNumber?.inverted == true ? "!" : " "
    let protocolNumber = header.protocolNumber?.value ?? .any
    text += left(options.numeric ? "\(protocolNumber.rawValue)" : protocolName(protocolNumber), 4) + " "
    text += header.fragment?.inverted == true ? "!" : "-"
    text += header.fragment != nil ? "f " : "- "
    if options.verbose {
      text += " " + left(interface(header.input), 6) + " " + left(interface(header.output), 6) + " "
    }
    text += header.source?.inverted == true ? "!" : " "
    text += left(address(header.source), 19) + " "
    text += header.destination?.inverted == true ? "!" : " "
    text += left(address(header.destination), 19) + " "
    extensions(rule, &text)
    text += "\n"
  }

  /// What the matches and the target say.
  private func extensions(_ rule: Rule, _ text: inout String) {
    if case .goto = rule.action { text += "[goto] " }
    let style = ListStyle(numeric: options.numeric)
    for match in rule.matches {
      let listing = match.listing(style)
      if !listing.isEmpty { text += (match.spec?.isListedWithoutBlank == true ? "" : " ") + listing }
    }
    if case .target(let target) = rule.action {
      let listing = target.listing(style)
      if !listing.isEmpty { text += " " + listing }
    }
  }

  private func targetName(_ action: RuleAction) -> String {
    switch action {
    case .none: ""
    case .verdict(let verdict): verdict.name
    case .jump(let name), .goto(let name): name
    case .target(let target): target.spec?.listedName ?? target.name
    }
  }

  private func protocolName(_ number: ProtocolNumber) -> String { number == .any ? "all" : number.description }

  private func interface(_ condition: Invertible<InterfacePattern>?) -> String {
    guard let condition else { return options.numeric ? "*" : "any" }
    return (condition.inverted ? "!" : "") + condition.value.text
  }

  private func address(_ condition: Invertible<AddressMatch>?) -> String {
    let match = condition?.value ?? AddressMatch(.any(family), prefixLength: 0)
    // ip6tables looks at the address, iptables at the mask.
    if !options.numeric, family == .ipv4 ? match.mask.isZero : match.address.isZero { return "anywhere" }
    guard let length = match.mask.prefixLength else { return "\(match.address)/\(match.mask)" }
    return length == match.address.family.addressBits ? "\(match.address)" : "\(match.address)/\(length)"
  }

  /// A counter with its unit, followed by a blank (iptables: `xtables_print_num`).
  private func count(_ value: UInt64, padded: Bool) -> String {
    let pad = { (text: String, width: Int) in (padded ? right(text, width) : text) + " " }
    if options.exact { return pad("\(value)", 8) }
    if value <= 99_999 { return pad("\(value)", 5) }
    var value = value
    for unit in ["K", "M", "G"] {
      value = (value &+ 500) / 1000
      if value <= 9999 { return pad("\(value)", 4 + 0).dropLast() + "\(unit) " }
    }
    value = (value &+ 500) / 1000
    return pad("\(value)", 4).dropLast() + "T "
  }

  private func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.utf8.count))
  }

  private func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.utf8.count)) + text
  }
}
