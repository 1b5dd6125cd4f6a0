// What a caller says about a script of iptables commands.

import NetfilterModel
import ShellScript

/// How scripts are read: their arguments, and what is said about what they ask of the system.
public struct ScriptOptions: Sendable {
  /// The words behind the script's name.
  public var arguments: [String] = []
  /// Variables of the environment, and values for variables that are not known (`--set NAME=VALUE`).
  public var variables: [String: String] = [:]
  /// Conditions that are not known, by `LINE` or `FILE:LINE` (`--assume LINE=yes|no`).
  public var answers: [String: Bool] = [:]
  /// The contents of a file that scripts source or read; nil for one that is not known.
  public var read: @Sendable (String) -> [UInt8]? = { _ in nil }

  /// Makes options that say nothing.
  public init() {}
}
