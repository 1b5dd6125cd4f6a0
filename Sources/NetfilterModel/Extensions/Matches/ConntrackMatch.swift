// -m conntrack: state, translation, addresses, ports, status, age and direction of the packet's connection.

/// Which address of a connection a condition of `-m conntrack` looks at.
public enum ConntrackAddressField: UInt8, Hashable, Sendable, CaseIterable {
  /// `--ctorigsrc`.
  case originalSource
  /// `--ctorigdst`.
  case originalDestination
  /// `--ctreplsrc`.
  case replySource
  /// `--ctrepldst`.
  case replyDestination

  var optionName: String {
    switch self {
    case .originalSource: "ctorigsrc"
    case .originalDestination: "ctorigdst"
    case .replySource: "ctreplsrc"
    case .replyDestination: "ctrepldst"
    }
  }

  var field: Field {
    switch self {
    case .originalSource: .connectionAddress(.original, .source)
    case .originalDestination: .connectionAddress(.original, .destination)
    case .replySource: .connectionAddress(.reply, .source)
    case .replyDestination: .connectionAddress(.reply, .destination)
    }
  }
}

/// An address condition of `-m conntrack`.
public struct ConntrackAddressCondition: Hashable, Sendable {
  /// The field looked at.
  public var field: ConntrackAddressField
  /// The address and mask.
  public var host: MaskedHost
  /// Whether `!` stood before it.
  public var inverted: Bool
}

/// A range of seconds, `min[:max]`.
public struct ExpiryRange: Hashable, Sendable {
  /// The fewest seconds.
  public var lower: UInt32
  /// The most seconds; smaller than `lower` never matches.
  public var upper: UInt32
}

extension ValueCodec where Value == ExpiryRange {
  /// `time[:time]` in seconds; a missing end is the smallest or largest 32-bit number.
  static let expiry = ValueCodec("time[:time]") { (argument) throws(OptionError) in
    let parts = argument.text.split(separator: ":", omittingEmptySubsequences: false)
    let number = { (text: Substring) throws(OptionError) -> UInt32 in
      guard let value = parseUnsigned(text, in: 0...0xffff_ffff) else {
        throw OptionError("`\(text)` is not a number of seconds from 0 to 4294967295")
      }
      return UInt32(value)
    }
    guard let first = parts.first, parts.count <= 2 else {
      throw OptionError("`\(argument.text)` is not a range of seconds: at most two numbers can be given")
    }
    let lower = first.isEmpty ? 0 : try number(first)
    guard parts.count == 2 else { return ExpiryRange(lower: lower, upper: lower) }
    return ExpiryRange(lower: lower, upper: parts[1].isEmpty ? .max : try number(parts[1]))
  } print: {
    $0.lower == $0.upper ? "\($0.lower)" : "\($0.lower):\($0.upper)"
  }
}

extension ValueCodec where Value == PortRange {
  /// Ports of a connection; an upper end of 0 is not printed, as in iptables 1.8.9 (`conntrack_dump_ports`).
  fileprivate static let connectionPorts = ValueCodec("port[:port]", parse: looselyOrderedPortRange.parse) {
    $0.upper == 0 ? "\($0.lower)" : $0.description
  }
}

extension ValueCodec where Value == ConnectionStatus {
  /// `ASSURED,CONFIRMED`; `NONE` adds nothing.
  static let status = ValueCodec("status[,...]") { (argument) throws(OptionError) in
    ConnectionStatus(
      rawValue: UInt32(try WordList.parse(argument.text, ConnectionStatus.names, what: "a connection status")))
  } print: { status in
    status.words
  }
}

extension ValueCodec where Value == ProtocolNumber {
  /// A protocol's number or name, printed as a number (iptables: `XTTYPE_PROTOCOL`).
  static let protocolNumber = ValueCodec("protocol") { (argument) throws(OptionError) in
    if let number = parseUnsigned(argument.text, in: 0...255) { return ProtocolNumber(UInt8(number)) }
    guard let number = ProtocolNumber(name: argument.text) else {
      throw OptionError("`\(argument.text)` is not a protocol: a number from 0 to 255 or a name")
    }
    return number
  } print: {
    "\($0.rawValue)"
  }
}

/// Matches what connection tracking knows of the packet (kernel: `conntrack_mt_v3`; man page: iptables-extensions, conntrack).
public struct ConntrackMatch: MatchExtension {
  /// The packet states and translations.
  public var states: Invertible<ConnectionStateSet>?
  /// The connection's protocol.
  public var protocolNumber: Invertible<ProtocolNumber>?
  /// The address conditions, in the order of the fields; empty in most rules.
  public var addresses: [ConntrackAddressCondition] = []
  /// The source port or ICMP identifier of the original direction.
  public var originalSourcePorts: Invertible<PortRange>?
  /// The destination port of the original direction.
  public var originalDestinationPorts: Invertible<PortRange>?
  /// The source port of the reply direction.
  public var replySourcePorts: Invertible<PortRange>?
  /// The destination port of the reply direction.
  public var replyDestinationPorts: Invertible<PortRange>?
  /// The status bits, of which one must be set.
  public var status: Invertible<ConnectionStatus>?
  /// The seconds that the connection still lives without a packet.
  public var expiry: Invertible<ExpiryRange>?
  /// The packet's direction.
  public var direction: ConnectionDirection?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("conntrack", summary: "what connection tracking knows of the packet")

  /// The option table.
  public static let options: [OptionSpec<ConntrackMatch>] =
    [
      .invertible("ctstate", .init({ $0.states }, { $0.states = $1 }), .connectionStates),
      .invertible("ctproto", .init({ $0.protocolNumber }, { $0.protocolNumber = $1 }), .protocolNumber),
    ] + ConntrackAddressField.allCases.map(addressOption) + [
      .invertible(
        "ctorigsrcport", .init({ $0.originalSourcePorts }, { $0.originalSourcePorts = $1 }), .connectionPorts),
      .invertible(
        "ctorigdstport", .init({ $0.originalDestinationPorts }, { $0.originalDestinationPorts = $1 }),
        .connectionPorts),
      .invertible(
        "ctreplsrcport", .init({ $0.replySourcePorts }, { $0.replySourcePorts = $1 }), .connectionPorts),
      .invertible(
        "ctrepldstport", .init({ $0.replyDestinationPorts }, { $0.replyDestinationPorts = $1 }),
        .connectionPorts),
      .invertible("ctstatus", .init({ $0.status }, { $0.status = $1 }), .status),
      .invertible("ctexpire", .init({ $0.expiry }, { $0.expiry = $1 }), .expiry),
      .value(
        "ctdir", .init({ $0.direction }, { $0.direction = $1 }),
        ValueCodec("ORIGINAL|REPLY") { (argument) throws(OptionError) in
          switch argument.text.lowercased() {
          case "original": return .original
          case "reply": return .reply
          default: throw OptionError("`\(argument.text)` is not a direction: ORIGINAL or REPLY")
          }
        } print: {
          $0 == .original ? "ORIGINAL" : "REPLY"
        }),
    ]

  static func addressOption(_ field: ConntrackAddressField) -> OptionSpec<ConntrackMatch> {
    OptionSpec(
      field.optionName, canInvert: true, placeholder: ValueCodec.maskedHost.placeholder,
      parse: { (owner, argument) throws(OptionError) in
        let host = try ValueCodec.maskedHost.parse(argument)
        let condition = ConntrackAddressCondition(field: field, host: host, inverted: argument.inverted)
        owner.addresses.removeAll { $0.field == field }
        let place = owner.addresses.firstIndex { $0.field.rawValue > field.rawValue } ?? owner.addresses.endIndex
        owner.addresses.insert(condition, at: place)
      },
      save: { owner, writer in
        guard let condition = owner.addresses.first(where: { $0.field == field }) else { return }
        writer.option(field.optionName, ValueCodec.maskedHost.print(condition.host), inverted: condition.inverted)
      })
  }

  /// Refuses the match without an option.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if !rule.hasOptions {
      throw OptionError("conntrack needs at least one option", tool: "conntrack: At least one option is required")
    }
  }

  /// Connection tracking is needed.
  public var enablesConntrack: Bool { true }

  /// Compares (kernel: `conntrack_mt`): without a connection only the state is looked at, and a rule without `--ctstate` never matches.
  public var conditions: [Condition] {
    var result: [Condition] = []
    if let states {
      result.append(
        Condition("ctstate", .connectionState, .anyBit(UInt64(states.value.rawValue)), inverted: states.inverted))
    } else {
      result.append(.demand(.hasConnection, .equals(1)))
    }
    let isVacuous = states != nil
    func add(_ option: String, _ field: Field, _ test: ConditionTest, _ inverted: Bool) {
      result.append(Condition(option, field, test, inverted: inverted, holdsWhenAbsent: isVacuous))
    }
    if let direction { add("ctdir", .connectionDirection, .equals(direction.rawValue), false) }
    for address in addresses {
      let mask = IPAddress.prefixMask(Int(address.host.prefixLength), family: address.host.address.family)
      add(
        address.field.optionName, address.field.field,
        .network(address.host.address.masked(by: mask), mask: mask), address.inverted)
    }
    if let number = protocolNumber {
      add("ctproto", .connectionProtocol, .equals(number.value.rawValue), number.inverted)
    }
    for (option, direction, end, ports) in [
      ("ctorigsrcport", ConnectionDirection.original, AddressEnd.source, originalSourcePorts),
      ("ctorigdstport", .original, .destination, originalDestinationPorts),
      ("ctreplsrcport", .reply, .source, replySourcePorts),
      ("ctrepldstport", .reply, .destination, replyDestinationPorts),
    ] {
      if let ports {
        add(
          option, .connectionPort(direction, end), .between(ports.value.lower, ports.value.upper), ports.inverted)
      }
    }
    if let status { add("ctstatus", .connectionStatus, .anyBit(UInt64(status.value.rawValue)), status.inverted) }
    if let expiry {
      add("ctexpire", .connectionExpiry, .between(expiry.value.lower, expiry.value.upper), expiry.inverted)
    }
    return result
  }

  /// `ctstate NEW ctproto 6`.
  public func listing(_ style: ListStyle) -> String {
    var words: [String] = []
    let add = { (name: String, text: String, inverted: Bool) in words.append("\(inverted ? "! " : "")\(name) \(text)") }
    if let states { add("ctstate", ValueCodec.connectionStates.print(states.value), states.inverted) }
    if let number = protocolNumber { add("ctproto", ValueCodec.protocolNumber.print(number.value), number.inverted) }
    for condition in addresses {
      let isAnywhere = !style.numeric && condition.host.address.isZero
      add(
        condition.field.optionName, isAnywhere ? "anywhere" : ValueCodec.maskedHost.print(condition.host),
        condition.inverted)
    }
    for (name, ports) in [
      ("ctorigsrcport", originalSourcePorts), ("ctorigdstport", originalDestinationPorts),
      ("ctreplsrcport", replySourcePorts), ("ctrepldstport", replyDestinationPorts),
    ] {
      if let ports { add(name, ValueCodec.connectionPorts.print(ports.value), ports.inverted) }
    }
    if let status { add("ctstatus", ValueCodec.status.print(status.value), status.inverted) }
    if let expiry { add("ctexpire", ValueCodec.expiry.print(expiry.value), expiry.inverted) }
    if let direction { add("ctdir", direction == .original ? "ORIGINAL" : "REPLY", false) }
    return words.joined(separator: " ")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted(
      "-A INPUT -m conntrack --ctrepldstport 22:65536", saves: "-A INPUT -m conntrack --ctrepldstport 22"),
    .accepted("-A INPUT -m conntrack --ctorigsrcport 010", saves: "-A INPUT -m conntrack --ctorigsrcport 10"),
    .refused("-A INPUT -m conntrack --ctorigsrcport 0x10"),
    .same("-A INPUT -m conntrack --ctorigsrc fd00::1/64 ! --ctrepldst fd00::2", family: .ipv6),
    .same("-A INPUT -m conntrack --ctstate NEW"),
    .accepted(
      "-A INPUT -m conntrack ! --ctstate DNAT,SNAT,inv", saves: "-A INPUT -m conntrack ! --ctstate INVALID,SNAT,DNAT"),
    .accepted("-A INPUT -m conntrack ! --ctproto tcp", saves: "-A INPUT -m conntrack ! --ctproto 6"),
    .same("-A INPUT -m conntrack --ctorigsrc 10.1.1.1/8"),
    .accepted(
      "-A INPUT -m conntrack --ctorigsrc 10.9.9.9/255.0.255.0", saves: "-A INPUT -m conntrack --ctorigsrc 10.9.9.9"),
    .accepted("-A INPUT -m conntrack --ctorigsrc 10.1", saves: "-A INPUT -m conntrack --ctorigsrc 10.0.0.1"),
    .accepted(
      "-A INPUT -m conntrack ! --ctorigsrcport 80:90 --ctorigdstport http --ctreplsrcport :5 ! --ctrepldstport 5:",
      saves:
        "-A INPUT -m conntrack ! --ctorigsrcport 80:90 --ctorigdstport 80 --ctreplsrcport 0:5 ! --ctrepldstport 5:65535"
    ),
    .same("-A INPUT -m conntrack --ctorigdstport 5:3"),
    .accepted("-A INPUT -m conntrack --ctstatus NONE,ASS", saves: "-A INPUT -m conntrack --ctstatus ASSURED"),
    .same("-A INPUT -m conntrack ! --ctexpire 10:5"),
    .accepted("-A INPUT -m conntrack --ctexpire 5:", saves: "-A INPUT -m conntrack --ctexpire 5:4294967295"),
    .accepted(
      "-A INPUT -m conntrack --ctdir reply --ctexpire 3 --ctstatus NONE --ctrepldst 1.1.1.1 ! --ctorigdst 1.1.1.1",
      saves:
        "-A INPUT -m conntrack ! --ctorigdst 1.1.1.1 --ctrepldst 1.1.1.1 --ctstatus NONE --ctexpire 3 --ctdir REPLY"),
    .refused("-A INPUT -m conntrack"),
    .refused("-A INPUT -m conntrack --ctstate NEW,"),
    .refused("-A INPUT -m conntrack ! --ctdir REPLY"),
    .refused("-A INPUT -m conntrack --ctdir REP"),
    .refused("-A INPUT -m conntrack --ctexpire 4294967296"),
    .refused("-A INPUT -m conntrack --ctorigsrc 10.0.0.1,10.0.0.2"),
  ]
}
