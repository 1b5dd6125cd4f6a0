// `hookwalk sets`: a set file in the form of `ipset save`.

import NetfilterModel

/// Prints set files as `ipset save` does.
enum SetsCommand: Subcommand {
  static let name = "sets"
  static let summary = "a set file as ipset save prints it"
  static let help = """
    hookwalk sets [OPTION]... FILE...

    Reads set files and prints the sets as `ipset restore < FILE; ipset save`
    would: sets of sets last, the entries of a bitmap by number, others in the order
    of the file. A random `initval` is left out. FILE may be - for standard input.

      --exist          sets and entries may be there already, as
                       `ipset restore -exist`
      --output FILE    write the result to FILE, which must not be the input

    Example
      printf 'create web hash:ip,port\\nadd web 192.0.2.1,http\\n' | hookwalk sets -

    """

  static func run(_ arguments: [String]) throws(CommandError) -> ExitCode {
    let arguments = try CommandArguments(arguments, for: name, [.flag("exist"), .value("output")])
    try Terminal.sendResult(to: arguments.value("output"))
    guard !arguments.operands.isEmpty else {
      throw .usage("`sets` needs a set file\nsee `hookwalk sets --help`")
    }
    var sets = SetCollection()
    for path in arguments.operands {
      let result = SetFileParser.parse(
        try Terminal.bytes(path), file: path == "-" ? "stdin" : path, into: sets, exists: arguments.has("exist"))
      try TraceHost.report(result.diagnostics)
      sets = result.sets
    }
    Terminal.write(SetPrinter.bytes(sets), to: 1)
    return .done
  }
}
