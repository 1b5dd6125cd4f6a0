// Findings as the Test Anything Protocol, version 13 and 14 (https://testanything.org).

import FlowTesting
import NetfilterModel

/// Writes findings as TAP.
struct LintTAP {
  private let report: LintReport

  init(_ report: LintReport) { self.report = report }

  /// A line a finding, which failed, and one for a file without any.
  func document(version: Int) -> String {
    var tap = TAPText(version: version, count: report.outcomes.reduce(0) { $0 + max(1, $1.findings.count) })
    for outcome in report.outcomes {
      if outcome.findings.isEmpty { tap.point(true, "\(outcome.file): no findings") }
      for finding in outcome.findings {
        let diagnostic = finding.diagnostic
        tap.point(
          false, "\(outcome.file):\(diagnostic.range.line): \(diagnostic.id.number) \(diagnostic.message)")
        tap.details([
          ("severity", diagnostic.severity.rawValue), ("name", diagnostic.id.rawValue),
          ("source", diagnostic.sourceLine), ("help", diagnostic.help ?? ""),
        ])
      }
    }
    return tap.text
  }
}
