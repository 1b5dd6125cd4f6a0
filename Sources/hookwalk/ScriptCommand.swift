// `hookwalk script`: what a script of iptables commands prints.

import NetfilterModel
import RuleScripts

/// Shows what a script would print, without running anything.
enum ScriptCommand: Subcommand {
  static let name = "script"
  static let summary = "what a script of iptables commands would print"
  static let help = """
    hookwalk script [OPTION]... FILE [ARGUMENT]...

    Reads a shell script of iptables and ip6tables commands and prints what the
    script would print: listings, messages of refused commands and `echo`. Nothing
    is run and no file is written. What it prints on standard error goes there;
    with --problems it is said instead which lines were refused or not read.

      --problems         say what is wrong, line by line
    \(ScriptArguments.help)
      --output FILE      write the result to FILE

    The exit code is 0 when the script ends with status 0, and 1 for another; 3
    when a line was not read.

    Example
      printf 'iptables -A INPUT -p tcp --dport ssh -j ACCEPT\\niptables -S\\n' |
        hookwalk script -

    """

  static func run(_ arguments: [String]) throws(CommandError) -> ExitCode {
    let arguments = try CommandArguments(
      arguments, for: name, [.flag("problems"), .value("output")] + ScriptArguments.options)
    try Terminal.sendResult(to: arguments.value("output"))
    guard let path = arguments.operands.first else {
      throw .usage("`script` needs a script\nsee `hookwalk script --help`")
    }
    let script = RuleScript.read(
      try Terminal.bytes(path), file: path == "-" ? "stdin" : path,
      options: try ScriptArguments.read(arguments, Array(arguments.operands.dropFirst())))
    Terminal.print(script.output)
    if !arguments.has("problems") { Terminal.write(Array(script.errors.utf8), to: 2) }
    let shown = script.diagnostics.filter { arguments.has("problems") || $0.severity == .error }
    if !shown.isEmpty { Terminal.complain(TraceCommand.render(shown)) }
    if script.hasErrors { return .input }
    return script.status == 0 ? .done : .negative
  }
}
