// How a kind of value is read and written.

/// Reads a value from an option's argument and prints it in canonical form.
public struct ValueCodec<Value: Sendable>: Sendable {
  /// What the value looks like, for help.
  public var placeholder: String
  /// Reads the value.
  public var parse: @Sendable (OptionArgument) throws(OptionError) -> Value
  /// Prints the value as iptables-save does.
  public var print: @Sendable (Value) -> String

  /// Makes a codec.
  public init(
    _ placeholder: String, parse: @escaping @Sendable (OptionArgument) throws(OptionError) -> Value,
    print: @escaping @Sendable (Value) -> String
  ) {
    self.placeholder = placeholder
    self.parse = parse
    self.print = print
  }
}
