// The option table of an extension at work: its rows without their types, parsing and printing.

extension RuleExtension {
  /// The option table without its functions.
  static var signatures: [OptionSignature] {
    options.map {
      OptionSignature(
        name: $0.name, aliases: $0.aliases, arity: $0.arity, canInvert: $0.canInvert, isMandatory: $0.isMandatory,
        isRepeatable: $0.isRepeatable, excludes: $0.excludes, placeholder: $0.placeholder,
        repetition: $0.repetition)
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
