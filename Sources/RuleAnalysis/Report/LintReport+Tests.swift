// Tests that failed as findings, for forms that show findings beside the lines that they are about.

import FlowTesting
import NetfilterModel

extension LintReport {
  /// The tests that failed, and the files whose tests could not run, as findings.
  public init(_ suites: [FlowSuiteOutcome], format: LintFormat, version: String) {
    let outcomes = suites.map { suite in
      var findings: [LintFinding] = []
      if let problem = suite.problem {
        let place = SourceRange(file: suite.file, line: 1, column: 1)
        findings.append(LintFinding(Diagnostic(.testsDidNotRun, at: place, "the tests did not run: " + problem)))
      }
      for outcome in suite.outcomes {
        guard case .failed(let failure) = outcome.result else { continue }
        let isAllowed = outcome.unknown != .fail && failure.isUndecided
        var finding = LintFinding(
          Diagnostic(
            .testFailed, isAllowed ? .note : nil, at: failure.range, "test \"\(failure.test)\": \(failure.message)"))
        finding.subject = failure.test
        findings.append(finding)
      }
      return Linter.Outcome(file: suite.file, family: .ipv4, findings: findings, text: "")
    }
    self.init(outcomes, format: format, version: version)
  }
}
