// How tests came out, as the JUnit XML that continuous integration reads.

import NetfilterModel
import Simulator

/// Writes JUnit XML: a suite a file, a case a test.
public enum JUnitReport {
  /// The document, with a newline at its end.
  public static func render(_ suites: [FlowSuiteOutcome]) -> String {
    let totals = FlowTotals(suites)
    let count = suites.reduce(0) { $0 + $1.outcomes.count + ($1.problem == nil ? 0 : 1) }
    let time = suites.reduce(Duration.zero) { $0 + duration($1.outcomes) }
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites name=\"hookwalk\" tests=\"\(count)\" failures=\"\(totals.failed)\""
    text += " errors=\"\(totals.unreadable)\" time=\"\(seconds(time))\">\n"
    for suite in suites {
      let totals = FlowTotals([suite])
      text += "  <testsuite name=\"\(escaped(suite.file))\" tests=\"\(suite.outcomes.count + totals.unreadable)\""
      text += " failures=\"\(totals.failed)\" errors=\"\(totals.unreadable)\""
      text +=
        " skipped=\"\(totals.skipped + totals.todo + totals.unknown)\" time=\"\(seconds(duration(suite.outcomes)))\">\n"
      if let problem = suite.problem { text += error(problem, suite.file) }
      for outcome in suite.outcomes { text += testcase(outcome, suite.file) }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  /// A file whose tests could not run, as a case of its own.
  private static func error(_ problem: String, _ file: String) -> String {
    var text = "    <testcase name=\"\(escaped(file))\" classname=\"\(escaped(file))\" file=\"\(escaped(file))\""
    text += " time=\"\(seconds(.zero))\">\n      <error message=\"its tests did not run\" type=\"input\">"
    return text + escaped(problem) + "</error>\n    </testcase>\n"
  }

  private static func testcase(_ outcome: FlowOutcome, _ file: String) -> String {
    let range = outcome.test.range
    var text = "    <testcase name=\"\(escaped(outcome.test.name))\" classname=\"\(escaped(file))\""
    text += " file=\"\(escaped(range.file))\" line=\"\(range.line)\" time=\"\(seconds(outcome.duration))\""
    switch outcome.result {
    case .passed: return text + "/>\n"
    case .failed(let failure) where outcome.undecided != nil:
      text += ">\n      <skipped message=\"unknown: \(escaped(failure.message))\"/>\n"
    case .failed(let failure):
      text += ">\n      <failure message=\"\(escaped(failure.message))\" type=\"flow\">"
      text += escaped(FlowReport().render(failure)) + "</failure>\n"
    case .skipped(let reason): text += ">\n      <skipped message=\"\(escaped(reason))\"/>\n"
    case .todo(let reason, let failure):
      let note = failure == nil ? " (it passes now)" : ""
      text += ">\n      <skipped message=\"todo: \(escaped(reason))\(note)\"/>\n"
    }
    return text + "    </testcase>\n"
  }

  private static func duration(_ outcomes: [FlowOutcome]) -> Duration {
    outcomes.reduce(.zero) { $0 + $1.duration }
  }

  /// Seconds with microseconds.
  private static func seconds(_ duration: Duration) -> String {
    let total = duration.components
    let micros = max(0, total.attoseconds / 1_000_000_000_000)
    let digits = String(micros)
    return "\(max(0, total.seconds))." + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  /// Text for XML 1.0, in content and in attributes; what XML cannot hold at all becomes U+FFFD.
  static func escaped(_ text: String) -> String {
    text.replacingScalars { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "\n", "\t": nil
      case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}", "\u{fffe}", "\u{ffff}": "\u{fffd}"
      default: nil
      }
    }
  }
}
