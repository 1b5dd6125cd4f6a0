// A target of a rule, whatever its type.

/// A target of a rule with its options (`-j NAME`).
public struct Target: RulePart {
  /// The target with its type erased.
  public var value: ExtensionValue

  /// Makes a target of a kind as it is before any option was read.
  public init(_ kind: ExtensionKind) { value = kind.fresh }

  /// A target that nothing here knows; kept whole, and never decided.
  public init(unknown: UnknownExtension) { value = ExtensionValue(unknown: unknown, isMatch: false) }

  /// What it does, in order.
  public var effects: [Effect] {
    if case .effects(let effects) = value.answer(.effects([])) { return effects }
    return []
  }
}
