// Option tables with the extension's type erased, as the parser and help need them.

/// An option without its functions.
public struct OptionSignature: Hashable, Sendable {
  /// The long name.
  public var name: String
  /// Other long names.
  public var aliases: [String]
  /// How many arguments it takes.
  public var arity: OptionArity
  /// Whether `!` may stand before it.
  public var canInvert: Bool
  /// Whether a rule without it is refused.
  public var isMandatory: Bool
  /// Whether it may be given more than once.
  public var isRepeatable: Bool
  /// The options it cannot stand beside.
  public var excludes: [String]
  /// What its argument looks like.
  public var placeholder: String
}

extension RuleExtension {
  /// The option table without its functions.
  static var signatures: [OptionSignature] {
    options.map {
      OptionSignature(
        name: $0.name, aliases: $0.aliases, arity: $0.arity, canInvert: $0.canInvert, isMandatory: $0.isMandatory,
        isRepeatable: $0.isRepeatable, excludes: $0.excludes, placeholder: $0.placeholder)
    }
  }

  /// Stores the option with an index of `signatures`.
  mutating func parseOption(_ index: Int, _ argument: OptionArgument) throws(OptionError) {
    let rows = Self.options
    guard rows.indices.contains(index) else { throw OptionError("there is no such option") }
    try rows[index].parse(&self, argument)
  }

  /// Prints every option that was given.
  func save(into writer: inout SaveWriter) {
    let rows = Self.options
    // By index: a row taken out of the array is a copy of all that it holds.
    for index in rows.indices { rows[index].save(self, &writer) }
  }
}
