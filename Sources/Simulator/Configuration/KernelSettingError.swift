// Why a setting cannot be made.

/// Why a setting cannot be made, in lower case, and what to do.
package enum KernelSettingError: Error, Hashable, Sendable {
  /// The kernel has no setting of this name.
  case name(String, help: String?)
  /// The setting can only be read.
  case readOnly(String)
  /// The kernel refuses the value.
  case value(String, help: String?)

  /// What is wrong.
  package var message: String {
    switch self {
    case .name(let message, _), .value(let message, _), .readOnly(let message): message
    }
  }

  /// What to do, or nil.
  package var help: String? {
    switch self {
    case .name(_, let help), .value(_, let help): help
    case .readOnly: nil
    }
  }
}
