// -m devgroup: the groups of the interfaces.

/// Matches the groups of the input and output interface (kernel: `devgroup_mt`; man page: iptables-extensions,
/// devgroup).
public struct DevgroupMatch: MatchExtension {
  /// The group of the input interface.
  public var source: Invertible<MaskedValue>?
  /// The group of the output interface.
  public var destination: Invertible<MaskedValue>?
  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "devgroup", summary: "the groups of the interfaces", outside: "names of groups but `default`")

  /// The option table.
  public static let options: [OptionSpec<DevgroupMatch>] = [
    .invertible("src-group", .init({ $0.source }, { $0.source = $1 }), NamedGroup.interface.codec),
    .invertible("dst-group", .init({ $0.destination }, { $0.destination = $1 }), NamedGroup.interface.codec),
  ]

  /// Refuses the match without an option.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    if source == nil, destination == nil { throw OptionError("devgroup needs --src-group or --dst-group") }
  }

  /// Refuses an interface that the chain's packets have not (kernel: `devgroup_mt_checkentry`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    let sourceHooks: HookSet = [.prerouting, .input, .forward]
    let destinationHooks: HookSet = [.forward, .output, .postrouting]
    if source != nil, !rule.hooks.isSubset(of: sourceHooks) {
      return OptionError(
        "packets have no input interface where this rule is reached from", help: "leave --src-group out")
    }
    if destination != nil, !rule.hooks.isSubset(of: destinationHooks) {
      return OptionError(
        "packets have no output interface where this rule is reached from", help: "leave --dst-group out")
    }
    return nil
  }

  /// Compares the groups (kernel: `devgroup_mt`); bits outside the mask do not count.
  public var conditions: [Condition] {
    let condition = { (name: String, end: AddressEnd, group: Invertible<MaskedValue>) in
      Condition(
        name, .interfaceGroup(end),
        .masked(value: UInt64(group.value.value & group.value.mask), mask: UInt64(group.value.mask)),
        inverted: group.inverted)
    }
    return [
      source.map { condition("src-group", .source, $0) }, destination.map { condition("dst-group", .destination, $0) },
    ].compactMap { $0 }
  }

  /// `! src-group 0x6 dst-group 0x5`.
  public func listing(_ style: ListStyle) -> String {
    let text = { (name: String, group: Invertible<MaskedValue>) in
      "\(group.inverted ? "! " : "")\(name) \(NamedGroup.interface.text(group.value, numeric: style.numeric))"
    }
    return [source.map { text("src-group", $0) }, destination.map { text("dst-group", $0) }].compactMap { $0 }
      .joined(separator: " ")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -m devgroup --src-group 5", saves: "-A INPUT -m devgroup --src-group 0x5"),
    .accepted("-A INPUT -m devgroup --src-group 0", saves: "-A INPUT -m devgroup --src-group default"),
    .same("-A INPUT -m devgroup --src-group 0x0/0x0", family: .ipv6),
    .accepted("-A OUTPUT -m devgroup --dst-group 5/4294967295", saves: "-A OUTPUT -m devgroup --dst-group 0x5"),
    .accepted(
      "-A FORWARD -m devgroup --dst-group 5 ! --src-group 6/0xff",
      saves: "-A FORWARD -m devgroup ! --src-group 0x6/0xff --dst-group 0x5"),
    .same("-A POSTROUTING -m devgroup --dst-group 0x5", table: .mangle),
    .refused("-A INPUT -m devgroup --dst-group 5"), .refused("-A OUTPUT -m devgroup --src-group 5"),
    .refused("-A PREROUTING -m devgroup --dst-group 5", table: .mangle),
    .refused("-A POSTROUTING -m devgroup --src-group 5", table: .mangle), .refused("-A FORWARD -m devgroup"),
    .refused("-A INPUT -m devgroup --src-group nosuch"), .refused("-A INPUT -m devgroup --src-group 5/"),
    .refused("-A INPUT -m devgroup --src-group 5x"), .refused("-A INPUT -m devgroup --src-group 4294967296"),
  ]
}
