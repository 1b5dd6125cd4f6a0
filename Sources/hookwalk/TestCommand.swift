// `hookwalk test`: runs files of tests.

import FlowTesting
import NetfilterModel
import Simulator

/// Runs tests.
enum TestCommand: Subcommand {
  static let name = "test"
  static let summary = "run tests of a firewall, written as packets and what becomes of them"
  static let help = """
    hookwalk test [OPTION]... FILE.flow...

    Runs tests. A file describes a host and what becomes of packets; paths in it are
    relative to it:
      host NAME                   rules v4 PATH            include PATH
      iface IF ADDRESS/LENGTH     route default via ADDRESS dev IF
      rule fwmark 1 table 100     sysctl KEY = VALUE       let NAME = VALUE
      import addr|route|rule PATH what `ip addr`, `ip route`, `ip rule` printed
      import sysctl PATH          what `sysctl -a` printed
      assume MATCH yes|no         what a match says that cannot be decided here
      test "NAME" [@TAG]... [skip "WHY" | todo "WHY"]
        in on IF PACKET | local PACKET | reply [FLAGS] | again [FLAGS]
        wait 30s | flush conntrack | load rules v4 PATH
      end
    A packet is written as for `hookwalk trace`, and may be followed by
      => VERDICT [DETAIL]...
    VERDICT: deliver, forward out IF, send out IF, drop, reject [with NAME], queue,
    held, unknown. DETAIL: as SRC > DST (after all NAT), at PLACE, via PLACE[, PLACE],
    not via PLACE, state NEW, mark V[/M], because CAUSE (drop by the host).
    PLACE: filter/INPUT, filter/INPUT#2, filter/INPUT policy, comment "TEXT", line N.
    Every test starts without connections, at time zero, with fresh counters. A match
    that cannot be decided here is tried both ways: where they agree that is the
    verdict, and where they do not it is unknown, unless `assume` settles it.

      --filter TEXT     only tests whose name contains TEXT
      --tag TAG         only tests with one of these tags
      --list            only show which tests there are
      --format F        text (the default) or junit
      --output FILE     write the report to FILE, and text to the terminal
      --unknown P       a packet whose end nothing here can say: fail (the default),
                        warn (shown, no failure) or ok
      --color WHEN      auto (the default; NO_COLOR is obeyed), always or never

    Lines are broken to fit a terminal; elsewhere they are left whole.
    Exit codes: 0 all passed, 1 a test failed, 2 wrong usage, 3 unreadable input.

    Example
      cd "$(mktemp -d)"
      printf '*filter\\n-A INPUT -p tcp --dport 22 -j DROP\\nCOMMIT\\n' >host.rules
      printf '%s\\n' 'iface eth0 192.0.2.1/24' 'rules v4 host.rules' \\
        'test "ssh is closed"' \\
        'in on eth0 tcp 192.0.2.7:5000 > 192.0.2.1:22 => drop at filter/INPUT#1' \\
        end >host.flow
      hookwalk test host.flow

    """

  static let options: [CommandOption] = [
    .value("filter"), .value("tag"), .flag("list"), .value("format"), .value("output"), .value("color"),
    .value("unknown"),
  ]

  static func run(_ arguments: [String]) throws(CommandError) -> ExitCode {
    let arguments = try CommandArguments(arguments, for: name, options)
    let format = try arguments.choice("format", ["text", "junit"]) ?? "text"
    let usesColor = try arguments.usesColor()
    let unknown = try arguments.unknownPolicy() ?? .fail
    guard !arguments.operands.isEmpty else {
      throw .usage("`test` needs a file of tests\nsee `hookwalk test --help`")
    }
    var suites: [FlowSuite] = []
    var diagnostics: [Diagnostic] = []
    for path in arguments.operands {
      let suite = FlowSuite(try Terminal.read(path), file: path) { name in
        do throws(CommandError) { return try Terminal.read(name) } catch { return nil }
      }
      diagnostics += suite.diagnostics
      suites.append(suite)
    }
    try TraceHost.report(diagnostics)
    for number in suites.indices { suites[number].tests.removeAll { !isChosen($0, arguments) } }
    guard suites.contains(where: { !$0.tests.isEmpty }) else {
      throw .usage("no test has such a name or tag; `--list` shows which there are")
    }
    if arguments.has("list") {
      for test in suites.flatMap(\.tests) {
        Terminal.print(
          "\(test.range.file):\(test.range.line): \(test.name)" + test.tags.map { " @\($0)" }.joined() + "\n")
      }
      return .done
    }
    let output = arguments.value("output")
    let showsText = format == "text" || output != nil
    let width = TerminalWidth.columns()
    let report = FlowReport(
      style: Style(color: usesColor, width: width ?? TerminalWidth.withoutTerminal), breaksLines: width != nil)
    var outcomes: [FlowSuiteOutcome] = []
    var plain = ""
    for suite in suites where !suite.tests.isEmpty {
      let heading = suites.count > 1 ? (outcomes.isEmpty ? "" : "\n") + "\(suite.file)\n" : ""
      if showsText { Terminal.print(heading) }
      plain += heading
      var done: [FlowOutcome] = []
      for test in suite.tests {
        let outcome = run(test, of: suite, unknown)
        if showsText { Terminal.print(report.render(outcome)) }
        if format == "text", output != nil { plain += FlowReport().render(outcome) }
        done.append(outcome)
      }
      outcomes.append(FlowSuiteOutcome(file: suite.file, outcomes: done))
    }
    let totals = FlowTotals(outcomes.flatMap(\.outcomes))
    if showsText { Terminal.print("\n\(totals.text)\n") }
    let document = format == "junit" ? JUnitReport.render(outcomes) : plain + "\n\(totals.text)\n"
    if let output {
      try Terminal.write(document, toFile: output)
    } else if format == "junit" {
      Terminal.print(document)
    }
    return totals.failed == 0 ? .done : .negative
  }

  private static func run(_ test: FlowTest, of suite: FlowSuite, _ unknown: UnknownPolicy) -> FlowOutcome {
    let clock = ContinuousClock()
    let start = clock.now
    let result = suite.run(test)
    return FlowOutcome(test: test, result: result, duration: clock.now - start, unknown: unknown)
  }

  private static func isChosen(_ test: FlowTest, _ arguments: CommandArguments) -> Bool {
    let texts = arguments.values("filter")
    let tags = arguments.values("tag").map { $0.hasPrefix("@") ? String($0.dropFirst()) : $0 }
    return (texts.isEmpty || texts.contains { $0.isEmpty || test.name.contains($0) })
      && (tags.isEmpty || tags.contains { test.tags.contains($0) })
  }
}
