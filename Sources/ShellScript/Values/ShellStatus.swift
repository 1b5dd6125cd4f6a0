// How a command of a script ended.

/// An exit status.
public enum ShellStatus: Hashable, Sendable {
  /// A known number, 0 for success.
  case known(Int)
  /// Taken as success where nothing asks for it: a command that only the system can run.
  case assumed(ShellUnknown)
  /// It depends on the system.
  case unknown(ShellUnknown)

  static let success = ShellStatus.known(0)
  static let failure = ShellStatus.known(1)

  /// Whether the command succeeded; nil when that is not known.
  var isSuccess: Bool? {
    if case .known(let code) = self { return code == 0 }
    return nil
  }

  /// Why it is not known.
  var reason: ShellUnknown? {
    switch self {
    case .known: nil
    case .assumed(let reason), .unknown(let reason): reason
    }
  }
}
