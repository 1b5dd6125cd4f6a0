// How tests came out, as the Test Anything Protocol.

import NetfilterModel

/// Writes TAP: a point a test, and one for a file whose tests could not run.
public enum TAPReport {
  /// The document in version 13 or 14, with a newline at its end.
  public static func render(_ suites: [FlowSuiteOutcome], version: Int = 13) -> String {
    let count = suites.reduce(0) { $0 + $1.outcomes.count + ($1.problem == nil ? 0 : 1) }
    var tap = TAPText(version: version, count: count)
    for suite in suites {
      if let problem = suite.problem {
        tap.point(false, "\(suite.file): its tests did not run")
        tap.details([("message", problem)])
      }
      for outcome in suite.outcomes {
        let name = "\(suite.file): \(outcome.test.name)"
        switch outcome.result {
        case .passed: tap.point(true, name)
        case .failed(let failure) where outcome.undecided != nil:
          tap.point(true, name, directive: "SKIP unknown: \(failure.message)")
        case .failed(let failure):
          tap.point(false, name)
          tap.details(details(failure))
        case .skipped(let reason): tap.point(true, name, directive: "SKIP \(reason)")
        case .todo(let reason, let failure):
          tap.point(failure == nil, name, directive: "TODO \(reason)")
          if let failure { tap.details(details(failure)) }
        }
      }
    }
    return tap.text
  }

  private static func details(_ failure: FlowFailure) -> [(String, String)] {
    [
      ("message", failure.message), ("severity", "fail"), ("file", failure.range.file),
      ("line", "\(failure.range.line)"), ("why", FlowReport().render(failure)),
    ]
  }
}
