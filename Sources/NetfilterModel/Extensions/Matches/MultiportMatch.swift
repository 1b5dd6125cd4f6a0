// -m multiport: up to 15 ports or port ranges.

/// Which port of the packet `-m multiport` looks at.
public enum MultiportSide: UInt8, Hashable, Sendable, CaseIterable {
  /// `--sports`.
  case source
  /// `--dports`.
  case destination
  /// `--ports`: either.
  case either

  var optionName: String {
    switch self {
    case .source: "sports"
    case .destination: "dports"
    case .either: "ports"
    }
  }
}

/// Matches one of several ports (kernel: `multiport_mt`; man page: iptables-extensions, multiport).
public struct MultiportMatch: MatchExtension {
  /// The most slots that a rule has; a range takes two (kernel: `XT_MULTI_PORTS`).
  public static let maximumSlots = 15

  /// The side, or nil before an option was read.
  public var side: MultiportSide?
  /// Whether `!` stood before the option.
  public var inverted = false
  /// The ranges, of which the first `count` are used.
  public var ranges = InlineArray<15, PortRange>(repeating: PortRange(0))
  /// How many ranges are used, 0...15.
  public var count = 0
  /// The rule's protocol, by which `-L` names the ports.
  public var protocolNumber = ProtocolNumber.any

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "multiport", protocols: ProtocolNumber.withPorts, summary: "one of several ports")

  /// The option table.
  public static let options: [OptionSpec<MultiportMatch>] = MultiportSide.allCases.map { side in
    OptionSpec(
      side.optionName,
      aliases: side == .source ? ["source-ports"] : side == .destination ? ["destination-ports"] : [],
      canInvert: true,
      excludes: MultiportSide.allCases.filter { $0 != side }.map { $0.optionName }, placeholder: "port[:port][,...]",
      parse: { (owner, argument) throws(OptionError) in
        try owner.read(argument)
        owner.side = side
      },
      save: { owner, writer in
        guard owner.side == side else { return }
        writer.option(side.optionName, owner.text { String($0) }, inverted: owner.inverted)
      })
  }

  mutating func read(_ argument: OptionArgument) throws(OptionError) {
    guard let number = argument.protocolNumber, !number.inverted, number.value.hasPorts else {
      throw OptionError(
        "multiport needs `-p` tcp, udp, udplite, sctp or dccp before it",
        tool: argument.protocolNumber?.inverted == true
          ? "multiport only works with TCP, UDP, UDPLITE, SCTP and DCCP"
          : "multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'")
    }
    protocolNumber = number.value
    inverted = argument.inverted
    count = 0
    var slots = 0
    var rest: Substring? = argument.text[...]
    while let words = rest {
      let (word, others) = WordList.cut(words, at: 0x2c)
      rest = others
      let (first, second) = WordList.cut(word, at: 0x3a)
      slots += second == nil ? 1 : 2
      guard slots <= MultiportMatch.maximumSlots, count < MultiportMatch.maximumSlots else {
        throw OptionError(
          "too many ports: at most \(MultiportMatch.maximumSlots), and a range counts as two",
          help: "spread them over two rules", tool: "too many ports specified")
      }
      let lower = try parsePort(first, argument)
      let upper = try second.map { (text) throws(OptionError) in try parsePort(text, argument) } ?? lower
      guard second == nil || lower < upper else {
        throw OptionError("port range `\(word)` does not end after its start", tool: "invalid portrange specified")
      }
      ranges[count] = PortRange(lower, upper)
      count += 1
    }
  }

  func text(_ port: (UInt16) -> String) -> String {
    var text = ""
    for index in 0..<min(count, MultiportMatch.maximumSlots) {
      let range = ranges[index]
      if index > 0 { text += "," }
      text += port(range.lower)
      if range.lower != range.upper {
        text += ":"
        text += port(range.upper)
      }
    }
    return text
  }

  /// Refuses the match without an option.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if side == nil {
      throw OptionError("multiport needs one of --sports, --dports and --ports", tool: "multiport expection an option")
    }
  }

  /// Compares the ports; a later fragment never matches, a packet without ports is dropped (kernel: `multiport_mt`).
  public var conditions: [Condition] {
    guard let side else { return [] }
    let list = (0..<min(count, MultiportMatch.maximumSlots)).map { NumberRange(ranges[$0].lower, ranges[$0].upper) }
    let field: Field =
      switch side {
      case .source: .sourcePort
      case .destination: .destinationPort
      case .either: .eitherPort
      }
    return [
      .demand(.fragmentOffset, .equals(0)), .demand(.transportLength, .between(4, Int.max), drops: true),
      Condition(side.optionName, field, .ranges(list), inverted: inverted),
    ]
  }

  /// `multiport dports http,1000:2000`.
  public func listing(_ style: ListStyle) -> String {
    guard let side else { return "" }
    let ports = text { ServiceNames.text($0, protocolNumber: protocolNumber, numeric: style.numeric) }
    return "multiport \(side.optionName) \(inverted ? " !" : "")\(ports)"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -p tcp -m multiport --dports 80,443"),
    .same("-A INPUT -p tcp -m multiport ! --dports 80,443,1000:2000"),
    .accepted(
      "-A INPUT -p tcp -m multiport --source-ports ssh,http:https",
      saves: "-A INPUT -p tcp -m multiport --sports 22,80:443"),
    .accepted(
      "-A INPUT -p udp -m multiport --ports domain,0x10,010", saves: "-A INPUT -p udp -m multiport --ports 53,16,8"),
    .same("-A INPUT -p tcp -m multiport --dports 1:2,3:4,5:6,7:8,9:10,11:12,13:14,15"),
    .refused("-A INPUT -p tcp -m multiport --dports 1:2,3:4,5:6,7:8,9:10,11:12,13:14,15:16"),
    .refused("-A INPUT -p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16"),
    .refused("-A INPUT -p tcp -m multiport --dports 5:5"),
    .refused("-A INPUT -p tcp -m multiport --dports 5,"),
    .refused("-A INPUT -p tcp -m multiport --dports 5:"),
    .refused("-A INPUT -p tcp -m multiport --dports 1 --sports 2"),
    .refused("-A INPUT -p icmp -m multiport --dports 5"),
    .refused("-A INPUT ! -p tcp -m multiport --dports 5"),
    .refused("-A INPUT -m multiport --dports 5 -p tcp"),
    .refused("-A INPUT -p tcp -m multiport"),
    .same("-A INPUT -p sctp -m multiport --dports 5"),
  ]
}
