// Findings as lines that CI systems and editors find in a log.

import NetfilterModel

/// Writes findings as lines.
struct LintAnnotations {
  private let report: LintReport

  init(_ report: LintReport) { self.report = report }

  /// GitHub's workflow commands
  /// (https://docs.github.com/actions/reference/workflow-commands-for-github-actions#setting-a-notice-message).
  var github: String {
    report.findings.map { finding in
      let diagnostic = finding.diagnostic
      let kind = diagnostic.severity.word(lesser: "notice")
      let range = diagnostic.range
      let title = "\(diagnostic.id.number) \(diagnostic.id.rawValue)"
      return "::\(kind) file=\(property(range.file)),line=\(range.line),col=\(range.column),"
        + "endColumn=\(range.column + range.length),title=\(property(title))::"
        + data(diagnostic.message + (diagnostic.help.map { "\n\($0)" } ?? "")) + "\n"
    }.joined()
  }

  /// `FILE:LINE:COLUMN: warning: MESSAGE [NUMBER NAME]`, as compilers write it.
  var gcc: String {
    report.findings.map { finding in
      let diagnostic = finding.diagnostic
      let kind = diagnostic.severity.word(lesser: "note")
      let range = diagnostic.range
      let message = String(diagnostic.message.map { $0.isNewline ? " " : $0 })
      return "\(range.file):\(range.line):\(range.column): \(kind): \(message)"
        + " [\(diagnostic.id.number) \(diagnostic.id.rawValue)]\n"
    }.joined()
  }

  private func data(_ text: String) -> String {
    text.replacingScalars { scalar in
      switch scalar {
      case "%": "%25"
      case "\r": "%0D"
      case "\n": "%0A"
      default: nil
      }
    }
  }

  private func property(_ text: String) -> String {
    data(text).replacingScalars { $0 == ":" ? "%3A" : $0 == "," ? "%2C" : nil }
  }
}
