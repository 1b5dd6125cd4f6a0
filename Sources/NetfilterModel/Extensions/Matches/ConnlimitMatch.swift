// -m connlimit: how many connections an address or network has.

/// Compares the number of connections of the packet's network (kernel: `connlimit_mt`; man page: iptables-extensions,
/// connlimit).
///
/// The first word of the rule's state is the place of its lists, the second what the host counted.
public struct ConnlimitMatch: MatchExtension {
  /// The largest number that `--connlimit-upto` holds for.
  public var limit: UInt32 = 0
  /// Whether it holds up to the limit, not above.
  public var isUpTo = false
  /// Whether one of the two limits was given.
  public var isSet = false
  /// The length of the prefix that counts as one network; nil for single addresses.
  public var prefixLength: UInt8?
  /// Whether destinations are counted, not sources.
  public var usesDestination = false
  /// The family of the rule.
  var family = AddressFamily.ipv4

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("connlimit", summary: "how many connections an address or network has")

  /// The option table; a negated limit is printed as the other one.
  public static let options: [OptionSpec<ConnlimitMatch>] = [
    limit("connlimit-upto", isUpTo: true), limit("connlimit-above", isUpTo: false),
    OptionSpec(
      "connlimit-mask", placeholder: "bits",
      parse: { (owner, argument) throws(OptionError) in
        owner.prefixLength = try ValueCodec.prefixLengthOrMask.parse(argument)
      },
      save: { owner, writer in writer.option("connlimit-mask", "\(owner.length)") }),
    side("connlimit-saddr", isDestination: false), side("connlimit-daddr", isDestination: true),
  ]

  private static func limit(_ name: String, isUpTo: Bool) -> OptionSpec<ConnlimitMatch> {
    OptionSpec(
      name, canInvert: true, excludes: [isUpTo ? "connlimit-above" : "connlimit-upto"], placeholder: "number",
      parse: { (owner, argument) throws(OptionError) in
        owner.limit = try ValueCodec<UInt32>.number().parse(argument)
        owner.isUpTo = isUpTo != argument.inverted
        owner.isSet = true
      },
      save: { owner, writer in if owner.isSet, owner.isUpTo == isUpTo { writer.option(name, "\(owner.limit)") } })
  }

  private static func side(_ name: String, isDestination: Bool) -> OptionSpec<ConnlimitMatch> {
    OptionSpec(
      name, arity: .none, excludes: [isDestination ? "connlimit-saddr" : "connlimit-daddr"],
      parse: { (owner, _) throws(OptionError) in owner.usesDestination = isDestination },
      save: { owner, writer in if owner.usesDestination == isDestination { writer.option(name) } })
  }

  private var length: Int { prefixLength.map { Int($0) } ?? family.addressBits }

  /// Refuses the match without a limit.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    guard isSet else { throw OptionError("connlimit needs --connlimit-upto or --connlimit-above") }
    family = rule.family
  }

  /// Connection tracking is needed (kernel: `connlimit_mt_check`).
  public var enablesConntrack: Bool { true }

  /// Counts the packet's connection, and compares; a packet without a tuple is dropped (kernel: `connlimit_mt`).
  public var conditions: [Condition] {
    let count = ConnectionCount(
      mask: .prefixMask(length, family: family), usesDestination: usesDestination)
    let (limit, isUpTo, length) = (limit, isUpTo, length)
    return [
      .opaque(
        isUpTo ? "connlimit-upto" : "connlimit-above",
        OpaqueTest(
          reads: [usesDestination ? .destination : .source], keepsState: true, question: .count(count),
          initialState: { memory in
            MatchState(first: UInt64(memory.place(of: SharedStore.connections(ConnectionLists()))))
          },
          saw: { packet, state, _ in
            if state.second == 0 { return "the packet has no addresses and ports that can be tracked" }
            let network = AddressMatch(count.network(of: packet.header), prefixLength: length)
            return "\(network) has \(state.second) connection\(state.second == 1 ? "" : "s")"
          },
          evaluate: { _, state, _ in
            state.second == 0 ? .drops : ConditionResult((state.second > UInt64(limit)) != isUpTo)
          }))
    ]
  }

  /// `#conn src/24 > 3`.
  public func listing(_ style: ListStyle) -> String {
    "#conn \(usesDestination ? "dst" : "src")/\(length) \(isUpTo ? "<=" : ">") \(limit)"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted(
      "-A INPUT -m connlimit --connlimit-above 3",
      saves: "-A INPUT -m connlimit --connlimit-above 3 --connlimit-mask 32 --connlimit-saddr"),
    .accepted(
      "-A INPUT -m connlimit ! --connlimit-upto 3 --connlimit-mask 0",
      saves: "-A INPUT -m connlimit --connlimit-above 3 --connlimit-mask 0 --connlimit-saddr"),
    .accepted(
      "-A INPUT -m connlimit ! --connlimit-above 3 --connlimit-mask 33",
      saves: "-A INPUT -m connlimit --connlimit-upto 3 --connlimit-mask 32 --connlimit-saddr"),
    .accepted(
      "-A INPUT -m connlimit --connlimit-above 3 --connlimit-mask 255.255.0.0 --connlimit-daddr",
      saves: "-A INPUT -m connlimit --connlimit-above 3 --connlimit-mask 16 --connlimit-daddr"),
    .accepted(
      "-A INPUT -m connlimit --connlimit-above 3 --connlimit-mask ffff::",
      saves: "-A INPUT -m connlimit --connlimit-above 3 --connlimit-mask 16 --connlimit-saddr", family: .ipv6),
    .same("-A INPUT -m connlimit --connlimit-upto 4294967295 --connlimit-mask 64 --connlimit-daddr", family: .ipv6),
    .refused("-A INPUT -m connlimit --connlimit-above 3 --connlimit-mask 129", family: .ipv6),
    .refused("-A INPUT -m connlimit --connlimit-above 3 --connlimit-mask x"),
    .refused("-A INPUT -m connlimit --connlimit-above 4294967296"),
    .refused("-A INPUT -m connlimit --connlimit-mask 4"),
    .refused("-A INPUT -m connlimit --connlimit-above 4 --connlimit-upto 4"),
    .refused("-A INPUT -m connlimit --connlimit-above 4 --connlimit-saddr --connlimit-daddr"),
    .refused("-A INPUT -m connlimit"),
  ]
}
