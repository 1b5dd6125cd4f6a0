// What looks for the findings of one code.

import NetfilterModel

/// Looks for the findings of one code.
protocol LintCheck: SendableMetatype {
  /// The code.
  static var code: LintCode { get }
  /// Adds what it finds.
  static func look(at subject: LintSubject, _ sink: inout LintSink)
}
