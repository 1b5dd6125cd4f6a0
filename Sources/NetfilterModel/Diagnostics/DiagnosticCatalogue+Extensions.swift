// Problems of matches and targets: 1301 to 1399. A number is never given twice, and new entries come last.

extension DiagnosticID {
  /// There is no match of this name.
  public static let unknownMatch = DiagnosticID(
    1301, "unknown-match", "There is no match of this name")
  /// A match is not simulated, so that packets that reach it are undecided.
  public static let unsupportedMatch = DiagnosticID(
    1302, "unsupported-match", "A match is not simulated, so that packets that reach it are undecided", .warning)
  /// A target is not simulated, so that packets that reach it are undecided.
  public static let unsupportedTarget = DiagnosticID(
    1303, "unsupported-target", "A target is not simulated, so that packets that reach it are undecided", .warning)
  /// A match or target is for the other IP version.
  public static let extensionForOtherFamily = DiagnosticID(
    1304, "extension-for-other-family", "A match or target is for the other IP version")
  /// The value of an option of a match or target is wrong.
  public static let badOptionValue = DiagnosticID(
    1305, "bad-option-value", "The value of an option of a match or target is wrong")
  /// The options of a match or target do not go together.
  public static let badExtension = DiagnosticID(
    1306, "bad-extension", "The options of a match or target do not go together")
  /// A match or target lacks an option that it needs.
  public static let missingOption = DiagnosticID(
    1307, "missing-option", "A match or target lacks an option that it needs")
  /// A match or target cannot be used in this table.
  public static let wrongTable = DiagnosticID(
    1308, "wrong-table", "A match or target cannot be used in this table")
  /// A match or target is reached from a built-in chain that it cannot be used in.
  public static let wrongHook = DiagnosticID(
    1309, "wrong-hook", "A match or target is reached from a built-in chain that it cannot be used in")
  /// A match or target needs a protocol in the rule.
  public static let missingProtocol = DiagnosticID(
    1310, "missing-protocol", "A match or target needs a protocol in the rule")
  /// The kernel refuses a match in this rule.
  public static let kernelRefusesMatch = DiagnosticID(
    1311, "kernel-refuses-match", "The kernel refuses a match in this rule")
  /// The kernel refuses a target in this rule.
  public static let kernelRefusesTarget = DiagnosticID(
    1312, "kernel-refuses-target", "The kernel refuses a target in this rule")
}

extension DiagnosticCatalogue {
  static let extensions: [DiagnosticID] = [
    .unknownMatch, .unsupportedMatch, .unsupportedTarget, .extensionForOtherFamily, .badOptionValue,
    .badExtension, .missingOption, .wrongTable, .wrongHook, .missingProtocol, .kernelRefusesMatch,
    .kernelRefusesTarget,
  ]
}
