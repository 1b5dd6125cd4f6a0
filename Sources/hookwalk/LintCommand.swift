// `hookwalk lint`: looks for known mistakes in rule files.

import FlowTesting
import NetfilterModel
import RuleAnalysis
import Simulator

/// Looks for mistakes in rule files.
enum LintCommand: Subcommand {
  static let name = "lint"
  static let summary = "look for known mistakes in rule files"
  static let help = """
    hookwalk lint [OPTION]... FILE|FOLDER...

    Looks for mistakes that people make in rule files, and says each with its place,
    a code and what to do. FILE is a file as iptables-save writes it, `-` for
    standard input, a script of iptables commands, or a host in the flow language
    (.flow), whose rules are looked at on that host. Of a folder all files *.v4,
    *.v6, *.rules, *.iptables and *.flow. A file whose name says v6 or ip6tables is
    for IPv6. Findings with a packet were shown by walking that packet through the
    rules.

      --family 4|6        the family of all files, whatever their names say
      --admin NETWORK     where the host is administered from: SSH from there must
                          get in (6006); may be given several times
      --select CODES      only these codes: 4006, 40 (all that begin so), a name
      --ignore CODES      not these; both may be given several times
      --severity LEVEL    show findings from LEVEL on: error warning info style
      --fail-on LEVEL     exit with 1 from LEVEL on: error warning (the default)
                          info style never
      --format F          text (the default), json, jsonl, sarif, junit, tap, tap14,
                          github, gcc, gitlab, checkstyle
      --proof             also the packet of a finding, and its way
      --diff              show what would mend findings, and change nothing
      --fix               mend in the files what can be mended for sure
      --baseline FILE     leave out the findings that FILE holds
      --write-baseline F  write the findings to F, to be a baseline
      --explain CODE      the page of a code
      --list              every code with its severity and summary
      --config FILE       the settings; without it `.hookwalk` is looked for upwards
      --no-config         no settings
      -q, --quiet         no summary
      --ipset FILE        the sets that rules name, as `ipset save` prints them
      --output FILE       write the report to FILE
      --color WHEN        auto (the default; NO_COLOR and CLICOLOR_FORCE are
                          obeyed), always or never

    The host that the rules run on, and what scripts are given:
    \(HostArguments.help)
    \(ScriptArguments.help)

    A finding is ignored by a line above its rule, `# hookwalk: ignore=4006 reason`,
    by a remark in it, `-m comment --comment "hookwalk:ignore=4006 reason"`, or for
    the whole file by `# hookwalk: ignore-file=4006 reason`.

    Example
      printf '*filter\\n:INPUT DROP\\n-A INPUT -s 10.0.0.2/8 -j ACCEPT\\nCOMMIT\\n' |
        hookwalk lint -

    """

  static let options: [CommandOption] =
    [
      .value("family"), .value("admin"), .value("select"), .value("ignore"), .value("severity"), .value("fail-on"),
      .value("format"), .flag("proof"), .flag("diff"), .flag("fix"), .value("baseline"), .value("write-baseline"),
      .value("explain"), .flag("list"), .value("config"), .flag("no-config"), .flag("quiet", "q"), .value("output"),
      .value("color"),
    ] + HostArguments.options + ScriptArguments.options + SetFile.options

  static func run(_ arguments: [String]) throws(CommandError) -> ExitCode {
    let arguments = try CommandArguments(arguments, for: name, options)
    try Terminal.sendResult(to: arguments.value("output"))
    if arguments.has("list") {
      Terminal.print(LintPages.list)
      return .done
    }
    if let word = arguments.value("explain") {
      guard let text = LintPages.explain(word) else {
        throw .usage(
          "`\(word)` is not a code" + Dispatcher.suggestion(word, LintCatalogue.codes.map { $0.id.rawValue })
            + "\nsee `hookwalk lint --list`")
      }
      Terminal.print(text)
      return .done
    }
    guard !arguments.operands.isEmpty else {
      throw .usage("`lint` needs a rule file\nsee `hookwalk lint --help`")
    }
    var session = try LintSession(arguments)
    return try session.run()
  }
}
