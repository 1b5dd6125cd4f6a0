// The forms of a report of tests.

import FlowTesting
import RuleAnalysis

/// Writes how tests came out for a program.
enum TestReport {
  /// The document of a form other than text.
  static func render(_ suites: [FlowSuiteOutcome], _ format: LintFormat) -> String {
    switch format {
    case .json: FlowJSONReport.document(suites, tool: Dispatcher.version)
    case .jsonl: FlowJSONReport.lines(suites)
    case .junit: JUnitReport.render(suites)
    case .tap: TAPReport.render(suites)
    case .tap14: TAPReport.render(suites, version: 14)
    case .text, .sarif, .github, .gcc, .gitlab, .checkstyle:
      LintReport(suites, format: format, version: Dispatcher.number).render()
    }
  }
}
