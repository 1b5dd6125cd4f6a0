// What matches and targets of a rule have in common, whatever their types.

/// A match or a target of a rule.
public protocol RulePart: Sendable {
  /// The match or target with its type erased.
  var value: ExtensionValue { get set }
}

extension RulePart {
  /// Its kind; nil for one that nothing here knows.
  public var kind: ExtensionKind? { value.kind }
  /// The facts, or nil for an unknown one.
  public var spec: ExtensionSpec? { value.kind?.spec }
  /// The name as `-m` or `-j` takes it.
  public var name: String { value.name }
  /// The option table without its functions.
  public var signatures: [OptionSignature] { value.kind?.signatures ?? [] }
  /// The extension's own cases.
  public var examples: [ExtensionExample] { value.kind?.examples ?? [] }

  /// Stores the option with an index of `signatures`.
  public mutating func parseOption(_ index: Int, _ argument: OptionArgument) throws(OptionError) {
    try value.change(.parse(row: index, argument))
  }

  /// Settles and checks the options after all were read.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) { try value.change(.finish(rule)) }

  /// What iptables says of an option that it takes all the same; nil for nothing.
  func warning(_ row: Int, _ argument: OptionArgument) -> String? { value.warning(row, argument) }

  /// What the kernel refuses about it in this rule; nil when it is fine.
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? { value.kernelRefusal(rule) }

  /// Writes the options as iptables-save does.
  public func save(into writer: inout SaveWriter) { value.save(into: &writer) }

  /// What `iptables -L` prints, without a leading blank; empty for none.
  public func listing(_ style: ListStyle) -> String { value.listing(style) }

  /// Whether loading the rule turns connection tracking on.
  public var enablesConntrack: Bool { value.needs.conntrack }

  /// Whether loading the rule turns connection tracking, its counters, and the reassembly of fragments on.
  public var needs: (conntrack: Bool, accounting: Bool, reassembly: Bool) { value.needs }

  /// What loading it makes for later rules; nil for nothing.
  public var object: KernelObject? { value.kind?.spec.makesObjects == true ? value.object : nil }

  /// The names of the sets that must be there before it is loaded.
  public var sets: [String] { value.kind?.spec.namesSets == true ? value.sets : [] }

  /// It as iptables-save prints it, without `-m` or `-j`.
  public var text: String {
    var writer = SaveWriter()
    save(into: &writer)
    return name + writer.text
  }

  /// One of its options as iptables-save prints it (`! --dport 80`); empty where it prints none.
  public func optionText(_ name: String) -> String { value.optionText(name) }
}
