// Tables and the rulesets that hold them.

/// A table with its chains.
public struct Table: Sendable {
  /// Which table.
  public var kind: TableKind { didSet { passedCheck = nil } }
  /// Built-in chains first in hook order, then user chains in order of creation.
  public var chains: [Chain] { didSet { passedCheck = nil } }
  /// The family for which `RulesetCheck` refused nothing since the table was last changed: what was read from a file is
  /// not checked again when it is loaded.
  var passedCheck: AddressFamily?

  /// Makes the table as the kernel creates it: every built-in chain empty, policy ACCEPT.
  public init(_ kind: TableKind) {
    self.kind = kind
    chains = kind.hooks.map { Chain(name: $0.chainName, policy: .accept) }
  }

  /// The place of the chain called `name`, or nil.
  public func index(of name: some StringProtocol) -> Int? { chains.firstIndex { $0.name == name } }

  /// The chain called `name`, or nil.
  public subscript(name: some StringProtocol) -> Chain? { index(of: name).map { chains[$0] } }
}

/// All the tables of one family that something has loaded. A table that is absent is not walked.
public struct Ruleset: Sendable {
  /// The family.
  public var family: AddressFamily
  /// The loaded tables in the order they were loaded.
  public var tables: [Table]

  /// Makes a ruleset without tables.
  public init(family: AddressFamily = .ipv4, tables: [Table] = []) {
    self.family = family
    self.tables = tables
  }

  /// The table of a kind, or nil when it is not loaded.
  public subscript(kind: TableKind) -> Table? { tables.first { $0.kind == kind } }
}
