// `hookwalk list`: a rule file as iptables -L and -S show rules.

import NetfilterModel
import RuleScripts

/// Lists the rules of a file.
enum ListCommand: Subcommand {
  static let name = "list"
  static let summary = "a rule file as iptables -L or -S shows it"
  static let help = """
    hookwalk list [OPTION]... FILE [CHAIN [NUMBER]]

    Lists the rules of a file as `iptables-restore < FILE; iptables -L` does.
    FILE may be - for standard input. Names of hosts are never looked up.

      -c, --counters      keep the counters of the file, as `iptables-restore -c`;
                          without it all are zero
      -t, --table TABLE   the table; filter without it
      -n, --numeric       numbers instead of names of services
      -v, --verbose       counters and interfaces
      -x, --exact         counters in full
      -S, --list-rules    in the form of commands, as `iptables -S`
      --line-numbers      the number of each rule
      --family 4|6        IPv4 (the default) or IPv6 rules
      --ipset FILE        the sets that rules name, as `ipset save` prints them
      --output FILE       write the result to FILE

    For a script of iptables commands the words behind it are its arguments.

      --chain CHAIN       the chain of a script's rules; --number N one of them
    \(ScriptArguments.help)

    Example
      printf '*filter\\n-A INPUT -p tcp --dport ssh -j ACCEPT\\nCOMMIT\\n' |
        hookwalk list - INPUT -n --line-numbers

    """

  static func run(_ arguments: [String]) throws(CommandError) -> ExitCode {
    let arguments = try CommandArguments(
      arguments, for: name,
      [
        .value("table", "t"), .flag("numeric", "n"), .flag("verbose", "v"), .flag("exact", "x"),
        .flag("list-rules", "S"), .flag("list", "L"), .flag("line-numbers"), .flag("counters", "c"), .value("family"),
        .value("output"), .value("chain"), .value("number"),
      ] + ScriptArguments.options + SetFile.options)
    try Terminal.sendResult(to: arguments.value("output"))
    guard let path = arguments.operands.first else {
      throw .usage("`list` needs a rule file\nsee `hookwalk list --help`")
    }
    let tableName = arguments.value("table") ?? "filter"
    guard let kind = TableKind(name: tableName) else {
      throw .usage("`\(tableName)` is not a table" + Dispatcher.suggestion(tableName, TableKind.allCases.map(\.name)))
    }
    let bytes = try Terminal.bytes(path)
    let isScript = RuleScript.isScript(bytes)
    let operands = isScript ? [] : arguments.operands.dropFirst()
    guard operands.count <= 2 else { throw .usage("`list` does not know what to do with `\(arguments.operands[3])`") }
    let chain = operands.first ?? arguments.value("chain")
    var number: Int?
    if let text = operands.dropFirst().first ?? arguments.value("number") {
      guard let value = Int(text), value > 0 else { throw .usage("`\(text)` is not the number of a rule") }
      number = value
    }
    let ruleset = try RuleFile.parse(
      bytes, path, arguments, words: isScript ? Array(arguments.operands.dropFirst()) : [],
      counters: arguments.has("counters") ? .required : .ignored)
    let table = ruleset[kind] ?? Table(kind)
    if let chain, table[chain] == nil {
      throw .input(
        "table \(kind.name) has no chain `\(chain)`" + Dispatcher.suggestion(chain, table.chains.map(\.name)))
    }
    let printer = ListPrinter(
      ListOptions(
        numeric: arguments.has("numeric"), verbose: arguments.has("verbose"), exact: arguments.has("exact"),
        lineNumbers: arguments.has("line-numbers")), family: ruleset.family)
    Terminal.print(
      arguments.has("list-rules")
        ? printer.listRules(table, chain: chain, number: number) : printer.list(table, chain: chain, number: number))
    return .done
  }
}
