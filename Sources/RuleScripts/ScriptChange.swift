// A change of the host with the place of the command that makes it.

import NetfilterModel

/// A change of the host besides its rules, and the line of the script that makes it.
public struct ScriptChange: Hashable, Sendable {
  /// What is changed.
  public var change: HostChange
  /// Where the command stands.
  public var range: SourceRange
}
