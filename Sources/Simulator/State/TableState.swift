// What changes in a loaded table while packets walk.

import NetfilterModel

/// The counters and match states of a loaded table, by the places of its program.
struct TableState: Hashable, Sendable {
  /// Packets and bytes of each rule.
  var counters: [Counters] = []
  /// What each condition that keeps a state remembers.
  var states: [MatchState] = []
}
