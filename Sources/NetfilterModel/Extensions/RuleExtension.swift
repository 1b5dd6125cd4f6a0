// What every match and target gives: its facts, its option table, its checks, its listing and its examples.

/// The facts of an extension that hold for every rule with it.
public struct ExtensionSpec: Sendable {
  /// The name as `-m` or `-j` takes it.
  public var name: String
  /// Other names under which it can be loaded.
  public var aliases: [String]
  /// The families it works for.
  public var families: [AddressFamily]
  /// The tables that the kernel allows it in (`xt_match.table`).
  public var tables: TableSet
  /// The hooks that the kernel allows it at (`xt_match.hooks`).
  public var hooks: HookSet
  /// The protocols of which the rule must name one with `-p`; empty for any.
  public var protocols: [ProtocolNumber]
  /// Whether a match looks at nothing but the packet, so that it can be asked again without a trace.
  public var readsPacketAlone: Bool
  /// What it does, in one line, for help.
  public var summary: String
  /// The name that `iptables -L` prints in its target column when it differs from `name` (NOTRACK: CT).
  public var listedName: String?

  /// Makes the facts.
  public init(
    _ name: String, aliases: [String] = [], families: [AddressFamily] = AddressFamily.allCases,
    tables: TableSet = .all, hooks: HookSet = .all, protocols: [ProtocolNumber] = [], summary: String,
    listedName: String? = nil, readsPacketAlone: Bool = false
  ) {
    self.name = name
    self.aliases = aliases
    self.families = families
    self.tables = tables
    self.hooks = hooks
    self.protocols = protocols
    self.summary = summary
    self.listedName = listedName
    self.readsPacketAlone = readsPacketAlone
  }
}

/// The rule that an extension stands in, for its checks.
public struct RuleSurroundings: Sendable {
  /// The family.
  public var family: AddressFamily
  /// The table.
  public var table: TableKind
  /// The hooks from which the rule's chain can be reached.
  public var hooks: HookSet
  /// The inline conditions.
  public var header: RuleHeader
  /// The rule's matches; empty while options are settled (`finish`).
  public var matches: [Match]
  /// Whether this extension was given any option.
  public var hasOptions: Bool

  /// Makes the surroundings.
  public init(
    family: AddressFamily, table: TableKind, hooks: HookSet, header: RuleHeader, matches: [Match] = [],
    hasOptions: Bool = false
  ) {
    self.family = family
    self.table = table
    self.hooks = hooks
    self.header = header
    self.matches = matches
    self.hasOptions = hasOptions
  }

  /// Whether the rule has `-p` with one of `protocols`, not negated.
  public func requiresProtocol(_ protocols: ProtocolNumber...) -> Bool {
    guard let number = header.protocolNumber, !number.inverted else { return false }
    return protocols.contains(number.value)
  }
}

/// How `iptables -L` was asked to print.
public struct ListStyle: Hashable, Sendable {
  /// `-n`: numbers instead of names.
  public var numeric: Bool

  /// Makes a style.
  public init(numeric: Bool) { self.numeric = numeric }
}

/// A case of an extension's own table of examples, which a test runs.
public struct ExtensionExample: Sendable {
  /// The table that the rule is for.
  public var table: TableKind
  /// The rule as written (`-A INPUT -p tcp --dport 22`).
  public var rule: String
  /// What `iptables-save` prints for it, or nil when it is refused.
  public var saved: String?

  /// A rule that is accepted and printed as `saved`.
  public static func accepted(_ rule: String, saves saved: String, table: TableKind = .filter) -> ExtensionExample {
    ExtensionExample(table: table, rule: rule, saved: saved)
  }

  /// A rule that is accepted and printed as it was written.
  public static func same(_ rule: String, table: TableKind = .filter) -> ExtensionExample {
    ExtensionExample(table: table, rule: rule, saved: rule)
  }

  /// A rule that is refused.
  public static func refused(_ rule: String, table: TableKind = .filter) -> ExtensionExample {
    ExtensionExample(table: table, rule: rule, saved: nil)
  }
}

/// What matches and targets have in common.
public protocol RuleExtension: Sendable {
  /// The facts.
  static var spec: ExtensionSpec { get }
  /// The option table, in the order in which `iptables-save` prints the options.
  static var options: [OptionSpec<Self>] { get }
  /// Cases that must be accepted, printed or refused as they say.
  static var examples: [ExtensionExample] { get }
  /// Makes the extension as it is before any option was read.
  init()
  /// Settles what can be settled only when every option was read; complains about a combination that user space refuses (iptables: `x6_fcheck`).
  mutating func finish(_ rule: RuleSurroundings) throws(OptionError)
  /// What the kernel refuses about this extension in this rule, beyond tables, hooks and protocol of `spec` (kernel: `checkentry`); nil when it is fine.
  func kernelRefusal(_ rule: RuleSurroundings) -> OptionError?
  /// The text that `iptables -L` prints, without a leading blank; empty for none.
  func listing(_ style: ListStyle) -> String
  /// Whether loading the rule turns connection tracking on (kernel: `nf_ct_netns_get`).
  var enablesConntrack: Bool { get }
  /// Whether loading the rule turns connection counters on, as `net.netfilter.nf_conntrack_acct=1` does (kernel: `nf_ct_set_acct`).
  var enablesAccounting: Bool { get }
}

extension RuleExtension {
  /// No examples.
  public static var examples: [ExtensionExample] { [] }
  /// Nothing to settle.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {}
  /// Nothing to refuse.
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? { nil }
  /// Connection tracking is not needed.
  public var enablesConntrack: Bool { false }
  /// Connection counters are not needed.
  public var enablesAccounting: Bool { false }
}

/// A match: a condition with options of its own (`-m name`).
public protocol MatchExtension: RuleExtension {
  /// The state that a rule with this match starts with.
  func initialState(_ services: any HostServices) -> MatchState
  /// Whether the packet fulfils the condition.
  func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult
}

extension MatchExtension {
  /// Zero words.
  public func initialState(_ services: any HostServices) -> MatchState { MatchState() }
}

/// A target: something done to the packet (`-j NAME`).
public protocol TargetExtension: RuleExtension {
  /// Acts on the packet.
  func apply(_ packet: inout PacketContext) -> TargetResult
}
