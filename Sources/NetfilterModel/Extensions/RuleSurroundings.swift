// The rule around a match or target.

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
  /// What rules before this one have made in the kernel.
  public var objects: [KernelObject]

  /// Makes the surroundings.
  public init(
    family: AddressFamily, table: TableKind, hooks: HookSet, header: RuleHeader, matches: [Match] = [],
    hasOptions: Bool = false, objects: [KernelObject] = []
  ) {
    self.family = family
    self.table = table
    self.hooks = hooks
    self.header = header
    self.matches = matches
    self.hasOptions = hasOptions
    self.objects = objects
  }

  /// Whether the rule has `-p` with one of `protocols`, not negated.
  public func requiresProtocol(_ protocols: ProtocolNumber...) -> Bool {
    guard let number = header.protocolNumber, !number.inverted else { return false }
    return protocols.contains(number.value)
  }
}
