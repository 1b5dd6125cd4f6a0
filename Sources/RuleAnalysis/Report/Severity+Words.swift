// What other programs call severities.

import NetfilterModel

extension Severity {
  /// `error`, `warning`, or the word that a form has for what is less.
  func word(lesser: String) -> String {
    switch self {
    case .error: "error"
    case .warning: "warning"
    default: lesser
    }
  }
}
