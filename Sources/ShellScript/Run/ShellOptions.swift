// What a caller says about a script.

/// How a script is read: its arguments, what is known of the system, and bounds.
public struct ShellOptions: Sendable {
  /// The name by which it is called, `$0`.
  public var name: String
  /// The words behind it, `$1` and on.
  public var arguments: [String] = []
  /// Variables of the environment; they also stand for values that are not known.
  public var variables: [String: String] = [:]
  /// Conditions that are not known, by `LINE` or `FILE:LINE`.
  public var answers: [String: Bool] = [:]
  /// The contents of a file that is known, by its path; nil for every other.
  public var read: @Sendable (String) -> [UInt8]? = { _ in nil }
  /// The most commands that are run.
  public var mostSteps = 500_000
  /// The most bytes that the script and its commands write, in pipes and variables too.
  public var mostOutput = 16 << 20

  /// Makes options.
  public init(name: String) { self.name = name }
}

/// What a script does to the shell.
public enum ShellLimits {
  /// How deep calls of functions, sourced files and `eval` may stand inside each other.
  public static let deepestCall = 40
  /// How many conditions that are not known may stand inside each other.
  public static let deepestFork = 5
  /// The most notes that are kept.
  public static let mostNotes = 2_000
}
