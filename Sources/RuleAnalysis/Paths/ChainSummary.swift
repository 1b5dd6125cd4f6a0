// What can become of packets that enter a chain.

import NetfilterModel

/// What can become of packets that enter a chain.
struct ChainSummary: Sendable {
  /// A way in which packets leave a chain.
  struct Ends: OptionSet, Hashable, Sendable {
    var rawValue: UInt8
    static let accept = Ends(rawValue: 1)
    static let deny = Ends(rawValue: 2)
    static let other = Ends(rawValue: 4)
    static let returns = Ends(rawValue: 8)
    static let unknown = Ends(rawValue: 16)
  }

  /// The ways that are possible.
  var ends: Ends = []
  /// Whether no packet comes back to the caller.
  var takesAll = false
  /// Whether some rule in it, or in a chain that it leads to, does more than decide.
  var hasEffects = false

  /// What an outcome adds.
  static func ends(_ outcome: RuleOutcome) -> Ends {
    switch outcome {
    case .accept: .accept
    case .drop, .reject: .deny
    case .queue, .translate: .other
    case .returns: .returns
    case .calls, .goes, .passes: []
    case .unknown: .unknown
    }
  }
}
