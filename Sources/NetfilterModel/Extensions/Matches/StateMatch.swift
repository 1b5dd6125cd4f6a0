// -m state: the state of the packet with respect to its connection; the older, smaller form of -m conntrack.

/// Matches the connection state of the packet (kernel: `state_mt`; man page: iptables-extensions, state).
public struct StateMatch: MatchExtension {
  /// The states.
  public var states: Invertible<ConnectionStateSet>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "state", summary: "the state of the packet's connection", replacement: "-m conntrack --ctstate")

  /// The option table.
  public static let options: [OptionSpec<StateMatch>] = [
    .invertible("state", .init({ $0.states }, { $0.states = $1 }), .packetStates, isMandatory: true)
  ]

  /// Connection tracking is needed.
  public var enablesConntrack: Bool { true }

  /// Compares the state (kernel: `state_mt`).
  public var conditions: [Condition] {
    [states.map { Condition("state", .packetState, .anyBit(UInt64($0.value.rawValue)), inverted: $0.inverted) }]
      .compactMap { $0 }
  }

  /// `state NEW`.
  public func listing(_ style: ListStyle) -> String {
    guard let states else { return "" }
    return "\(states.inverted ? "! " : "")state \(ValueCodec.packetStates.print(states.value))"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m state --state NEW"),
    .accepted(
      "-A INPUT -m state --state NEW,ESTABLISHED,RELATED,INVALID,UNTRACKED",
      saves: "-A INPUT -m state --state INVALID,NEW,RELATED,ESTABLISHED,UNTRACKED"),
    .accepted("-A INPUT -m state ! --state new,est", saves: "-A INPUT -m state ! --state NEW,ESTABLISHED"),
    .accepted("-A INPUT -m state --state I", saves: "-A INPUT -m state --state INVALID"),
    .same("-A PREROUTING -m state --state UNTRACKED", table: .raw),
    .refused("-A INPUT -m state --state ,NEW"),
    .refused("-A INPUT -m state --state NEW,"),
    .refused("-A INPUT -m state --state \"\""),
    .refused("-A INPUT -m state --state SNAT"),
    .refused("-A INPUT -m state"),
  ]
}
