// A condition of a rule as data: which field, which test, and the option that it came from.

/// Where a condition was written.
public enum ConditionOrigin: Hashable, Sendable {
  /// Before the matches.
  case header(HeaderOption)
  /// In a match of the rule, by its place from 0.
  case match(Int)
}

/// A condition of a rule. A rule matches when all its conditions hold; they are asked in order, as stateful ones count.
public struct Condition: Sendable {
  /// Where it was written.
  public var origin = ConditionOrigin.match(0)
  /// The name of its option; empty for what a match demands by itself (a whole header, a connection).
  public var option: String
  /// What it looks at.
  public var field: Field
  /// What it demands.
  public var test: ConditionTest
  /// Whether the contrary is demanded (`!`).
  public var isInverted: Bool
  /// Whether it holds for packets that do not have the field.
  public var holdsWhenAbsent: Bool
  /// What becomes of a packet for which it does not hold: no match, or dropped at once.
  public var dropsWhenFailed: Bool
  /// Whether a packet that does not have the field is dropped at once.
  public var dropsWhenAbsent = false

  /// Makes a condition.
  public init(
    _ option: String, _ field: Field, _ test: ConditionTest, inverted: Bool = false, holdsWhenAbsent: Bool = false,
    dropsWhenFailed: Bool = false
  ) {
    self.option = option
    self.field = field
    self.test = test
    isInverted = inverted
    self.holdsWhenAbsent = holdsWhenAbsent
    self.dropsWhenFailed = dropsWhenFailed
  }

  /// Makes a condition that a match puts by itself, without an option.
  public static func demand(_ field: Field, _ test: ConditionTest, drops: Bool = false) -> Condition {
    Condition("", field, test, dropsWhenFailed: drops)
  }

  /// Makes a condition that a function decides.
  public static func opaque(_ option: String, _ test: OpaqueTest) -> Condition {
    Condition(option, .other, .opaque(test))
  }

  /// Makes a condition on one number in a range.
  public static func range(_ option: String, _ field: Field, _ range: Invertible<PortRange>?) -> Condition? {
    range.map { Condition(option, field, .between($0.value.lower, $0.value.upper), inverted: $0.inverted) }
  }

  /// Whether asking it changes what the host remembers.
  public var keepsState: Bool { if case .opaque(let test) = test { test.keepsState } else { false } }

  /// Asks a condition that is no function.
  public func result(_ value: FieldValue) -> ConditionResult {
    if !value.isPresent, dropsWhenAbsent { return .drops }
    let holds =
      if !value.isPresent {
        holdsWhenAbsent
      } else if field == .eitherPort {
        (test.holds(FieldValue(value.low)) || test.holds(FieldValue(value.high))) != isInverted
      } else {
        test.holds(value) != isInverted
      }
    return holds ? .holds : dropsWhenFailed ? .drops : .fails
  }
}
