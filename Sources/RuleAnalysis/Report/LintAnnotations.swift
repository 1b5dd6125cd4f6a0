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
      let kind =
        switch diagnostic.severity {
        case .error: "error"
        case .warning: "warning"
        default: "notice"
        }
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
      let kind =
        switch diagnostic.severity {
        case .error: "error"
        case .warning: "warning"
        default: "note"
        }
      let range = diagnostic.range
      let message = String(diagnostic.message.map { $0.isNewline ? " " : $0 })
      return "\(range.file):\(range.line):\(range.column): \(kind): \(message)"
        + " [\(diagnostic.id.number) \(diagnostic.id.rawValue)]\n"
    }.joined()
  }

  private func data(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private func property(_ text: String) -> String {
    var result = ""
    for scalar in data(text).unicodeScalars {
      switch scalar {
      case ":": result += "%3A"
      case ",": result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
