// How a command of iptables ended.

/// What a command printed, and the status that it left.
public struct CommandOutcome: Sendable {
  /// The exit status: 0 done, 1 refused by libiptc or the kernel, 2 a wrong command line, 3 a table that the kernel lacks.
  public var status = 0
  /// Standard output; nil when it is not known.
  public var output: String? = ""
  /// Standard error; nil when the words of the refusal are not known, and then `problem` says what is wrong.
  public var message: String? = ""
  /// What is wrong, for a command that was refused.
  public var problem: Diagnostic?
  /// What else is to be said: warnings, and what is not simulated.
  public var remarks: [Diagnostic] = []
  /// Why the command could not be read at all, as with the name of a host; then it had no effect and `status` means nothing.
  public var unread: Diagnostic?

  /// A command that succeeded in silence.
  public init() {}

  /// Whether the command was refused.
  public var isRefused: Bool { status != 0 }
}
