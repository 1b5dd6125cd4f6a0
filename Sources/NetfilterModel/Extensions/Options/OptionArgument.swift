// What an option is given.

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
