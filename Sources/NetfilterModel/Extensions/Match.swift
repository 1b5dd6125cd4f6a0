// A match of a rule, whatever its type.

/// A match of a rule with its options (`-m name`).
public struct Match: RulePart {
  /// The match with its type erased.
  public var value: ExtensionValue

  /// Makes a match of a kind as it is before any option was read.
  public init(_ kind: ExtensionKind) { value = kind.fresh }

  /// A match that nothing here knows; kept whole, and never decided.
  public init(unknown: UnknownExtension) { value = ExtensionValue(unknown: unknown, isMatch: true) }

  /// What it asks, in the kernel's order.
  public var conditions: [Condition] {
    if case .conditions(let conditions) = value.answer(.conditions([])) { return conditions }
    return []
  }

  /// What a person wrote in it for other people; nil for none.
  public var remark: String? {
    if case .text(let text) = value.answer(.text(nil)) { return text }
    return nil
  }
}
