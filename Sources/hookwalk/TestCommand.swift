// `hookwalk test`: runs files of tests.

import FlowTesting
import NetfilterModel
import RuleAnalysis
import Simulator

/// Runs tests.
enum TestCommand: Subcommand {
  static let name = "test"
  static let summary = "run tests of a firewall, written as packets and what becomes of them"
  static let help = """
    hookwalk test [OPTION]... FILE.flow|FOLDER...

    Runs tests. Of a folder all `.flow` files run, also those in folders in it (32
    deep, 100,000 names at most, none that begin with a dot), sorted by their paths.
    A file without tests, as a host that others include, is skipped with a note. A
    file describes a host and what becomes of packets; paths in it are relative to
    it:
      host NAME                   rules v4 PATH [ARGUMENT]...     include PATH
      iface IF ADDRESS/LENGTH     route default via ADDRESS dev IF
      rule fwmark 1 table 100     sysctl KEY = VALUE       let NAME = VALUE
      import addr|link|route|rule PATH   what `ip addr`, `ip link` ... printed
      import sysctl PATH          what `sysctl -a` printed
      assume MATCH yes|no         what a match says that cannot be decided here
      seed N                      chance is drawn from N, so that it is decided
      at 2026-03-01T08:00         what the wall clock shows first (UTC)
      test "NAME" [@TAG]... [skip "WHY" | todo "WHY"]
        in on IF PACKET | local PACKET | reply [FLAGS] | again [FLAGS]
        wait 30s | at TIME | flush conntrack | load rules v4 PATH | seed N
      end
    A packet is written as for `hookwalk trace`, and may be followed by
      => VERDICT [DETAIL]...
    VERDICT: deliver, forward out IF, send out IF, drop, reject [with NAME], queue,
    held, unknown.
    DETAIL: as SRC > DST (after all NAT), at PLACE, via PLACE[, PLACE],
    not via PLACE, state NEW, mark V[/M], because CAUSE (drop by the host).
    PLACE: filter/INPUT, filter/INPUT#2, filter/INPUT policy, comment "TEXT",
    line N.
    Every test starts without connections, at time zero, with fresh counters. A
    match that cannot be decided here is tried both ways: where they agree that is
    the verdict, and where they do not it is unknown, unless `assume` settles it.
    Rules may be a script of iptables commands, with its arguments behind it.

      --filter TEXT     only tests whose name contains TEXT, in capitals or not
      --tag TAG         only tests with one of these tags
      --list            only show which tests there are
      --format F        text (the default), json, jsonl, junit, tap, tap14; and what
                        failed as sarif, github, gcc, gitlab, checkstyle
      --ipset FILE      sets besides those of the files
      --output FILE     write the report to FILE, and text to the terminal
      --max-rules N     end a walk as unknown after N rules; 10000000 without it
      --jobs N          on how many processors, 1 to 256; without it on all. What is
                        printed does not depend on it
      --unknown P       a packet whose end nothing here can say: fail (the default),
                        warn (shown, no failure) or ok
      --color WHEN      auto (the default; NO_COLOR is obeyed), always or never

    All files may be for one host, and scripts have options of their own:
    \(HostArguments.help)
    \(ScriptArguments.help)

    Lines are broken to fit a terminal; elsewhere they are left whole.
    A file may include 256 others, 16 deep, of 256 MiB together; a line of it may
    have 1 MiB.

    Exit codes: 0 all passed, 1 a test failed, 2 wrong usage, 3 unreadable input
    (the other files were run all the same), 4 the output could not be written.

    Example
      cd "$(mktemp -d)"
      printf '*filter\\n-A INPUT -p tcp --dport 22 -j DROP\\nCOMMIT\\n' >host.rules
      printf '%s\\n' 'iface eth0 192.0.2.1/24' 'rules v4 host.rules' \\
        'test "ssh is closed"' \\
        'in on eth0 tcp 192.0.2.7:5000 > 192.0.2.1:22 => drop at filter/INPUT#1' \\
        end >host.flow
      hookwalk test host.flow

    """

  static let options: [CommandOption] =
    [
      .value("filter"), .value("tag"), .flag("list"), .value("format"), .value("output"),
      .value("max-rules"), .value("jobs", "j"), .value("unknown"), .value("color"),
    ] + HostArguments.options + ScriptArguments.options + SetFile.options

  static func run(_ arguments: [String]) throws(CommandError) -> ExitCode {
    let arguments = try CommandArguments(arguments, for: name, options)
    let format =
      LintFormat(rawValue: try arguments.choice("format", LintFormat.allCases.map(\.rawValue)) ?? "text") ?? .text
    let usesColor = try arguments.usesColor()
    let jobs = try jobs(arguments)
    let unknown = try arguments.unknownPolicy() ?? .fail
    guard !arguments.operands.isEmpty else {
      throw .usage("`test` needs a file of tests\nsee `hookwalk test --help`")
    }
    let output = arguments.value("output")
    let width = TerminalWidth.columns()
    let request = TestRequest(
      filters: arguments.values("filter").map { $0.lowercased() },
      tags: arguments.values("tag").map { $0.hasPrefix("@") ? String($0.dropFirst()) : $0 },
      lists: arguments.has("list"), maximumRules: try arguments.maximumRules(),
      report: FlowReport(
        style: Style(color: usesColor, width: width ?? TerminalWidth.withoutTerminal), breaksLines: width != nil),
      unknown: unknown, needsPlain: format == .text && output != nil, sets: try SetFile.texts(arguments),
      base: try HostArguments.document(arguments), appliesScripts: arguments.has("apply-host"))
    let files = TestFiles(arguments.operands)
    var session = TestSession(
      request, showsText: format == .text || output != nil || request.lists,
      hasHeadings: files.paths.count + files.problems.count > 1 && !request.lists)
    for problem in files.problems { session.miss(problem.path, problem.message) }
    run(files.paths, request, SharedRules(try ScriptArguments.read(arguments)), jobs: jobs, &session)
    session.finish()
    if !session.hasTests, !session.isBroken {
      throw .usage("no test has such a name or tag; `--list` shows which there are")
    }
    if request.lists { return session.isBroken ? .input : .done }
    let totals = FlowTotals(session.suites)
    session.say("\n\(totals.text)\n")
    let document = format == .text ? session.plain : TestReport.render(session.suites, format)
    if let output {
      try Terminal.write(document, toFile: output)
    } else if format != .text {
      Terminal.print(document)
    }
    return session.isBroken ? .input : totals.failed == 0 ? .done : .negative
  }

  private static func jobs(_ arguments: CommandArguments) throws(CommandError) -> Int {
    guard let text = arguments.value("jobs") else { return Workers.processors }
    guard let jobs = Int(text), jobs >= 1, jobs <= Workers.most else {
      throw .usage("`\(text)` is not a value of `--jobs`: a number from 1 to \(Workers.most)")
    }
    return jobs
  }

  /// Runs the tests of files: several files beside each other, or the tests of a file.
  private static func run(
    _ paths: [String], _ request: TestRequest, _ rules: SharedRules, jobs: Int, _ session: inout TestSession
  ) {
    if paths.count == 1 || jobs == 1 {
      for path in paths {
        var (run, suite) = TestFileRun.read(path, rules, request)
        session.begin(run)
        guard let suite else { continue }
        let tests = suite.tests.filter(request.chooses)
        if request.lists {
          for test in tests { run.list(test) }
          if !tests.isEmpty { session.tell(path, run.text, plain: run.plain) }
          continue
        }
        // Enough tests at once that taking them does not count, and few enough that no thread has many left alone.
        let chunk = jobs == 1 ? 1 : min(64, max(1, tests.count / (jobs * 8)))
        Workers.run((tests.count + chunk - 1) / chunk, jobs: jobs) { number in
          tests[number * chunk..<min(tests.count, (number + 1) * chunk)].map {
            TestFileRun.run($0, of: suite, request.unknown)
          }
        } deliver: { _, outcomes in
          run.text = ""
          run.plain = ""
          for outcome in outcomes { run.take(outcome, request) }
          session.tell(path, run.text, plain: run.plain)
        }
        session.end(run)
      }
      return
    }
    Workers.run(paths.count, jobs: jobs) { number in
      var (run, suite) = TestFileRun.read(paths[number], rules, request)
      for test in suite?.tests ?? [] where request.chooses(test) {
        if let suite, !request.lists {
          run.take(TestFileRun.run(test, of: suite, request.unknown), request)
        } else {
          run.list(test)
        }
      }
      return run
    } deliver: { _, run in
      session.begin(run)
      if !run.text.isEmpty { session.tell(run.file, run.text, plain: run.plain) }
      session.end(run)
    }
  }
}
