// How tests came out, as the JUnit XML that continuous integration reads.

import NetfilterModel
import Simulator

/// The outcomes of one file of tests.
public struct FlowSuiteOutcome: Sendable {
  /// The file.
  public var file: String
  /// Its tests in order.
  public var outcomes: [FlowOutcome]

  /// Makes the outcomes of a file.
  public init(file: String, outcomes: [FlowOutcome]) {
    self.file = file
    self.outcomes = outcomes
  }
}

/// Writes JUnit XML: a suite a file, a case a test.
public enum JUnitReport {
  /// The document, with a newline at its end.
  public static func render(_ suites: [FlowSuiteOutcome]) -> String {
    let all = suites.flatMap { $0.outcomes }
    let totals = FlowTotals(all)
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites name=\"hookwalk\" tests=\"\(all.count)\" failures=\"\(totals.failed)\" errors=\"0\""
    text += " time=\"\(seconds(all))\">\n"
    for suite in suites {
      let totals = FlowTotals(suite.outcomes)
      text += "  <testsuite name=\"\(escaped(suite.file))\" tests=\"\(suite.outcomes.count)\""
      text += " failures=\"\(totals.failed)\" errors=\"0\" skipped=\"\(totals.skipped + totals.todo + totals.unknown)\""
      text += " time=\"\(seconds(suite.outcomes))\">\n"
      for outcome in suite.outcomes { text += testcase(outcome, suite.file) }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  private static func testcase(_ outcome: FlowOutcome, _ file: String) -> String {
    let range = outcome.test.range
    var text = "    <testcase name=\"\(escaped(outcome.test.name))\" classname=\"\(escaped(file))\""
    text += " file=\"\(escaped(range.file))\" line=\"\(range.line)\" time=\"\(seconds([outcome]))\""
    switch outcome.result {
    case .passed: return text + "/>\n"
    case .failed(let failure) where outcome.undecided != nil:
      text += ">\n      <skipped message=\"unknown: \(escaped(failure.message))\"/>\n"
    case .failed(let failure):
      text += ">\n      <failure message=\"\(escaped(failure.message))\" type=\"flow\">"
      text += escaped(FlowReport().render(failure)) + "</failure>\n"
    case .skipped(let reason): text += ">\n      <skipped message=\"\(escaped(reason))\"/>\n"
    case .todo(let reason, _): text += ">\n      <skipped message=\"todo: \(escaped(reason))\"/>\n"
    }
    return text + "    </testcase>\n"
  }

  /// Seconds with microseconds.
  private static func seconds(_ outcomes: [FlowOutcome]) -> String {
    let total = outcomes.reduce(Duration.zero) { $0 + $1.duration }.components
    let micros = max(0, total.attoseconds / 1_000_000_000_000)
    let digits = String(micros)
    return "\(max(0, total.seconds))." + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  /// Text for XML 1.0, in content and in attributes; what XML cannot hold at all becomes U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}", "\u{fffe}", "\u{ffff}": result += "\u{fffd}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
