// A chain: a built-in one with a policy, or a user's.

/// A chain of rules.
public struct Chain: Sendable {
  /// The name, at most 28 bytes.
  public var name: String
  /// The policy of a built-in chain, ACCEPT or DROP; nil for a user chain.
  public var policy: Verdict?
  /// The policy's counters.
  public var counters: Counters
  /// The rules in order.
  public var rules: [Rule]
  /// Where the chain was declared.
  public var location: SourceRange?

  /// Makes a chain.
  public init(
    name: String, policy: Verdict? = nil, counters: Counters = Counters(), rules: [Rule] = [],
    location: SourceRange? = nil
  ) {
    self.name = name
    self.policy = policy
    self.counters = counters
    self.rules = rules
    self.location = location
  }

  /// Whether this is a built-in chain.
  public var isBuiltIn: Bool { policy != nil }
}
