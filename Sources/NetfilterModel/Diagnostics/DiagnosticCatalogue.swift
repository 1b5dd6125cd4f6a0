// Every kind of problem that is reported, with its number.

/// All kinds of problems; `DiagnosticID` has a static for each.
public enum DiagnosticCatalogue {
  /// Every kind, by number: rule files from 1001, chains from 1101, rules from 1201, matches and targets from 1301,
  /// the flow language from 1401, scripts from 1501, set files from 1601.
  public static let entries: [DiagnosticID] = ruleFiles + chains + rules + extensions + flow + scripts + sets + findings

  /// The kind with a number, or nil.
  public static func entry(_ number: Int) -> DiagnosticID? { entries.first { $0.number == number } }
}
