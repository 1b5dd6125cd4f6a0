// -m addrtype: the kind of the packet's addresses by the host's routing tables.

extension ValueCodec where Value == AddressTypeSet {
  /// `LOCAL,BROADCAST`.
  static let addressTypes = ValueCodec("type[,...]") { (argument) throws(OptionError) in
    AddressTypeSet(
      rawValue: try WordList.parse(
        argument.text, AddressTypeSet.names, what: "an address type", tool: "addrtype: bad type"))
  } print: { set in
    WordList.print(set.rawValue, AddressTypeSet.names)
  }
}

/// Matches the types of the source and destination addresses (kernel: `addrtype_mt_v1`; man page: iptables-extensions, addrtype).
public struct AddrtypeMatch: MatchExtension {
  /// The types of the source address.
  public var source: Invertible<AddressTypeSet>?
  /// The types of the destination address.
  public var destination: Invertible<AddressTypeSet>?
  /// Whether only addresses of the input interface count.
  public var limitsToInput = false
  /// Whether only addresses of the output interface count.
  public var limitsToOutput = false

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("addrtype", summary: "the kind of the addresses by routing")

  /// The option table.
  public static let options: [OptionSpec<AddrtypeMatch>] = [
    .invertible("src-type", .init({ $0.source }, { $0.source = $1 }), .addressTypes),
    .invertible("dst-type", .init({ $0.destination }, { $0.destination = $1 }), .addressTypes),
    .flag("limit-iface-in", .init({ $0.limitsToInput }, { $0.limitsToInput = $1 }), excludes: ["limit-iface-out"]),
    .flag("limit-iface-out", .init({ $0.limitsToOutput }, { $0.limitsToOutput = $1 }), excludes: ["limit-iface-in"]),
  ]

  /// Refuses the match without a type.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if source == nil, destination == nil {
      throw OptionError(
        "addrtype needs --src-type or --dst-type", tool: "addrtype: you must specify --src-type or --dst-type")
    }
  }

  /// Refuses an interface that packets do not have at the rule's hooks, and types that IPv6 does not know (kernel: `addrtype_mt_checkentry_v1`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    if limitsToOutput, !rule.hooks.isDisjoint(with: [.prerouting, .input]) {
      return OptionError("--limit-iface-out cannot be used in PREROUTING and INPUT", help: "use --limit-iface-in")
    }
    if limitsToInput, !rule.hooks.isDisjoint(with: [.postrouting, .output]) {
      return OptionError("--limit-iface-in cannot be used in POSTROUTING and OUTPUT", help: "use --limit-iface-out")
    }
    if rule.family == .ipv6 {
      let types = (source?.value.rawValue ?? 0) | (destination?.value.rawValue ?? 0)
      let unsupported = AddressTypeSet([AddressTypeSet(.blackhole), AddressTypeSet(.broadcast)]).rawValue
      if types & unsupported != 0 || types >= AddressTypeSet(.prohibit).rawValue {
        return OptionError(
          "IPv6 has no address type `\(ValueCodec.addressTypes.print(AddressTypeSet(rawValue: types)))`")
      }
    }
    return nil
  }

  /// Asks the host's routing (kernel: `addrtype_mt_v1`).
  public var conditions: [Condition] {
    let limit: InterfaceLimit = limitsToInput ? .input : limitsToOutput ? .output : .none
    return [
      source.map {
        Condition(
          "src-type", .addressType(.source, limit, among: $0.value), .anyBit(UInt64($0.value.rawValue)),
          inverted: $0.inverted)
      },
      destination.map {
        Condition(
          "dst-type", .addressType(.destination, limit, among: $0.value), .anyBit(UInt64($0.value.rawValue)),
          inverted: $0.inverted)
      },
    ].compactMap { $0 }
  }

  /// `ADDRTYPE match dst-type LOCAL limit-in`.
  public func listing(_ style: ListStyle) -> String {
    var text = "ADDRTYPE match"
    for (name, types) in [("src-type", source), ("dst-type", destination)] {
      if let types { text += " \(name) \(types.inverted ? "!" : "")\(ValueCodec.addressTypes.print(types.value))" }
    }
    if limitsToInput { text += " limit-in" }
    if limitsToOutput { text += " limit-out" }
    return text
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m addrtype --src-type LOCAL"),
    .accepted("-A INPUT -m addrtype ! --src-type local,UNI", saves: "-A INPUT -m addrtype ! --src-type UNICAST,LOCAL"),
    .accepted("-A INPUT -m addrtype --dst-type U", saves: "-A INPUT -m addrtype --dst-type UNSPEC"),
    .same("-A INPUT -m addrtype --src-type UNSPEC,THROW,NAT,XRESOLVE --dst-type BROADCAST,MULTICAST"),
    .same("-A INPUT -m addrtype --dst-type LOCAL --limit-iface-in"),
    .same("-A FORWARD -m addrtype ! --dst-type LOCAL --limit-iface-out"),
    .same("-A OUTPUT -m addrtype --dst-type LOCAL --limit-iface-out"),
    .refused("-A INPUT -m addrtype --dst-type LOCAL --limit-iface-out"),
    .refused("-A OUTPUT -m addrtype --dst-type LOCAL --limit-iface-in"),
    .refused("-A POSTROUTING -m addrtype --dst-type LOCAL --limit-iface-in", table: .mangle),
    .refused("-A FORWARD -m addrtype --dst-type LOCAL --limit-iface-out --limit-iface-in"),
    .refused("-A INPUT -m addrtype --limit-iface-in"),
    .refused("-A INPUT -m addrtype --src-type LOCAL ! --limit-iface-in"),
    .refused("-A INPUT -m addrtype --dst-type LOCAL,"),
  ]
}
