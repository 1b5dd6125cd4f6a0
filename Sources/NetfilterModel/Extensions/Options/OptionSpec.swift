// One row of an extension's option table. The row both parses the option and prints it, so that the two cannot differ.

/// How many arguments an option takes.
public enum OptionArity: Hashable, Sendable {
  /// None.
  case none
  /// One.
  case one
  /// One, or none when the next word starts with `-` or `!` or is missing.
  case optional
  /// Two.
  case two
}

/// One option of an extension.
public struct OptionSpec<Owner>: Sendable {
  /// The long name without dashes.
  public var name: String
  /// Other long names that mean the same.
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
  /// What its argument looks like, for help (`port[:port]`).
  public var placeholder: String
  /// What iptables says when the option is given again; nil for its usual words.
  public var repetition: String?
  /// Stores the option.
  public var parse: @Sendable (inout Owner, OptionArgument) throws(OptionError) -> Void
  /// Prints the option if it was given.
  public var save: @Sendable (Owner, inout SaveWriter) -> Void

  /// The row with what iptables says when the option is given again.
  func again(_ words: String) -> OptionSpec {
    var row = self
    row.repetition = words
    return row
  }

  /// Makes a row from its two functions; prefer `value`, `invertible` and `flag`.
  public init(
    _ name: String, aliases: [String] = [], arity: OptionArity = .one, canInvert: Bool = false,
    isMandatory: Bool = false, isRepeatable: Bool = false, excludes: [String] = [], placeholder: String = "",
    parse: @escaping @Sendable (inout Owner, OptionArgument) throws(OptionError) -> Void,
    save: @escaping @Sendable (Owner, inout SaveWriter) -> Void
  ) {
    self.name = name
    self.aliases = aliases
    self.arity = arity
    self.canInvert = canInvert
    self.isMandatory = isMandatory
    self.isRepeatable = isRepeatable
    self.excludes = excludes
    self.placeholder = placeholder
    self.parse = parse
    self.save = save
  }

  /// An option with one argument that is kept in an optional property and printed when it is there.
  @inline(__always)
  public static func value<Value: Sendable>(
    _ name: String, _ field: OptionField<Owner, Value?>, _ codec: ValueCodec<Value>,
    aliases: [String] = [], isMandatory: Bool = false, excludes: [String] = [],
    omitting isOmitted: @escaping @Sendable (Value) -> Bool = { _ in false }
  ) -> OptionSpec {
    return OptionSpec(
      name, aliases: aliases, isMandatory: isMandatory, excludes: excludes, placeholder: codec.placeholder,
      parse: { (owner, argument) throws(OptionError) in field.set(&owner, try codec.parse(argument)) },
      save: { owner, writer in
        if let value = field.get(owner), !isOmitted(value) { writer.option(name, codec.print(value)) }
      })
  }

  /// An option with one argument that may be negated.
  @inline(__always)
  public static func invertible<Value: Sendable>(
    _ name: String, _ field: OptionField<Owner, Invertible<Value>?>, _ codec: ValueCodec<Value>,
    aliases: [String] = [], isMandatory: Bool = false, excludes: [String] = [],
    omitting isOmitted: @escaping @Sendable (Invertible<Value>) -> Bool = { _ in false }
  ) -> OptionSpec {
    return OptionSpec(
      name, aliases: aliases, canInvert: true, isMandatory: isMandatory, excludes: excludes,
      placeholder: codec.placeholder,
      parse: { (owner, argument) throws(OptionError) in
        field.set(&owner, Invertible(try codec.parse(argument), inverted: argument.inverted))
      },
      save: { owner, writer in
        if let value = field.get(owner), !isOmitted(value) {
          writer.option(name, codec.print(value.value), inverted: value.inverted)
        }
      })
  }

  /// An option without an argument that sets a Boolean property.
  public static func flag(
    _ name: String, _ field: OptionField<Owner, Bool>, aliases: [String] = [],
    isMandatory: Bool = false, excludes: [String] = []
  ) -> OptionSpec {
    return OptionSpec(
      name, aliases: aliases, arity: .none, isMandatory: isMandatory, excludes: excludes,
      parse: { (owner, _) throws(OptionError) in field.set(&owner, true) },
      save: { owner, writer in if field.get(owner) { writer.option(name) } })
  }

  /// An option without an argument that may be negated, kept as `Bool?`: nil not given, true given, false negated.
  public static func invertibleFlag(
    _ name: String, _ field: OptionField<Owner, Bool?>, aliases: [String] = [],
    isMandatory: Bool = false, excludes: [String] = []
  ) -> OptionSpec {
    return OptionSpec(
      name, aliases: aliases, arity: .none, canInvert: true, isMandatory: isMandatory, excludes: excludes,
      parse: { (owner, argument) throws(OptionError) in field.set(&owner, !argument.inverted) },
      save: { owner, writer in if let value = field.get(owner) { writer.option(name, inverted: !value) } })
  }
}
