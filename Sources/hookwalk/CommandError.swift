// Why a subcommand ends early, as a value: the exit code and what is said.

/// Why a subcommand ends early.
struct CommandError: Error {
  var code: ExitCode
  /// What is said on standard error.
  var message: String

  /// Something that the command itself says.
  private init(_ code: ExitCode, _ message: String) { self.init(code: code, message: "hookwalk: \(message)\n") }

  /// What is said as it stands.
  init(code: ExitCode, message: String) {
    self.code = code
    self.message = message
  }

  /// The command line is wrong.
  static func usage(_ message: String) -> CommandError { CommandError(.usage, message) }
  /// An input cannot be read or understood.
  static func input(_ message: String) -> CommandError { CommandError(.input, message) }
  /// Diagnostics that are rendered already.
  static func diagnostics(_ text: String) -> CommandError { CommandError(code: .input, message: text) }
  /// The output could not be written; `name` says where to, `number` is the system's error number.
  static func unwritten(_ name: String, _ number: Int32) -> CommandError {
    CommandError(.internal, "cannot write to \(name): \(SystemCall.message(number))")
  }
}
