// Runs the steps of a trace one after the other on one host.

import FlowTesting
import NetfilterModel
import Page
import RuleScripts
import Simulator

/// The state between the steps of a trace.
struct TraceSession {
  var host: LinuxHost
  let format: String
  let report: TextReport
  /// What an unknown end counts as; nil for a failure where an end is expected, and for a warning elsewhere.
  let unknown: UnknownPolicy?
  /// What scripts are given that steps load.
  let scripts: ScriptOptions
  /// What of the walks is a guess.
  private(set) var guesses: [String] = []
  var conversation = Conversation()
  var walks: [JSONWalk] = []
  /// The walks for a page.
  private(set) var page = WalkData()
  /// What the walks light on a map.
  private(set) var lit: [MapElement] = []
  /// How the last packet ended, and its number.
  private var last: (end: Disposition, number: Int)?

  init(host: LinuxHost, format: String, report: TextReport, unknown: UnknownPolicy?, scripts: ScriptOptions) {
    self.scripts = scripts
    self.host = host
    self.format = format
    self.report = report
    self.unknown = unknown
  }

  /// Runs a step and prints its report; negative when it did not end as expected.
  mutating func run(_ step: FlowStep, text: String, number: Int, of count: Int) throws(CommandError) -> ExitCode {
    let next: FlowPacket?
    do throws(ConversationError) { next = try conversation.packet(of: step.action) } catch {
      if case .reply = step.action, let last, let end = TraceSession.wayLost(last.end) {
        Terminal.complain(
          "packet \(number): there is no `reply`: packet \(last.number) \(end), so nothing answers it\n")
        return .negative
      }
      throw .usage("packet \(number): \(error.message)")
    }
    guard let flow = next else {
      switch step.action {
      case .wait(let duration):
        host.wait(nanoseconds: duration)
        note(text.isEmpty ? "time passes" : text)
      case .flushConntrack:
        host.flushConnections()
        note("flush conntrack")
      case .seed(let number):
        host.seedRandom(number)
        note("seed \(number)")
      case .at(let seconds):
        host.wallClock = seconds
        note("it is \(CivilTime(seconds: Int64(clamping: seconds)).text(separator: " ")) UTC")
      case .loadRules(_, let path, let arguments):
        if let key = RuleFileKey(step) { load(key) }
        note((["load rules", path] + arguments).joined(separator: " "))
      case .packet, .reply, .again: break
      }
      return .done
    }
    let before = host
    let packet: Packet
    var arrival: InterfaceName?
    switch flow.origin {
    case .arrival(let input):
      try require(input, number)
      packet = flow.wholePacket
      arrival = input
    case .local:
      if let name = flow.output { try require(name, number) }
      packet = flow.wholePacket
    }
    let walk = walk(packet, arrival)
    conversation.record(flow, walk)
    last = (walk.disposition, number)
    var undecided: UndecidedMatch?
    if case .unknown = walk.lastEnd { undecided = UndecidedMatch(packet, input: arrival, on: before) }
    if report.isHostAssumed { guess(walk, number) }
    switch format {
    case "kernel": Terminal.print(KernelReport().lines(walk, on: host).map { $0 + "\n" }.joined())
    case "json": walks.append(value(walk, text, undecided))
    case "svg", "mermaid", "dot": lit += MapPath(walk).lit
    case "html":
      page.add(walk, title: text, json: try JSONText.encode(value(walk, text, undecided)), on: host)
    default:
      var title: String?
      if count > 1 { title = "#\(number)" + (text.isEmpty ? "" : " \(text)") }
      Terminal.print(report.render(walk, on: host, title: title))
      if let undecided { Terminal.print(undecided.text(report, on: host)) }
      if number < count { Terminal.print("\n") }
    }
    return judge(walk, step.expectation, number, undecided)
  }

  /// Ends the command when the host lacks an interface.
  private func require(_ name: InterfaceName, _ number: Int) throws(CommandError) {
    guard host.interface(name) == nil else { return }
    throw .input(
      "packet \(number): there is no interface `\(name)`; the host has "
        + host.interfaces.map(\.name.description).joined(separator: ", "))
  }

  private func value(_ walk: Walk, _ text: String, _ undecided: UndecidedMatch?) -> JSONWalk {
    var value = JSONReport(host).value(walk, step: text.isEmpty ? nil : text)
    value.undecided = undecided.map {
      JSONUndecided(
        match: $0.match, ifItMatches: $0.ifItMatches.map(\.description),
        ifItDoesNot: $0.ifItDoesNot.map(\.description), assume: $0.assumption)
    }
    return value
  }

  /// Walks a packet; the rules that did not match are kept only where they are shown.
  private mutating func walk(_ packet: Packet, _ input: InterfaceName?) -> Walk {
    if !["json", "html"].contains(format), !(format == "text" && report.explains) {
      return host.record(packet, input: input)
    }
    return if let input { host.receive(packet, on: input) } else { host.send(packet) }
  }

  /// Notes where an assumed host routed a packet whose destination NAT changed.
  private mutating func guess(_ walk: Walk, _ number: Int) {
    var isTranslated = false
    for step in walk.steps where step.packet.number == 0 {
      if case .translated(.destination, _, _) = step.event { isTranslated = true }
      if case .routed(let decision) = step.event, isTranslated {
        guesses.append(
          "packet \(number): routed \(decision.text(walk.family)) behind destination NAT, as no host was given")
      }
    }
  }

  /// Prints a text, broken where it does not fit, and a blank line.
  func say(_ text: String) {
    Terminal.print(Style.wrap(text, room: report.style.width).map { "\($0)\n" }.joined() + "\n")
  }

  /// Prints a heading with lines below it, and a blank line; nothing without lines.
  func list(_ heading: String, _ lines: [String]) {
    if lines.isEmpty { return }
    let width = report.style.width
    Terminal.print(
      Style.wrap(heading, room: width).map { "\($0)\n" }.joined()
        + lines.flatMap { Style.wrap($0, room: width - 2) }.map { "  \($0)\n" }.joined() + "\n")
  }

  /// Whether the host has no table at all.
  var hasNoRules: Bool { !host.hasRules(.ipv4) && !host.hasRules(.ipv6) }

  /// What became of a packet that arrived nowhere; nil for one that arrived.
  private static func wayLost(_ end: Disposition) -> String? {
    switch end {
    case .delivered, .forwarded, .sent: nil
    case .dropped: "was dropped"
    case .rejected: "was rejected"
    case .discarded: "was dropped by the host"
    case .queued: "went to a queue"
    case .held: "waits for its other fragments"
    case .unknown: "could not be decided"
    }
  }

  private mutating func load(_ key: RuleFileKey) {
    do throws(CommandError) {
      let rules = LoadableRules(try Terminal.read(key.path), key, scripts: scripts)
      if let compiled = rules.compiled { host.load(compiled) }
      try TraceHost.report(rules.diagnostics)
    } catch {
      Terminal.complain(error.message)
      Terminal.exit(error.code)
    }
  }

  private func note(_ text: String) {
    if format == "text" { say("-- \(text)") }
  }

  /// Compares a walk with what is expected of it, and says what of it nobody can know.
  private func judge(_ walk: Walk, _ expected: FlowExpectation?, _ number: Int, _ undecided: UndecidedMatch?)
    -> ExitCode
  {
    let differences = expected?.differences(from: walk, on: host) ?? []
    guard case .unknown = walk.lastEnd else {
      if differences.isEmpty { return .done }
      Terminal.complain(differences.map { "packet \(number): expected \($0.expected), got: \($0.got)\n" }.joined())
      return .negative
    }
    if expected != nil, differences.isEmpty { return .done }
    let policy = unknown ?? (expected == nil ? .warn : .fail)
    if policy == .ok { return .done }
    let settled = undecided.map { "; `\($0.assumption)`, or `no`, settles it" } ?? ""
    let kind = policy == .warn ? "warning: " : ""
    if differences.isEmpty {
      Terminal.complain("packet \(number): \(kind)\(walk.lastEnd)\(settled)\n")
    } else {
      Terminal.complain(
        differences.map { "packet \(number): \(kind)expected \($0.expected), got: \($0.got)\(settled)\n" }.joined())
    }
    return policy == .fail ? .negative : .done
  }
}
