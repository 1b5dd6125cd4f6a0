// The facts of a match or target.

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
  /// What it does, in one line, for help.
  public var summary: String
  /// The name that `iptables -L` prints in its target column when it differs from `name` (NOTRACK: CT).
  public var listedName: String?
  /// What is to be written in its place, when it is an old form that is kept for old rule files; nil for one that is not.
  public var replacement: String?
  /// Whether `iptables -L` prints it without the blank that stands before others (eui64).
  public var isListedWithoutBlank = false

  /// What decides it that neither rules nor packets say, for the documentation (`the processor`); nil for nothing.
  public var outside: String?
  /// Whether the kernel that everything is compared with has it; without, what it does follows user space and manuals.
  public var isCompared = true

  /// Whether loading it makes something for later rules.
  public var makesObjects = false
  /// Whether it names sets.
  public var namesSets = false

  /// Makes the facts.
  public init(
    _ name: String, aliases: [String] = [], families: [AddressFamily] = AddressFamily.allCases,
    tables: TableSet = .all, hooks: HookSet = .all, protocols: [ProtocolNumber] = [], summary: String,
    listedName: String? = nil, replacement: String? = nil, outside: String? = nil, isCompared: Bool = true,
    makesObjects: Bool = false, namesSets: Bool = false
  ) {
    self.name = name
    self.aliases = aliases
    self.families = families
    self.tables = tables
    self.hooks = hooks
    self.protocols = protocols
    self.summary = summary
    self.listedName = listedName
    self.replacement = replacement
    self.outside = outside
    self.isCompared = isCompared
    self.makesObjects = makesObjects
    self.namesSets = namesSets
  }
}
