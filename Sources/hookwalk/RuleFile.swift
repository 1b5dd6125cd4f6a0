// Reads rule files for the subcommands.

import NetfilterModel

/// Reads rule files.
enum RuleFile {
  /// Reads and parses a file; warnings go to standard error, errors end the command.
  static func parse(
    _ path: String, family: AddressFamily, counters: RestoreCounters
  ) throws(CommandError) -> Ruleset {
    let result = RestoreParser.parse(
      try Terminal.bytes(path), file: path == "-" ? "stdin" : path, family: family, counters: counters)
    try TraceHost.report(result.diagnostics)
    return result.ruleset
  }

  /// The family that `--family` names.
  static func family(_ arguments: CommandArguments) throws(CommandError) -> AddressFamily {
    try arguments.choice("family", ["4", "6"]) == "6" ? .ipv6 : .ipv4
  }
}
