// `hookwalk commands`: a rule file as commands of iptables.

import NetfilterModel
import RuleScripts

/// Prints the commands that make the rules of a file.
enum CommandsCommand: Subcommand {
  static let name = "commands"
  static let summary = "a rule file as a script of iptables commands"
  static let help = """
    hookwalk commands [OPTION]... FILE [ARGUMENT]...

    Prints a POSIX shell script of iptables commands that makes the rules of a rule
    file, as iptables-restore would: each table of the file is emptied first, the
    policies come last. FILE may be - for standard input, or a script, which then is
    written out without its variables, loops and functions.

      --family 4|6     iptables (the default) or ip6tables
      -c, --counters   keep the counters of the file
      --ipset FILE     the sets that rules name, as `ipset save` prints them
      --output FILE    write the script to FILE

    For a script of iptables commands the words behind it are its arguments.

    \(ScriptArguments.help)

    Example
      printf '*filter\\n-A INPUT -p tcp --dport ssh -j ACCEPT\\nCOMMIT\\n' |
        hookwalk commands -

    """

  static func run(_ arguments: [String]) throws(CommandError) -> ExitCode {
    let arguments = try CommandArguments(
      arguments, for: name,
      [.value("family"), .flag("counters", "c"), .value("output")] + ScriptArguments.options + SetFile.options)
    try Terminal.sendResult(to: arguments.value("output"))
    guard let path = arguments.operands.first else {
      throw .usage("`commands` needs a rule file\nsee `hookwalk commands --help`")
    }
    let keepsCounters = arguments.has("counters")
    let ruleset = try RuleFile.parse(
      path, arguments, words: Array(arguments.operands.dropFirst()), counters: keepsCounters ? .required : .ignored)
    do throws(RulesetRefusal) {
      Terminal.print(try CommandPrinter(counters: keepsCounters).print(ruleset))
    } catch {
      throw .input("\(path): \(error.description)")
    }
    return .done
  }
}
