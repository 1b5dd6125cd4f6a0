// Findings as the Test Anything Protocol, version 13 and 14 (https://testanything.org).

import NetfilterModel

/// Writes findings as TAP.
struct LintTAP {
  private let report: LintReport

  init(_ report: LintReport) { self.report = report }

  /// A line a finding, which failed, and one for a file without any.
  func document(version: Int) -> String {
    let count = report.outcomes.reduce(0) { $0 + max(1, $1.findings.count) }
    var text = "TAP version \(version)\n1..\(count)\n"
    var number = 0
    for outcome in report.outcomes {
      if outcome.findings.isEmpty {
        number += 1
        text += "ok \(number) - \(LintTAP.plain(outcome.file)): no findings\n"
      }
      for finding in outcome.findings {
        number += 1
        let diagnostic = finding.diagnostic
        text += "not ok \(number) - \(LintTAP.plain(outcome.file)):\(diagnostic.range.line):"
        text += " \(diagnostic.id.number) \(LintTAP.plain(diagnostic.message))\n"
        text += "  ---\n"
        for (key, value) in [
          ("severity", diagnostic.severity.rawValue), ("name", diagnostic.id.rawValue),
          ("source", diagnostic.sourceLine), ("help", diagnostic.help ?? ""),
        ] where !value.isEmpty {
          text += "  \(key): \(JSONWriter.line(.text(value)))\n"
        }
        text += "  ...\n"
      }
    }
    return text
  }

  /// A text without line ends, and without the sign that begins a directive.
  private static func plain(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 == "#" ? "\u{ff03}" : $0 })
  }
}
