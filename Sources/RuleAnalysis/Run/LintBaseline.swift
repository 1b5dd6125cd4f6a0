// Findings that were there before: known by content, so that they stay known when lines move.

import NetfilterModel

/// Findings that are known and left out.
public struct LintBaseline: Sendable {
  /// How many findings of each fingerprint there are.
  private var known: Set<String>

  /// Reads a baseline: a fingerprint a line, what follows it is for people; lines with `#` are remarks.
  public init(_ text: String) {
    known = Set(
      text.split(separator: "\n").compactMap { line in
        line.hasPrefix("#") ? nil : line.split(separator: " ").first.map { String($0) }
      })
  }

  /// Takes the known findings out of an outcome, and counts them as ignored.
  public func apply(to outcome: inout Linter.Outcome) {
    let prints = LintFingerprint.all(outcome)
    let kept = zip(outcome.findings, prints).filter { !known.contains($0.1) }.map { $0.0 }
    outcome.ignored += outcome.findings.count - kept.count
    outcome.findings = kept
  }

  /// The findings of files as a baseline.
  public static func text(_ outcomes: [Linter.Outcome]) -> String {
    var lines = ["# Known findings of hookwalk lint; a line each: fingerprint, code, file, message."]
    for outcome in outcomes {
      for (finding, print) in zip(outcome.findings, LintFingerprint.all(outcome)) {
        lines.append("\(print) \(finding.diagnostic.id.number) \(outcome.file) \(finding.diagnostic.message)")
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
