// `hookwalk save`: a rule file or a script in the canonical form of iptables-save.

import NetfilterModel

/// Prints rule files as iptables-save does.
enum SaveCommand: Subcommand {
  static let name = "save"
  static let summary = "a rule file as iptables-save prints it"
  static let help = """
    hookwalk save [OPTION]... FILE [ARGUMENT]...

    Reads a rule file and prints it as `iptables-restore < FILE; iptables-save`
    would, without the comment lines: counters in the file are passed over. FILE
    may be - for standard input.

      --family 4|6     IPv4 (the default) or IPv6 rules
      -c, --counters   keep and print counters, as `iptables-restore -c < FILE;
                       iptables-save -c`; a policy must have them then
      --ipset FILE     the sets that rules name, as `ipset save` prints them
      --output FILE    write the result to FILE, which must not be the input

    A shell script of iptables commands is read as well, and what it would make is
    printed; the words behind it are its arguments. It begins with #! and a shell,
    or with a command. Nothing in it is run.

    \(ScriptArguments.help)

    Example
      printf '*filter\\n-A INPUT -p tcp --dport ssh -j ACCEPT\\nCOMMIT\\n' |
        hookwalk save -

    """

  static func run(_ arguments: [String]) throws(CommandError) -> ExitCode {
    let arguments = try CommandArguments(
      arguments, for: name,
      [.value("family"), .flag("counters", "c"), .value("output")] + ScriptArguments.options + SetFile.options)
    try Terminal.sendResult(to: arguments.value("output"))
    guard let path = arguments.operands.first else {
      throw .usage("`save` needs one rule file\nsee `hookwalk save --help`")
    }
    let keepsCounters = arguments.has("counters")
    let ruleset = try RuleFile.parse(
      path, arguments, words: Array(arguments.operands.dropFirst()), counters: keepsCounters ? .required : .ignored)
    Terminal.write(SavePrinter(counters: keepsCounters).bytes(ruleset), to: 1)
    return .done
  }
}
