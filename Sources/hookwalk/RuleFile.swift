// Reads rule files and scripts for the subcommands.

import NetfilterModel
import RuleScripts

/// Reads rule files.
enum RuleFile {
  /// Reads and parses a file; warnings go to standard error, errors end the command.
  ///
  /// - Parameter words: the words behind the file: the arguments of a script, and nothing for a rule file.
  static func parse(
    _ path: String, _ arguments: CommandArguments, words: [String] = [], counters: RestoreCounters
  ) throws(CommandError) -> Ruleset {
    try parse(try Terminal.bytes(path), path, arguments, words: words, counters: counters)
  }

  /// The same for bytes that were read.
  static func parse(
    _ bytes: [UInt8], _ path: String, _ arguments: CommandArguments, words: [String] = [], counters: RestoreCounters
  ) throws(CommandError) -> Ruleset {
    let options = try ScriptArguments.read(arguments, words)
    if let word = options.arguments.first, !RuleScript.isScript(bytes) {
      throw .usage(
        "`\(word)` is an argument for the rule file, and only a script takes arguments\nsee `hookwalk help`")
    }
    let family = try family(arguments)
    let name = path == "-" ? "stdin" : path
    let result = RuleText.parse(bytes, file: name, family: family, counters: counters, options: options)
    let sets = try SetFile.sets(arguments)
    try TraceHost.report(
      result.diagnostics + SetCheck.problems(in: result.ruleset, sets: sets, text: bytes, file: name))
    return result.ruleset
  }

  /// The family that `--family` names.
  static func family(_ arguments: CommandArguments) throws(CommandError) -> AddressFamily {
    try arguments.choice("family", ["4", "6"]) == "6" ? .ipv6 : .ipv4
  }
}
