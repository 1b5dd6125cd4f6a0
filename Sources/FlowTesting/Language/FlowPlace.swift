// A place in the rules as a test names it.

import NetfilterModel
import Simulator

/// A place in the rules as a test names it.
public enum FlowPlace: Hashable, Sendable {
  /// Anywhere in a chain.
  case chain(TableKind, String)
  /// A rule of a chain, from 1.
  case rule(TableKind, String, Int)
  /// The policy of a built-in chain.
  case policy(TableKind, String)
  /// A rule with a comment.
  case comment(String)
  /// A rule by its line in the rule file.
  case line(Int)
}
