// Findings in the forms that people, editors and CI systems read.

import NetfilterModel

/// A form of a report.
public enum LintFormat: String, CaseIterable, Sendable {
  case text, json, jsonl, sarif, junit, tap, tap14, github, gcc, gitlab, checkstyle
}

/// What is written of files.
public struct LintReport: Sendable {
  /// What came of each file.
  public var outcomes: [Linter.Outcome]
  /// The form.
  public var format: LintFormat
  /// Whether packets of findings are shown with their way (text).
  public var showsProof: Bool
  /// Whether colour is used (text).
  public var isColoured: Bool
  /// How wide lines of a person's report are.
  public var width: Int
  /// Whether a summary ends the text.
  public var hasSummary: Bool
  /// The version of the command.
  public var version: String

  /// Makes a report.
  public init(
    _ outcomes: [Linter.Outcome], format: LintFormat = .text, showsProof: Bool = false, isColoured: Bool = false,
    width: Int = 80, hasSummary: Bool = true, version: String = "0.1.0"
  ) {
    self.outcomes = outcomes
    self.format = format
    self.showsProof = showsProof
    self.isColoured = isColoured
    self.width = width
    self.hasSummary = hasSummary
    self.version = version
  }

  /// All findings.
  var findings: [LintFinding] { outcomes.flatMap { $0.findings } }

  /// The report, with a newline at its end unless it is empty.
  public func render() -> String {
    switch format {
    case .text: text
    case .json: LintJSON(self).document
    case .jsonl: LintJSON(self).lines
    case .sarif: LintSARIF(self).document
    case .junit: LintXML(self).junit
    case .checkstyle: LintXML(self).checkstyle
    case .tap: LintTAP(self).document(version: 13)
    case .tap14: LintTAP(self).document(version: 14)
    case .github: LintAnnotations(self).github
    case .gcc: LintAnnotations(self).gcc
    case .gitlab: LintJSON(self).gitlab
    }
  }

  private var text: String {
    let renderer = DiagnosticRenderer(isColoured: isColoured, width: width, showsNumber: true)
    var text = ""
    for finding in findings {
      text += renderer.render(finding.diagnostic)
      for note in finding.notes {
        text += "  note: \(note.range.file):\(note.range.line): \(note.message)\n"
      }
      guard let proof = finding.proof else { continue }
      if showsProof {
        text += "  proof: \(proof.command)\n"
        text += proof.trace.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
          $0.isEmpty ? "\n" : "    \($0)\n"
        }.joined()
      } else {
        for (index, step) in proof.steps.enumerated() {
          text += index == 0 ? "  packet: " : "          "
          text += step + (index == proof.steps.count - 1 ? "\n          => \(proof.ending)\n" : "\n")
        }
      }
    }
    guard hasSummary else { return text }
    let ignored = outcomes.reduce(0) { $0 + $1.ignored }
    let files = outcomes.count
    var words = LintSelection.severities.compactMap { severity -> String? in
      let count = findings.filter { LintSelection.rank($0.diagnostic.severity) == LintSelection.rank(severity) }.count
      return count == 0
        ? nil : "\(count) \(severity.rawValue)\(count == 1 || severity == .info || severity == .style ? "" : "s")"
    }
    if words.isEmpty { words = ["no findings"] }
    if ignored > 0 { words.append("\(ignored) ignored") }
    return text + "\(files) file\(files == 1 ? "" : "s"): " + words.joined(separator: ", ") + "\n"
  }
}
