// -m policy: what IPsec did with the packet, or will do with it. Nothing here comes out of a transform or goes into one.

/// Which way `-m policy` looks.
public enum PolicyDirection: String, Hashable, Sendable, CaseIterable {
  /// At the transforms that the packet came out of.
  case `in`
  /// At those that it will go through.
  case out
}

/// The mode of a transform.
public enum PolicyMode: String, Hashable, Sendable, CaseIterable {
  /// The packet's payload is protected.
  case transport
  /// The whole packet is inside another.
  case tunnel
}

/// What is asked of one transform (kernel: `struct xt_policy_elem`).
public struct PolicyElement: Hashable, Sendable {
  /// `--reqid`.
  public var requestID: Invertible<UInt32>?
  /// `--spi`.
  public var index: Invertible<UInt32>?
  /// `--proto`: ESP, AH or IPComp.
  public var protocolNumber: Invertible<ProtocolNumber>?
  /// `--mode`.
  public var mode: Invertible<PolicyMode>?
  /// `--tunnel-dst`.
  public var tunnelDestination: Invertible<MaskedHost>?
  /// `--tunnel-src`.
  public var tunnelSource: Invertible<MaskedHost>?

  /// The words after their names, in the order in which they are printed.
  func words(numeric: Bool) -> [(name: String, text: String, inverted: Bool)] {
    var result: [(name: String, text: String, inverted: Bool)] = []
    if let requestID { result.append(("reqid", String(requestID.value), requestID.inverted)) }
    if let index { result.append(("spi", "0x" + String(index.value, radix: 16), index.inverted)) }
    if let number = protocolNumber {
      result.append(("proto", numeric ? String(number.value.rawValue) : number.value.description, number.inverted))
    }
    if let mode { result.append(("mode", mode.value.rawValue, mode.inverted)) }
    for (name, host) in [("tunnel-dst", tunnelDestination), ("tunnel-src", tunnelSource)] {
      if let host { result.append((name, ValueCodec.maskedHost.print(host.value), host.inverted)) }
    }
    return result
  }
}

extension ValueCodec where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of the words of a type, in full.
  fileprivate static func word(_ what: String) -> ValueCodec {
    let names = Value.allCases.map { $0.rawValue }
    return ValueCodec(names.joined(separator: "|")) { (argument) throws(OptionError) in
      guard let value = Value(rawValue: argument.text) else {
        throw OptionError("`\(argument.text)` is not \(what)", help: "one of " + names.joined(separator: ", "))
      }
      return value
    } print: {
      $0.rawValue
    }
  }
}

/// Matches packets by the IPsec policy that was or will be applied to them (kernel: `policy_mt`; man page: iptables-extensions, policy).
public struct PolicyMatch: MatchExtension {
  /// The most transforms that a rule asks about (kernel: `XT_POLICY_MAX_ELEM`).
  public static let maximumElements = 4

  /// Whether the policy is to be none.
  enum Policy: String, Hashable, Sendable, CaseIterable { case none, ipsec }

  /// `--dir`.
  public var direction: PolicyDirection?
  var policy: Policy?
  /// `--strict`: every transform must fit, in order.
  public var isStrict = false
  /// What is asked of the transforms.
  public private(set) var elements = [PolicyElement()]

  /// Makes the match before any option was read.
  public init() {}

  /// Whether packets without a policy match (`--pol none`).
  public var wantsNone: Bool { policy == Policy.none }

  /// The facts.
  public static let spec = ExtensionSpec("policy", summary: "the IPsec policy of the packet")

  /// The option table; the row of `--strict` prints what is asked of the transforms.
  public static let options: [OptionSpec<PolicyMatch>] = [
    .value("dir", .init({ $0.direction }, { $0.direction = $1 }), .word("a direction")),
    OptionSpec(
      "pol", placeholder: "none|ipsec",
      parse: { (owner, argument) throws(OptionError) in
        owner.policy = try ValueCodec<Policy>.word("a policy").parse(argument)
      },
      save: { owner, writer in writer.option("pol", owner.wantsNone ? "none" : "ipsec") }),
    OptionSpec(
      "strict", arity: .none, parse: { (owner, _) throws(OptionError) in owner.isStrict = true },
      save: { owner, writer in owner.saveElements(&writer) }),
    element("reqid", .init({ $0.requestID }, { $0.requestID = $1 }), .number()),
    element("spi", .init({ $0.index }, { $0.index = $1 }), .number()),
    element("proto", .init({ $0.protocolNumber }, { $0.protocolNumber = $1 }), .transform),
    element("mode", .init({ $0.mode }, { $0.mode = $1 }), .word("a mode")),
    element("tunnel-dst", .init({ $0.tunnelDestination }, { $0.tunnelDestination = $1 }), .maskedHost),
    element("tunnel-src", .init({ $0.tunnelSource }, { $0.tunnelSource = $1 }), .maskedHost),
    OptionSpec(
      "next", arity: .none, isRepeatable: true,
      parse: { (owner, _) throws(OptionError) in
        guard owner.elements.count < maximumElements else {
          throw OptionError("a rule can ask about \(maximumElements) transforms at most")
        }
        owner.elements.append(PolicyElement())
      },
      save: { _, _ in }),
  ]

  /// An option about a transform: once for each.
  private static func element<Value: Sendable>(
    _ name: String, _ field: OptionField<PolicyElement, Invertible<Value>?>, _ codec: ValueCodec<Value>
  ) -> OptionSpec<PolicyMatch> {
    OptionSpec(
      name, canInvert: true, isRepeatable: true, placeholder: codec.placeholder,
      parse: { (owner, argument) throws(OptionError) in
        let last = owner.elements.count - 1
        guard field.get(owner.elements[last]) == nil else {
          throw OptionError("option `--\(name)` is given more than once for a transform", help: "put `--next` between")
        }
        field.set(&owner.elements[last], Invertible(try codec.parse(argument), inverted: argument.inverted))
      },
      save: { _, _ in })
  }

  private func saveElements(_ writer: inout SaveWriter) {
    if wantsNone { return }
    if isStrict { writer.option("strict") }
    for (place, element) in elements.enumerated() {
      if place > 0 { writer.option("next") }
      for word in element.words(numeric: false) { writer.option(word.name, word.text, inverted: word.inverted) }
    }
  }

  /// Refuses what contradicts itself (iptables: `policy_check`).
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    guard direction != nil else { throw OptionError("policy needs --dir in or --dir out") }
    if elements.count > 1, !isStrict { throw OptionError("--next needs --strict") }
    if wantsNone {
      if isStrict { throw OptionError("--strict means nothing with --pol none") }
      return
    }
    for element in elements {
      if isStrict, element == PolicyElement() {
        throw OptionError(
          "with --strict every transform needs one of --reqid, --spi, --proto, --mode, --tunnel-src, --tunnel-dst")
      }
      // Without a mode, transport counts (iptables: `policy_check`).
      let isTunnel = (element.mode?.value == .tunnel) != (element.mode?.inverted == true)
      if element.tunnelSource != nil || element.tunnelDestination != nil, !isTunnel {
        throw OptionError("--tunnel-src and --tunnel-dst need --mode tunnel")
      }
    }
  }

  /// Refuses a direction that packets do not have at the rule's hooks (kernel: `policy_mt_check`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    if direction == .out, !rule.hooks.isDisjoint(with: [.prerouting, .input]) {
      return OptionError("--dir out cannot be used in PREROUTING and INPUT", help: "use --dir in")
    }
    if direction == .in, !rule.hooks.isDisjoint(with: [.postrouting, .output]) {
      return OptionError("--dir in cannot be used in POSTROUTING and OUTPUT", help: "use --dir out")
    }
    return nil
  }

  /// Asks for transforms, of which no packet here has any (kernel: `policy_mt`).
  public var conditions: [Condition] { [Condition("pol", .ipsec, .equals(wantsNone ? 0 : 1))] }

  /// `policy match dir in pol ipsec strict [0] proto 50 [1] ! spi 0x3`.
  public func listing(_ style: ListStyle) -> String {
    var text = "policy match dir \(direction?.rawValue ?? "") pol \(wantsNone ? "none" : "ipsec")"
    if wantsNone { return text }
    if isStrict { text += " strict" }
    for (place, element) in elements.enumerated() {
      if elements.count > 1 { text += " [\(place)]" }
      for word in element.words(numeric: style.numeric) {
        text += "\(word.inverted ? " !" : "") \(word.name) \(word.text)"
      }
    }
    return text
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m policy --dir in --pol none"),
    .same("-A POSTROUTING -m policy --dir out --pol none", table: .nat),
    .accepted("-A FORWARD -m policy --dir in", saves: "-A FORWARD -m policy --dir in --pol ipsec"),
    .same("-A FORWARD -m policy --dir out --pol ipsec --proto esp"),
    .accepted(
      "-A FORWARD -m policy --dir in --pol none --proto esp", saves: "-A FORWARD -m policy --dir in --pol none"),
    .accepted(
      "-A FORWARD -m policy --dir in --proto 108 --reqid 0x10 --spi 16",
      saves: "-A FORWARD -m policy --dir in --pol ipsec --reqid 16 --spi 0x10 --proto ipcomp"),
    .accepted(
      "-A FORWARD -m policy --dir in --pol ipsec --strict --reqid 1 --spi 0x10 --proto esp --mode tunnel --tunnel-src 1.2.3.4 --tunnel-dst 5.6.7.0/24 --next --reqid 2",
      saves:
        "-A FORWARD -m policy --dir in --pol ipsec --strict --reqid 1 --spi 0x10 --proto esp --mode tunnel --tunnel-dst 5.6.7.0/24 --tunnel-src 1.2.3.4 --next --reqid 2"
    ),
    .same("-A FORWARD -m policy --dir in --pol ipsec ! --reqid 5 ! --spi 0x7 ! --proto ah ! --mode transport"),
    .same(
      "-A FORWARD -m policy --dir in --pol ipsec --strict --reqid 1 --next --reqid 2 --next --reqid 3 --next --reqid 4"),
    .refused("-A FORWARD -m policy"), .refused("-A FORWARD -m policy --pol ipsec"),
    .refused("-A INPUT -m policy --dir out"), .refused("-A OUTPUT -m policy --dir in --pol none"),
    .refused("-A FORWARD -m policy --dir in --pol none --strict"),
    .refused("-A FORWARD -m policy --dir in --pol ipsec --strict"),
    .refused("-A FORWARD -m policy --dir in --proto esp --next --proto ah"),
    .refused("-A FORWARD -m policy --dir in --strict --proto esp --next"),
    .refused("-A FORWARD -m policy --dir in --proto tcp"), .refused("-A FORWARD -m policy --dir in --proto ESP"),
    .refused("-A FORWARD -m policy --dir in --proto esp --proto ah"),
    .refused("-A FORWARD -m policy --dir IN"), .refused("-A FORWARD -m policy --dir in --pol foo"),
    .refused("-A FORWARD -m policy ! --dir in"), .refused("-A FORWARD -m policy --dir in --tunnel-src 1.2.3.4"),
    .refused("-A FORWARD -m policy --dir in --mode transport --tunnel-src 1.2.3.4"),
    .refused("-A FORWARD -m policy --dir in ! --mode tunnel --tunnel-src 1.2.3.4"),
    .same("-A FORWARD -m policy --dir in --pol ipsec ! --mode transport --tunnel-src 1.2.3.4"),
    .same(
      "-A FORWARD -m policy --dir in --pol ipsec --strict --mode tunnel --tunnel-dst fd00::/64 --tunnel-src fd00::1",
      family: .ipv6),
    .refused("-A FORWARD -m policy --dir in --spi 0x100000000"),
    .refused(
      "-A FORWARD -m policy --dir in --strict --reqid 1 --next --reqid 2 --next --reqid 3 --next --reqid 4 --next --reqid 5"
    ),
  ]
}

extension ValueCodec where Value == ProtocolNumber {
  /// ESP, AH or IPComp, by name or number.
  fileprivate static let transform = ValueCodec("esp|ah|ipcomp") { (argument) throws(OptionError) in
    let name = argument.text
    let number = parseUnsigned(name, in: 0...255).map { ProtocolNumber(UInt8($0)) } ?? ProtocolNumber(name: name)
    guard let number, [50, 51, 108].contains(number.rawValue), name == name.lowercased() else {
      throw OptionError("`\(name)` is not a protocol of IPsec", help: "one of esp, ah, ipcomp")
    }
    return number
  } print: {
    $0.description
  }
}
