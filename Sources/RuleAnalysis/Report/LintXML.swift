// Findings as JUnit XML and as Checkstyle XML.

import NetfilterModel

/// Writes findings as XML.
struct LintXML {
  private let report: LintReport

  init(_ report: LintReport) { self.report = report }

  /// A suite a file, a case a finding, and one case for a file without any.
  var junit: String {
    let count = report.outcomes.reduce(0) { $0 + max(1, $1.findings.count) }
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text +=
      "<testsuites name=\"hookwalk lint\" tests=\"\(count)\" failures=\"\(report.findings.count)\""
      + " errors=\"0\" time=\"0\">\n"
    for outcome in report.outcomes {
      let file = LintXML.escaped(outcome.file)
      text += "  <testsuite name=\"\(file)\" tests=\"\(max(1, outcome.findings.count))\""
      text += " failures=\"\(outcome.findings.count)\" errors=\"0\" skipped=\"0\" time=\"0\">\n"
      if outcome.findings.isEmpty {
        text += "    <testcase name=\"no findings\" classname=\"\(file)\" file=\"\(file)\" time=\"0\"/>\n"
      }
      for finding in outcome.findings {
        let diagnostic = finding.diagnostic
        text += "    <testcase name=\"\(diagnostic.id.number) \(diagnostic.id.rawValue) line \(diagnostic.range.line)\""
        text += " classname=\"\(file)\" file=\"\(file)\" line=\"\(diagnostic.range.line)\" time=\"0\">\n"
        text +=
          "      <failure message=\"\(LintXML.escaped(diagnostic.message))\" type=\"\(diagnostic.severity.rawValue)\">"
        text += LintXML.escaped(diagnostic.sourceLine + (diagnostic.help.map { "\n\($0)" } ?? ""))
        text += "</failure>\n    </testcase>\n"
      }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  /// The form of Checkstyle (https://checkstyle.org), which many CI systems read.
  var checkstyle: String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n"
    for outcome in report.outcomes {
      text += "  <file name=\"\(LintXML.escaped(outcome.file))\">\n"
      for finding in outcome.findings {
        let diagnostic = finding.diagnostic
        let severity =
          switch diagnostic.severity {
          case .error: "error"
          case .warning: "warning"
          default: "info"
          }
        text +=
          "    <error line=\"\(diagnostic.range.line)\" column=\"\(diagnostic.range.column)\" severity=\"\(severity)\""
        text += " message=\"\(LintXML.escaped(LintJSON.sentence(diagnostic)))\""
        text += " source=\"hookwalk.\(diagnostic.id.rawValue)\"/>\n"
      }
      text += "  </file>\n"
    }
    return text + "</checkstyle>\n"
  }

  /// A text as XML 1.0 takes it: characters that it does not have are replaced.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n": result += "&#10;"
      case "\t": result += "&#9;"
      default:
        let isAllowed = scalar.value >= 0x20 && scalar.value != 0xfffe && scalar.value != 0xffff
        result.unicodeScalars.append(isAllowed ? scalar : "\u{fffd}")
      }
    }
    return result
  }
}
