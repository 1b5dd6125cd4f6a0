// Answers for matches that nothing here can decide: a walk that shall try a possibility is told what such a match says.

/// The answers to give, one for each match that cannot be decided, in the order in which packets come to them.
struct UndecidedMatches {
  /// The answers.
  var answers: [Bool] = []
  /// How many of them were given.
  private(set) var given = 0
  /// Whether a match was left undecided because no answer was left.
  private(set) var isLeftOpen = false

  /// The answer for the match that is asked now; nil when there is none, and then the walk ends there.
  mutating func answer() -> Bool? {
    guard given < answers.count else {
      isLeftOpen = true
      return nil
    }
    given += 1
    return answers[given - 1]
  }
}
