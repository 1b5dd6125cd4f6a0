// The subcommands by name.

import NetfilterModel
import Simulator

/// A subcommand.
protocol Subcommand: SendableMetatype {
  /// Its name.
  static var name: String { get }
  /// What it does, in one line.
  static var summary: String { get }
  /// The text of its `--help`.
  static var help: String { get }
  /// Runs it.
  static func run(_ arguments: [String]) throws(CommandError) -> ExitCode
}

/// Finds and runs subcommands.
enum Dispatcher {
  static let version = "hookwalk \(number)"
  /// The version alone.
  static let number = "0.1.0"
  static let commands: [any Subcommand.Type] = [
    TraceCommand.self, TestCommand.self, LintCommand.self, ReplayCommand.self, SaveCommand.self, ListCommand.self,
    SetsCommand.self, ScriptCommand.self, CommandsCommand.self, CollectCommand.self, MapCommand.self, LearnCommand.self,
    HelpCommand.self,
  ]

  static func run(_ arguments: [String]) -> ExitCode {
    do throws(CommandError) {
      let code = try dispatch(arguments)
      try Terminal.finish()
      return code
    } catch {
      Terminal.complain(error.message)
      return error.code
    }
  }

  private static func dispatch(_ arguments: [String]) throws(CommandError) -> ExitCode {
    guard let first = arguments.first else {
      Terminal.complain(HelpCommand.overview)
      return .usage
    }
    if first == "--version" || first == "-V" {
      Terminal.print(version + "\n")
      return .done
    }
    if first == "--help" || first == "-h" { return try HelpCommand.run([]) }
    guard let command = command(first) else {
      throw .usage(
        "`\(first)` is not a subcommand" + suggestion(first, commands.map { $0.name })
          + (OperandSlip.file(first).map { "\n" + $0 } ?? "") + "\nsee `hookwalk help`")
    }
    let rest = Array(arguments.dropFirst())
    if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
      Terminal.print(command.help)
      return .done
    }
    return try command.run(rest)
  }

  static func command(_ name: String) -> (any Subcommand.Type)? { commands.first { $0.name == name } }

  /// `; did you mean ...?`, or nothing.
  static func suggestion(_ word: String, _ candidates: [String]) -> String {
    Spelling.nearest(to: word, among: candidates).map { "; did you mean `\($0)`?" } ?? ""
  }
}
