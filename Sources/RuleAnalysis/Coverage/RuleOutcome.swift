// What a rule does with the way of a packet.

import NetfilterModel

/// What becomes of the way of a packet that a rule matches.
enum RuleOutcome: Hashable, Sendable {
  /// It leaves the table, accepted.
  case accept
  /// It ends.
  case drop
  /// It ends, and its sender is told.
  case reject
  /// It goes to a program.
  case queue
  /// Its connection is translated; it leaves the table.
  case translate
  /// It goes back to the caller.
  case returns
  /// It goes through a chain, by its place, and comes back behind the rule.
  case calls(Int)
  /// It goes through a chain, by its place, and comes back behind the caller.
  case goes(Int)
  /// It goes on with the next rule.
  case passes
  /// Nothing here can say.
  case unknown

  /// Whether the packet ends there.
  var denies: Bool { self == .drop || self == .reject }
  /// Whether the packet leaves the table, or ends.
  var endsTable: Bool {
    switch self {
    case .accept, .drop, .reject, .queue, .translate: true
    default: false
    }
  }
  /// Whether two outcomes are the same for a packet.
  func isLike(_ other: RuleOutcome) -> Bool { self == other || denies && other.denies }

  /// What a rule does, in a word or two for a sentence.
  var words: String {
    switch self {
    case .accept: "accepts"
    case .drop: "drops"
    case .reject: "rejects"
    case .queue: "queues"
    case .translate: "translates"
    case .returns: "returns"
    case .calls, .goes: "takes"
    case .passes, .unknown: "sees"
    }
  }
}
