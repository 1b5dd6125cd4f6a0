// Findings as JSON: our own document, a line each, and GitLab's code quality.

import NetfilterModel

/// Writes findings as JSON.
struct LintJSON {
  /// The version of the document's form; a member that is added does not change it.
  static let version = 1
  private let report: LintReport

  init(_ report: LintReport) { self.report = report }

  var document: String {
    JSONWriter.document(
      .object([
        ("version", .number(LintJSON.version)), ("tool", .text("hookwalk \(report.version)")),
        (
          "files",
          .list(
            report.outcomes.map { outcome in
              .object([
                ("file", .text(outcome.file)), ("family", .text(outcome.family == .ipv4 ? "ipv4" : "ipv6")),
                ("refused", .truth(outcome.isRefused)), ("ignored", .number(outcome.ignored)),
                ("findings", .list(findings(outcome))),
              ])
            })
        ),
      ]))
  }

  var lines: String {
    report.outcomes.flatMap { findings($0) }.map { JSONWriter.line($0) + "\n" }.joined()
  }

  private func findings(_ outcome: Linter.Outcome) -> [JSONWriter.Value] {
    zip(outcome.findings, LintFingerprint.all(outcome)).map { finding, print in
      let diagnostic = finding.diagnostic
      var members: [(String, JSONWriter.Value)] = [
        ("version", .number(LintJSON.version)), ("code", .number(diagnostic.id.number)),
        ("name", .text(diagnostic.id.rawValue)),
        ("severity", .text(diagnostic.severity.rawValue)), ("file", .text(diagnostic.range.file)),
        ("line", .number(diagnostic.range.line)), ("column", .number(diagnostic.range.column)),
        ("length", .number(diagnostic.range.length)), ("message", .text(diagnostic.message)),
      ]
      if let help = diagnostic.help { members.append(("help", .text(help))) }
      members.append(("source", .text(diagnostic.sourceLine)))
      members.append(("fingerprint", .text(print)))
      if !finding.notes.isEmpty {
        members.append(
          (
            "notes",
            .list(
              finding.notes.map {
                .object([
                  ("file", .text($0.range.file)), ("line", .number($0.range.line)), ("message", .text($0.message)),
                ])
              })
          ))
      }
      if let proof = finding.proof {
        members.append(
          (
            "proof",
            .object([
              ("steps", .list(proof.steps.map { .text($0) })), ("host", .list(proof.host.map { .text($0) })),
              ("ending", .text(proof.ending)), ("command", .text(proof.command)),
            ])
          ))
      }
      return .object(members)
    }
  }

  /// GitLab's form (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format).
  var gitlab: String {
    JSONWriter.document(
      .list(
        report.outcomes.flatMap { outcome in
          zip(outcome.findings, LintFingerprint.all(outcome)).map { finding, print in
            let diagnostic = finding.diagnostic
            return .object([
              ("description", .text(LintJSON.sentence(diagnostic))), ("check_name", .text(diagnostic.id.rawValue)),
              ("fingerprint", .text(print)), ("severity", .text(LintJSON.gitlabSeverity(diagnostic.severity))),
              (
                "location",
                .object([
                  ("path", .text(diagnostic.range.file)),
                  ("lines", .object([("begin", .number(diagnostic.range.line))])),
                ])
              ),
            ])
          }
        }))
  }

  static func sentence(_ diagnostic: Diagnostic) -> String {
    "\(diagnostic.id.number) \(diagnostic.message)" + (diagnostic.help.map { " (\($0))" } ?? "")
  }

  private static func gitlabSeverity(_ severity: Severity) -> String {
    switch severity {
    case .error: "critical"
    case .warning: "major"
    case .info, .note: "minor"
    case .style: "info"
    }
  }
}
