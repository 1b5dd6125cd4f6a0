// Findings as SARIF 2.1.0 (OASIS; https://docs.oasis-open.org/sarif/sarif/v2.1.0/).

import NetfilterModel

/// Writes findings as SARIF.
struct LintSARIF {
  private let report: LintReport

  init(_ report: LintReport) { self.report = report }

  var document: String {
    JSONWriter.document(
      .object([
        (
          "$schema", .text("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
        ),
        ("version", .text("2.1.0")),
        (
          "runs",
          .list([
            .object([
              ("tool", .object([("driver", driver)])), ("columnKind", .text("unicodeCodePoints")),
              ("results", .list(report.outcomes.flatMap { results($0) })),
            ])
          ])
        ),
      ]))
  }

  /// The codes that findings have, by number.
  private var ids: [DiagnosticID] {
    Set(report.findings.map { $0.diagnostic.id }).sorted { $0.number < $1.number }
  }

  private var driver: JSONWriter.Value {
    .object([
      ("name", .text("hookwalk")), ("version", .text(report.version)),
      (
        "rules",
        .list(
          ids.map { id in
            var members: [(String, JSONWriter.Value)] = [
              ("id", .text("\(id.number)")), ("name", .text(id.rawValue)),
              ("shortDescription", .object([("text", .text(id.summary + "."))])),
              ("defaultConfiguration", .object([("level", .text(LintSARIF.level(id.severity)))])),
            ]
            if let page = LintCatalogue.code("\(id.number)")?.page {
              members.append(("fullDescription", .object([("text", .text(page.why))])))
              if let help = LintPages.explain("\(id.number)") {
                members.append(("help", .object([("text", .text(help))])))
              }
            }
            return .object(members)
          })
      ),
    ])
  }

  private func results(_ outcome: Linter.Outcome) -> [JSONWriter.Value] {
    let ids = ids
    return zip(outcome.findings, LintFingerprint.all(outcome)).map { finding, print in
      let diagnostic = finding.diagnostic
      var members: [(String, JSONWriter.Value)] = [
        ("ruleId", .text("\(diagnostic.id.number)")),
        ("ruleIndex", .number(ids.firstIndex(of: diagnostic.id) ?? -1)),
        ("level", .text(LintSARIF.level(diagnostic.severity))),
        ("message", .object([("text", .text(diagnostic.message + (diagnostic.help.map { "\nHelp: \($0)" } ?? "")))])),
        ("locations", .list([.object([("physicalLocation", location(diagnostic.range))])])),
        ("partialFingerprints", .object([("hookwalk/v1", .text(print))])),
      ]
      if !finding.notes.isEmpty {
        members.append(
          (
            "relatedLocations",
            .list(
              finding.notes.enumerated().map { index, note in
                .object([
                  ("id", .number(index + 1)), ("physicalLocation", location(note.range)),
                  ("message", .object([("text", .text(note.message))])),
                ])
              })
          ))
      }
      if let fix = finding.fix { members.append(("fixes", .list([self.fix(fix, outcome)]))) }
      return .object(members)
    }
  }

  private func location(_ range: SourceRange) -> JSONWriter.Value {
    .object([
      ("artifactLocation", .object([("uri", .text(LintSARIF.uri(range.file)))])),
      (
        "region",
        .object([
          ("startLine", .number(range.line)), ("startColumn", .number(range.column)),
          ("endColumn", .number(range.column + range.length)),
        ])
      ),
    ])
  }

  private func fix(_ fix: LintFix, _ outcome: Linter.Outcome) -> JSONWriter.Value {
    let replacements = fix.edits.map { edit -> JSONWriter.Value in
      var region: [(String, JSONWriter.Value)] = [("startLine", .number(edit.line))]
      if let columns = edit.columns {
        region += [
          ("startColumn", .number(columns.lowerBound)), ("endLine", .number(edit.line)),
          ("endColumn", .number(columns.upperBound)),
        ]
      } else {
        region += [("startColumn", .number(1)), ("endLine", .number(edit.line + 1)), ("endColumn", .number(1))]
      }
      var members: [(String, JSONWriter.Value)] = [("deletedRegion", .object(region))]
      if let text = edit.text { members.append(("insertedContent", .object([("text", .text(text))]))) }
      return .object(members)
    }
    return .object([
      ("description", .object([("text", .text(fix.summary))])),
      (
        "artifactChanges",
        .list([
          .object([
            ("artifactLocation", .object([("uri", .text(LintSARIF.uri(outcome.file)))])),
            ("replacements", .list(replacements)),
          ])
        ])
      ),
    ])
  }

  private static func level(_ severity: Severity) -> String {
    switch severity {
    case .error: "error"
    case .warning: "warning"
    case .info, .note, .style: "note"
    }
  }

  /// A path as a URI (RFC 3986).
  static func uri(_ path: String) -> String {
    var text = ""
    for byte in path.utf8 {
      let isPlain =
        byte >= 0x61 && byte <= 0x7a || byte >= 0x41 && byte <= 0x5a || byte >= 0x2d && byte <= 0x39 || byte == 0x5f
        || byte == 0x7e
      if isPlain {
        text.unicodeScalars.append(UnicodeScalar(byte))
      } else {
        text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return text
  }
}
