// What every match and target gives: its facts, its option table, its checks, its listing and its examples.

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
  /// What iptables says of an option that it takes all the same, with the option's index in the table; nil for nothing.
  func warning(_ row: Int, _ argument: OptionArgument) -> String?
  /// What the kernel refuses about this extension in this rule, beyond tables, hooks and protocol of `spec`
  /// (kernel: `checkentry`); nil when it is fine.
  func kernelRefusal(_ rule: RuleSurroundings) -> OptionError?
  /// What loading it makes for later rules (kernel: `checkentry`); nil for nothing. Asked where `spec` says so.
  var object: KernelObject? { get }
  /// The names of the sets that must be there before it is loaded. Asked where `spec` says so.
  var sets: [String] { get }
  /// The text that `iptables -L` prints, without a leading blank; empty for none.
  func listing(_ style: ListStyle) -> String
  /// Whether loading the rule turns connection tracking on (kernel: `nf_ct_netns_get`).
  var enablesConntrack: Bool { get }
  /// Whether loading the rule turns connection counters on, as `net.netfilter.nf_conntrack_acct=1` does (kernel: `nf_ct_set_acct`).
  var enablesAccounting: Bool { get }
  /// Whether loading the rule turns the reassembly of fragments on without connection tracking (kernel:
  /// `nf_defrag_ipv4_enable`).
  var enablesReassembly: Bool { get }
}

extension RuleExtension {
  /// No examples.
  public static var examples: [ExtensionExample] { [] }
  /// Nothing to settle.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {}
  /// Nothing to say.
  public func warning(_ row: Int, _ argument: OptionArgument) -> String? { nil }
  /// Nothing to refuse.
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? { nil }
  /// Nothing that others share.
  public var object: KernelObject? { nil }
  /// No sets.
  public var sets: [String] { [] }
  /// Fragments are left as they are.
  public var enablesReassembly: Bool { false }
  /// Connection tracking is not needed.
  public var enablesConntrack: Bool { false }
  /// Connection counters are not needed.
  public var enablesAccounting: Bool { false }
}

/// A match: conditions with options of their own (`-m name`).
public protocol MatchExtension: RuleExtension {
  /// What it asks, in the order in which the kernel's function asks it.
  ///
  /// The header that it needs (a whole TCP header, a connection) is a condition of its own, in its place.
  var conditions: [Condition] { get }
  /// What a person wrote in it for other people; nil for none.
  var remark: String? { get }
}

extension MatchExtension {
  /// None.
  public var remark: String? { nil }
}

/// A target: something done to the packet (`-j NAME`).
public protocol TargetExtension: RuleExtension {
  /// What it does, in the order in which the kernel's function does it.
  var effects: [Effect] { get }
}
