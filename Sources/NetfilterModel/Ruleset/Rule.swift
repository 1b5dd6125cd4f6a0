// A rule: what stands before the matches, the matches, and what to do.

/// What a rule does with a packet that it matches.
public enum RuleAction: Sendable {
  /// Counts only: no `-j` was given.
  case none
  /// A standard verdict.
  case verdict(Verdict)
  /// A jump to a user chain, by name.
  case jump(String)
  /// A goto (`-g`) to a user chain, by name.
  case goto(String)
  /// An extension target.
  indirect case target(Target)
}

/// A rule of a chain. A copy shares what the rule holds until one of the two is changed, so that rules move between tables, commands
/// and chains for the price of a pointer.
public struct Rule: Sendable {
  private struct Fields: Sendable {
    var header: RuleHeader
    var matches: [Match]
    var action: RuleAction
    var counters: Counters
    var location: SourceRange?
  }

  private final class Storage: Sendable {
    let fields: Fields
    init(_ fields: Fields) { self.fields = fields }
  }

  private var storage: Storage

  /// Makes a rule.
  public init(
    header: RuleHeader = RuleHeader(), matches: [Match] = [], action: RuleAction = .none,
    counters: Counters = Counters(), location: SourceRange? = nil
  ) {
    storage = Storage(
      Fields(header: header, matches: matches, action: action, counters: counters, location: location))
  }

  /// The inline conditions.
  public var header: RuleHeader {
    get { storage.fields.header }
    set { change { $0.header = newValue } }
  }

  /// The matches in the order they were loaded.
  public var matches: [Match] {
    get { storage.fields.matches }
    set { change { $0.matches = newValue } }
  }

  /// What to do.
  public var action: RuleAction {
    get { storage.fields.action }
    set { change { $0.action = newValue } }
  }

  /// The counters.
  public var counters: Counters {
    get { storage.fields.counters }
    set { change { $0.counters = newValue } }
  }

  /// Where the rule stands in its file.
  public var location: SourceRange? {
    get { storage.fields.location }
    set { change { $0.location = newValue } }
  }

  private mutating func change(_ body: (inout Fields) -> Void) {
    var fields = storage.fields
    body(&fields)
    storage = Storage(fields)
  }
}

extension Rule {
  /// Every condition, in the order in which the kernel asks: what stands before the matches, then each match as written.
  public var conditions: [Condition] {
    var result = header.conditions
    for (place, match) in matches.enumerated() {
      for var condition in match.conditions {
        condition.origin = .match(place)
        result.append(condition)
      }
    }
    return result
  }
}
