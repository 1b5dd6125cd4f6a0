// A kind of match or target: its facts and its option table with the type erased, made once and shared by all rules.

/// A kind of match or target.
public final class ExtensionKind: Sendable {
  /// The facts.
  public let spec: ExtensionSpec
  /// The option table without its functions.
  public let signatures: [OptionSignature]
  /// The cases that the extension itself gives.
  public let examples: [ExtensionExample]
  /// Whether it is a match, not a target.
  public let isMatch: Bool
  /// Every spelling of every option with its row.
  let spellings: NameTable<Int>
  let hasChecks: Bool
  private let make: @Sendable (ExtensionKind) -> ExtensionValue

  private init(
    _ spec: ExtensionSpec, _ signatures: [OptionSignature], _ examples: [ExtensionExample], isMatch: Bool,
    _ make: @escaping @Sendable (ExtensionKind) -> ExtensionValue
  ) {
    self.spec = spec
    self.signatures = signatures
    self.examples = examples
    self.isMatch = isMatch
    self.make = make
    var spellings = NameTable<Int>()
    for (row, option) in signatures.enumerated() {
      for name in [option.name] + option.aliases { spellings.add(name, row) }
    }
    self.spellings = spellings
    hasChecks = signatures.contains { $0.isMandatory || !$0.excludes.isEmpty }
  }

  /// The kind of a type of match.
  static func match<Value: MatchExtension>(_: Value.Type) -> ExtensionKind {
    ExtensionKind(Value.spec, Value.signatures, Value.examples, isMatch: true) {
      ExtensionValue(match: Value(), $0)
    }
  }

  /// The kind of a type of target.
  static func target<Value: TargetExtension>(_: Value.Type) -> ExtensionKind {
    ExtensionKind(Value.spec, Value.signatures, Value.examples, isMatch: false) {
      ExtensionValue(target: Value(), $0)
    }
  }

  /// One as it is before any option was read.
  var fresh: ExtensionValue { make(self) }
}
