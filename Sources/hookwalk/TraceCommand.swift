// `hookwalk trace`: walks packets given on the command line and reports every step.

import FlowTesting
import NetfilterModel
import Page
import Simulator

/// Walks packets.
enum TraceCommand: Subcommand {
  static let name = "trace"
  static let summary = "walk packets through a rule file and show every step"
  static let help = """
    hookwalk trace --rules FILE [OPTION]... PACKET...

    Walks packets in order through one host and shows every step. Each PACKET is one
    argument:
      in on IF PROTO SRC > DST [FLAGS] [NAME=VALUE]...   it arrives on an interface
      local PROTO SRC > DST [FLAGS] [NAME=VALUE]...      the host sends it
      reply [FLAGS] [NAME=VALUE]...   the far end answers the last packet
      again [FLAGS] [NAME=VALUE]...   the next packet of the same end
      wait 30s                        time passes (ms, s, m, h, d)
      at 2026-03-01T08:00             the wall clock shows this (UTC)
      flush conntrack                 every connection is forgotten
    PROTO is tcp, udp, sctp, icmp [TYPE], icmp6 [TYPE] or `proto N`; SRC and DST are
    ADDRESS:PORT, IPv6 addresses in brackets; FLAGS are tcpdump's letters, [S.];
    names are ttl mark mac len uid gid tos df frag data hex seq ack win mss id ipid.
    IPv6 has also hl (ttl), tclass (tos), flowlabel, headers hbh dst rt ah in the
    order written, and in ICMPv6 mtu target dest group lladdr. fe80::1%IF is on the
    link of IF. An ICMP error with `quote` is about the packet before it.

    Without a host, a packet says where routing sends it, and a host is made to fit:
      in on IF ... deliver      in on IF ... forward out IF      local ... out IF

      --rules FILE      IPv4 rules: a rule file, or a script of iptables commands;
                        - is standard input
      --rules6 FILE     IPv6 rules; a packet meets those of its family
      --ipset FILE      the sets that rules name, as `ipset save` prints them
      --host FILE       the host, in the flow language (iface, route, sysctl ...),
                        or a folder that the script of `hookwalk collect` filled
      --iface TEXT      an interface: 'eth0 203.0.113.1/24'
      --route TEXT      a route: 'default via 203.0.113.254'
      --rule TEXT       a routing rule: 'fwmark 1 table 100'
      --at TIME         what the wall clock shows first (UTC): 2026-03-01T08:00:30
      --sysctl K=V      a setting: net.ipv4.ip_forward=1
      --format F        text (the default), kernel (TRACE lines), json, html (a page
                        that steps through the walk), svg (its way on a map),
                        mermaid or dot (the map for a document)
      --explain         also the rules that did not match, and why
      --expect VERDICT  exit with 1 unless the last packet ends so: deliver, drop,
                        reject, queue, 'forward out IF', 'send out IF', unknown;
                        `PACKET => VERDICT` does the same for any packet
      --assume TEXT     what a match says that cannot be decided: 'geoip ... yes'
      --unknown P       an end that nothing here can say: fail (exit with 1), warn
                        or ok; fail where an end is expected, warn elsewhere
      --args WORDS      the arguments of a script; --set NAME=VALUE and --root
                        FOLDER, and --assume LINE=yes, as for `hookwalk save`
      --apply-host      settings, routes and addresses that a script sets are the
                        host's, too
      --max-rules N     end a walk as unknown after N rules; 10000000 without it
      --output FILE     write the report to FILE
      --color WHEN      auto (the default; NO_COLOR is obeyed), always or never

    Of a walk at most 100,000 lines (json: steps) are shown, and how it ended; the
    rest is counted. Lines are as wide as the terminal, or 80 columns without one.
    `*` marks what changed in the packet; with --explain `+` marks what matched, and
    chains' ends, and `-` what did not match.

    Example
      printf '*filter\\n-A INPUT -p tcp --dport 22 -j DROP\\nCOMMIT\\n' |
        hookwalk trace --rules - --explain \\
          'in on eth0 tcp 198.51.100.7:40000 > 203.0.113.1:22 deliver'

    """

  static let options: [CommandOption] =
    [
      .value("rules"), .value("rules6"), .value("iface"), .value("route"), .value("rule"),
      .value("sysctl"), .value("format"), .flag("explain"), .flag("all"), .value("expect"),
      .value("unknown"), .value("max-rules"), .value("output"), .value("color"), .value("at"),
    ] + HostArguments.options + ScriptArguments.options + SetFile.options

  static func run(_ arguments: [String]) throws(CommandError) -> ExitCode {
    let arguments = try CommandArguments(arguments, for: name, options)
    let format = try arguments.choice("format", ["text", "kernel", "json", "html", "svg", "mermaid", "dot"]) ?? "text"
    try Terminal.sendResult(to: arguments.value("output"))
    var steps: [(text: String, step: FlowStep)] = []
    for (number, text) in arguments.operands.enumerated() {
      do throws(FlowError) { steps.append((text, try PacketText.step(text, file: "packet \(number + 1)"))) } catch {
        if let hint = OperandSlip.packet(number, of: arguments.operands) { throw .usage(hint) }
        throw CommandError(code: .usage, message: render(error.diagnostics))
      }
    }
    if let last = steps.indices.last, let expected = arguments.value("expect") {
      do throws(FlowError) {
        steps[last].step.expectation = try PacketText.step("again => \(expected)", file: "--expect").expectation
      } catch {
        throw CommandError(code: .usage, message: render(error.diagnostics))
      }
    }
    let maximumRules = try arguments.maximumRules()
    let unknown = try arguments.unknownPolicy()
    var setup = try TraceHost.make(arguments, &steps)
    if let maximumRules { setup.host.limits.rules = maximumRules }
    if let time = arguments.value("at") { setup.host.wallClock = try wallClock(time) }
    try TraceAssumption.apply(arguments.values("assume"), to: &setup.host)
    guard !steps.isEmpty else { throw .usage("`trace` needs a packet\nsee `hookwalk trace --help`") }
    let report = TextReport(
      style: Style(
        color: try arguments.usesColor(), width: TerminalWidth.columns() ?? TerminalWidth.withoutTerminal),
      explains: arguments.has("explain") || arguments.has("all"), isHostAssumed: !setup.assumptions.isEmpty)
    let guesses = TraceAssumption.guesses(on: setup.host)
    var session = TraceSession(
      host: setup.host, format: format, report: report, unknown: unknown,
      scripts: try ScriptArguments.read(arguments, otherAssumptions: true))
    if format == "text" {
      session.list("Assumed, as no host was given:", setup.assumptions)
      session.list(TraceAssumption.guessHead, guesses)
      if report.explains { session.say(TextReport.legend) }
    }
    let loadsRules = steps.contains { if case .loadRules = $0.step.action { true } else { false } }
    if !setup.isWarned, !loadsRules, session.hasNoRules {
      Terminal.complain(
        "hookwalk: warning: no rules are loaded, so no rule decides about a packet;\ngive a rule file with --rules FILE\n"
      )
    }
    var code = ExitCode.done
    for (number, (text, step)) in steps.enumerated() {
      if try session.run(step, text: text, number: number + 1, of: steps.count) == .negative { code = .negative }
    }
    switch format {
    case "html": Terminal.print(WalkPage(session.page).html(title: "hookwalk trace"))
    case "svg": Terminal.print(FlowMap(lit: session.lit).svg())
    case "mermaid": Terminal.print(FlowDiagram(lit: session.lit).mermaid)
    case "dot": Terminal.print(FlowDiagram(lit: session.lit).dot)
    case "json":
      Terminal.print(
        try JSONText.encode(
          TraceDocument(
            assumptions: setup.assumptions,
            guesses: session.guesses
              + (guesses.isEmpty ? [] : ["\(TraceAssumption.guessHead) \(guesses.joined(separator: ", "))"]),
            steps: session.walks)))
    default: break
    }
    return code
  }

  /// The time that `--at` names.
  private static func wallClock(_ text: String) throws(CommandError) -> UInt64 {
    guard let seconds = CivilTime.read(text) else {
      throw .usage("`\(text)` is not a time from 1970 to 2039\nwrite it in UTC as 2026-03-01T08:00")
    }
    return UInt64(clamping: seconds)
  }

  static func render(_ diagnostics: [Diagnostic]) -> String {
    DiagnosticRenderer(isColoured: Terminal.usesColor(.auto, descriptor: 2), width: TerminalWidth.columns(of: 2) ?? 80)
      .render(diagnostics)
  }
}

/// The document that `--format json` prints.
struct TraceDocument: Encodable {
  /// What was assumed about the host.
  var assumptions: [String]
  /// What of the walks is a guess.
  var guesses: [String]
  /// The walk of every packet, in order.
  var steps: [JSONWalk]
}
