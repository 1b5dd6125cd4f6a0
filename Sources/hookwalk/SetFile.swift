// Reads set files for the subcommands.

import NetfilterModel

/// Reads set files.
enum SetFile {
  /// The option that names set files.
  static let options: [CommandOption] = [.value("ipset")]
  /// What `--help` says of it.
  static let help = """
      --ipset FILE     the sets that rules name, as `ipset save` prints them
    """

  /// The texts of the files that `--ipset` names.
  static func texts(_ arguments: CommandArguments) throws(CommandError) -> [(text: String, file: String)] {
    var files: [(text: String, file: String)] = []
    for path in arguments.values("ipset") { files.append((try Terminal.read(path), path == "-" ? "stdin" : path)) }
    return files
  }

  /// The sets of the files that `--ipset` names; warnings go to standard error, errors end the command.
  static func sets(_ arguments: CommandArguments) throws(CommandError) -> SetCollection {
    var sets = SetCollection()
    for path in arguments.values("ipset") {
      let result = SetFileParser.parse(try Terminal.bytes(path), file: path == "-" ? "stdin" : path, into: sets)
      try TraceHost.report(result.diagnostics)
      sets = result.sets
    }
    return sets
  }
}
