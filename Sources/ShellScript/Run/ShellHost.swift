// What a script's commands do, apart from the shell itself.

/// A command that a script calls and the shell does not know.
public struct ShellCall {
  /// The command's name and its arguments, expanded.
  public var words: [ShellValue]
  /// The file of the script.
  public var file: String
  /// Where the command stands.
  public var place: ShellPlace
  /// What stands on its standard input; nil for a terminal.
  public var input: ShellValue?
  /// The line of the script in which that begins, for a here-document with lines of its own; nil for everything else.
  public var inputLine: Int?
  /// Whether its status decides what happens next.
  public var isAsked: Bool
  /// The contents of a file, as far as they are known: one that the script wrote, or one that was given.
  public var read: (String) -> ShellValue
}

/// What came of a command.
public struct ShellAnswer: Sendable {
  /// Its exit status.
  public var status: ShellStatus
  /// What it wrote to standard output.
  public var output = ShellValue("")
  /// What it wrote to standard error.
  public var error = ShellValue("")

  /// Makes an answer.
  public init(status: ShellStatus) { self.status = status }
}

/// What a script works on: the commands of the system. A copy is a world of its own.
public protocol ShellHost: Sendable {
  /// Runs a command.
  mutating func run(_ call: ShellCall) -> ShellAnswer
  /// Whether nothing that matters differs from another world.
  func isSame(as other: Self) -> Bool
  /// Whether the system has a command of this name or path for sure.
  func has(command: String) -> Bool
  /// Notes that text went to a file that is not one of the script's own.
  mutating func write(_ text: ShellValue, to path: String, file: String, place: ShellPlace)
}
