// Which codes are looked for, and how bad a finding must be to be shown.

import NetfilterModel

/// Which codes are looked for.
public struct LintSelection: Sendable {
  /// Numbers, names or beginnings of numbers (`2`, `20`, `2006`, `unused-chain`, `all`); none for those that are on.
  public var selected: [String]
  /// What is not looked for, in the same form.
  public var ignored: [String]
  /// The least severity that is shown; nil for every one.
  public var severity: Severity?

  /// Makes a selection; all codes that are on by default, when nothing is said.
  public init(selected: [String] = [], ignored: [String] = [], severity: Severity? = nil) {
    self.selected = selected
    self.ignored = ignored
    self.severity = severity
  }

  /// The order of severities, the worst first.
  public static let severities: [Severity] = [.error, .warning, .info, .style]

  /// The place of a severity in that order; a note counts as an information.
  public static func rank(_ severity: Severity) -> Int { severities.firstIndex(of: severity) ?? 2 }

  /// Whether a word of a selection names a code.
  public static func names(_ word: String, _ id: DiagnosticID) -> Bool {
    if word == "all" || word == id.rawValue { return true }
    return !word.isEmpty && word.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } && "\(id.number)".hasPrefix(word)
  }

  func wants(_ code: LintCode) -> Bool {
    if ignored.contains(where: { LintSelection.names($0, code.id) }) { return false }
    return selected.isEmpty ? code.isOn : selected.contains { LintSelection.names($0, code.id) }
  }

  /// Whether a problem that reading found is shown: that something is not simulated, or not done here, says nothing of the file.
  func wantsLoadProblem(_ diagnostic: Diagnostic) -> Bool {
    if ignored.contains(where: { LintSelection.names($0, diagnostic.id) }) { return false }
    if !selected.isEmpty, diagnostic.severity != .error {
      return selected.contains { LintSelection.names($0, diagnostic.id) }
    }
    return ![.unsupportedMatch, .unsupportedTarget, .commandAssumed].contains(diagnostic.id)
  }

  func isSevereEnough(_ severity: Severity) -> Bool {
    self.severity.map { LintSelection.rank(severity) <= LintSelection.rank($0) } ?? true
  }

  /// Whether all of some codes are looked for, so that a directive for them can be called unused.
  func wantsEvery(_ words: [String]) -> Bool {
    words.allSatisfy { word in
      LintCatalogue.codes.contains { LintSelection.names(word, $0.id) && wants($0) }
    }
  }
}
