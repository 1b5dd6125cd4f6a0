// The exit codes, in one place: help, README and every subcommand use these.

/// How the command ends.
enum ExitCode: Int32, CaseIterable {
  /// Done, and the answer is yes where one was asked for.
  case done = 0
  /// The answer is no: a packet or a test did not end as expected, or rules have findings.
  case negative = 1
  /// The command line is wrong.
  case usage = 2
  /// An input cannot be read or understood.
  case input = 3
  /// The output could not be written, or something inside went wrong.
  case `internal` = 4

  /// What the code says, as help shows it.
  var meaning: String {
    switch self {
    case .done: "done, and every expectation is met"
    case .negative: "a packet or a test did not end as expected, or findings"
    case .usage: "wrong usage"
    case .input: "an input cannot be read or understood"
    case .internal: "the output could not be written, or an internal error"
    }
  }

  /// The lines of a help text that say every code.
  static var help: String {
    "Exit codes:\n" + allCases.map { "  \($0.rawValue)  \($0.meaning)\n" }.joined()
  }
}
