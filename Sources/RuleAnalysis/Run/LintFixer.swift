// Mends files: what fixes say, as a new text or as a diff.

import NetfilterModel

/// Mends the findings of a file that have a fix.
public struct LintFixer {
  /// The text with every fix, and how many were made; fixes that overlap an earlier one are left for the next run.
  public static func fixed(_ outcome: Linter.Outcome) -> (text: String, count: Int) {
    var lines = outcome.text.split(separator: "\n", omittingEmptySubsequences: false).map { Optional(String($0)) }
    var taken: Set<Int> = []
    var count = 0
    for finding in outcome.findings {
      guard let fix = finding.fix,
        fix.edits.allSatisfy({ !taken.contains($0.line) && lines.indices.contains($0.line - 1) })
      else { continue }
      for edit in fix.edits {
        taken.insert(edit.line)
        guard let old = lines[edit.line - 1] else { continue }
        guard let columns = edit.columns else {
          lines[edit.line - 1] = edit.text
          continue
        }
        let characters = Array(old)
        guard columns.lowerBound >= 1, columns.upperBound - 1 <= characters.count else { continue }
        lines[edit.line - 1] =
          String(characters[..<(columns.lowerBound - 1)]) + (edit.text ?? "")
          + String(characters[(columns.upperBound - 1)...])
      }
      count += 1
    }
    return (lines.compactMap { $0 }.joined(separator: "\n"), count)
  }

  /// What fixes would change, as a unified diff without context; empty for nothing.
  public static func diff(_ outcome: Linter.Outcome) -> String {
    let old = outcome.text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    var text = ""
    var shift = 0
    var taken: Set<Int> = []
    for finding in outcome.findings {
      guard let fix = finding.fix, let edit = fix.edits.first, taken.insert(edit.line).inserted,
        old.indices.contains(edit.line - 1)
      else { continue }
      var one = outcome
      one.findings = [finding]
      let new = fixed(one).text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
      let isRemoved = new.count < old.count
      let place = edit.line + shift
      text += "@@ -\(edit.line) +\(isRemoved ? "\(place - 1),0" : "\(place)") @@\n-\(old[edit.line - 1])\n"
      if isRemoved { shift -= 1 } else { text += "+\(new[edit.line - 1])\n" }
    }
    return text.isEmpty ? "" : "--- \(outcome.file)\n+++ \(outcome.file)\n\(text)"
  }
}
