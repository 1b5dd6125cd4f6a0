// Why a rule did not match a packet: every condition that fails, with what the packet had there.

import NetfilterModel

/// A condition of a rule that did not hold, or that nothing here can decide.
public struct ConditionMiss: Hashable, Sendable {
  /// Its place among the conditions of the rule (`Rule.conditions`).
  public var condition: Int
  /// The option as iptables-save prints it (`! --dport 80`); what the match demands by itself is named after the match.
  public var option: String
  /// What the packet had there, as the rule saw it; empty where there is nothing to say.
  public var saw: String
  /// What was looked at.
  public var field: Field
}

/// Why a rule did not match.
public struct RuleMiss: Hashable, Sendable {
  /// Every condition that fails, in the order in which the kernel asks.
  public var failed: [ConditionMiss] = []
  /// Every condition that nothing here can decide.
  public var undecided: [ConditionMiss] = []
  /// How many conditions hold.
  public var holding = 0

  /// Makes a miss of which nothing is known.
  public init() {}

  /// Whether the rule would match if its one failing condition held.
  public var isOnlyOne: Bool { failed.count == 1 && undecided.isEmpty }
}
