// One row of an extension's option table. The row both parses the option and prints it, so that the two cannot differ.

/// A complaint about an option, without its place: the parser adds that.
public struct OptionError: Error, Hashable, Sendable {
  /// What is wrong; lower case, user input in backticks, no final period.
  public var message: String
  /// What to do, or nil.
  public var help: String?

  /// Makes a complaint.
  public init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
}

/// What an option is given on the command line.
public struct OptionArgument: Sendable {
  /// The argument; empty when the option takes none.
  public var text: String
  /// The second argument of an option that takes two (`--tcp-flags`).
  public var second: String
  /// Whether `!` stood before the option.
  public var inverted: Bool
  /// The family of the rules.
  public var family: AddressFamily
  /// The rule's `-p`, as far as it has been read.
  public var protocolNumber: Invertible<ProtocolNumber>?

  /// Makes an argument.
  public init(
    _ text: String = "", second: String = "", inverted: Bool = false, family: AddressFamily = .ipv4,
    protocolNumber: Invertible<ProtocolNumber>? = nil
  ) {
    self.text = text
    self.second = second
    self.inverted = inverted
    self.family = family
    self.protocolNumber = protocolNumber
  }
}

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

/// Collects the text of a rule as `iptables-save` prints it.
public struct SaveWriter: Sendable {
  private(set) var bytes: [UInt8] = []
  /// The text so far; every word is preceded by one blank.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Makes an empty writer.
  public init() {}

  /// Makes an empty writer with room for some bytes.
  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  /// Appends ` --name` with its arguments, with `!` before it when inverted.
  public mutating func option(_ name: String, _ arguments: String..., inverted: Bool = false) {
    option(name, inverted: inverted)
    for argument in arguments { word(argument) }
  }

  /// Appends ` --name`, with `!` before it when inverted.
  public mutating func option(_ name: String, inverted: Bool = false) {
    if inverted { append(" !") }
    append(" --")
    append(name)
  }

  /// Appends ` --name argument`, with `!` before it when inverted.
  public mutating func option(_ name: String, _ argument: String, inverted: Bool = false) {
    option(name, inverted: inverted)
    word(argument)
  }

  /// Appends a word after a blank.
  public mutating func word(_ word: String) {
    bytes.append(0x20)
    append(word)
  }

  /// Appends text as it is.
  mutating func append(_ text: String) {
    if text.utf8.withContiguousStorageIfAvailable({ bytes.append(contentsOf: $0) }) == nil {
      bytes.append(contentsOf: text.utf8)
    }
  }

  /// Appends an address with its prefix length or mask after a blank.
  mutating func word(_ address: AddressMatch) {
    guard address.address.family == .ipv4, let length = address.mask.prefixLength else {
      word(address.description)
      return
    }
    for place in 0..<4 {
      bytes.append(place == 0 ? 0x20 : 0x2e)
      append(byte: UInt8(truncatingIfNeeded: address.address.v4Bits >> UInt32(24 - 8 * place)))
    }
    bytes.append(0x2f)
    append(byte: UInt8(truncatingIfNeeded: length))
  }

  private mutating func append(byte: UInt8) {
    if byte >= 100 { bytes.append(0x30 + byte / 100) }
    if byte >= 10 { bytes.append(0x30 + byte / 10 % 10) }
    bytes.append(0x30 + byte % 10)
  }

  /// Quotes a string as iptables-save does: only when needed, `"` and `\` and `'` escaped (iptables: `xtables_save_string`).
  public static func quoted(_ text: String) -> String {
    let safe = { (byte: UInt8) in
      (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte == 0x5f
        || byte == 0x2d
    }
    if !text.isEmpty, text.utf8.allSatisfy(safe) { return text }
    var result = "\""
    for character in text.unicodeScalars {
      if character == "\"" || character == "\\" || character == "'" { result.append("\\") }
      result.unicodeScalars.append(character)
    }
    return result + "\""
  }
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
  /// Stores the option.
  public var parse: @Sendable (inout Owner, OptionArgument) throws(OptionError) -> Void
  /// Prints the option if it was given.
  public var save: @Sendable (Owner, inout SaveWriter) -> Void

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
