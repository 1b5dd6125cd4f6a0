// The options of iptables-restore that say how a rule file is read.

/// How iptables-restore reads a file.
public struct RestoreOptions: Sendable {
  /// Whether counters are taken over (`-c`).
  public var counters = false
  /// Whether rules that are loaded stay (`-n`).
  public var keepsRules = false
  /// Whether nothing is loaded (`-t`).
  public var isTest = false
  /// The one table that is loaded (`-T`), or nil.
  public var only: String?

  /// None of them.
  public init() {}
}
