// `hookwalk help`: what the command can do.

/// Shows help.
enum HelpCommand: Subcommand {
  static let name = "help"
  static let summary = "this overview, or the help of a subcommand"
  static let help = """
    hookwalk help [SUBCOMMAND]

    Shows what hookwalk can do, or the help of one subcommand.

    Example
      hookwalk help trace

    """

  static var overview: String {
    var text = """
      hookwalk walks packets through Linux netfilter, offline, as the kernel would.

      Usage: hookwalk SUBCOMMAND ...


      """
    for command in Dispatcher.commands {
      text +=
        "  \(command.name)" + String(repeating: " ", count: max(1, 10 - command.name.count)) + command.summary + "\n"
    }
    text += """

        --version           the version
        SUBCOMMAND --help   its options, with an example

      Of one input at most 256 MiB are read. A complaint about a file begins with
      FILE:LINE:COLUMN and goes to standard error, as warnings do, which change no
      exit code. With --output FILE the result goes to FILE, which is replaced in
      one step when all is written; a pipe or a device is written to at once.


      """
    return text + ExitCode.help
  }

  static func run(_ arguments: [String]) throws(CommandError) -> ExitCode {
    guard let name = arguments.first else {
      Terminal.print(overview)
      return .done
    }
    guard let command = Dispatcher.command(name) else {
      throw .usage("`\(name)` is not a subcommand" + Dispatcher.suggestion(name, Dispatcher.commands.map { $0.name }))
    }
    Terminal.print(command.help)
    return .done
  }
}
