// What `import` reads.

import NetfilterModel
import Simulator

/// What `import` reads.
public enum SavedOutput: String, Hashable, Sendable, CaseIterable {
  /// The output of `ip addr`.
  case addr
  /// The output of `ip route`.
  case route
  /// The output of `ip rule`.
  case rule
  /// The output of `sysctl -a`.
  case sysctl

  /// The command that prints it.
  var command: String { self == .sysctl ? "sysctl -a" : "ip \(rawValue)" }
}
