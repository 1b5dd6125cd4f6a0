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
  /// What iptables says when the option is given again; nil for its usual words.
  public var repetition: String?

  /// The name that iptables uses in messages: the longest.
  var longestName: String { aliases.reduce(name) { $1.utf8.count > $0.utf8.count ? $1 : $0 } }
}
