// Runs the steps of a trace one after the other on one host.

import FlowTesting
import NetfilterModel
import Simulator

/// The state between the steps of a trace.
struct TraceSession {
  var host: LinuxHost
  let format: String
  let report: TextReport
  var conversation = Conversation()
  var walks: [JSONWalk] = []
  /// How the last packet ended, and its number.
  private var last: (end: Disposition, number: Int)?

  init(host: LinuxHost, format: String, report: TextReport) {
    self.host = host
    self.format = format
    self.report = report
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
      case .loadRules(let family, let path):
        load(Terminal.path(path, besides: step.range.file), family)
        note("load rules \(path)")
      case .packet, .reply, .again: break
      }
      return .done
    }
    let walk: Walk
    switch flow.origin {
    case .arrival(let input):
      guard host.interface(input) != nil else {
        throw .input(
          "packet \(number): there is no interface `\(input)`; the host has "
            + host.interfaces.map(\.name.description).joined(separator: ", "))
      }
      walk = host.receive(flow.packet.packet(), on: input)
    case .local: walk = host.send(flow.packet.packet(isLocal: true))
    }
    conversation.record(flow, walk)
    last = (walk.disposition, number)
    switch format {
    case "kernel": Terminal.print(KernelReport().lines(walk, on: host).map { $0 + "\n" }.joined())
    case "json": walks.append(JSONReport(host).value(walk, step: text.isEmpty ? nil : text))
    default:
      var title: String?
      if count > 1 { title = "#\(number)" + (text.isEmpty ? "" : "  \(text)") }
      Terminal.print(report.render(walk, on: host, title: title) + (number < count ? "\n" : ""))
    }
    return compare(walk, with: step.expectation, number)
  }

  /// Whether the host has no table at all.
  var hasNoRules: Bool { host.ruleset(.ipv4).tables.isEmpty && host.ruleset(.ipv6).tables.isEmpty }

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

  private mutating func load(_ path: String, _ family: AddressFamily) {
    do throws(CommandError) {
      try TraceHost.report(HostText.load(try Terminal.read(path), file: path, family: family, on: &host))
    } catch {
      Terminal.complain(error.message)
      Terminal.exit(error.code)
    }
  }

  private func note(_ text: String) {
    if format == "text" { Terminal.print("-- \(text)\n\n") }
  }

  /// Compares a walk with what is expected of it.
  private func compare(_ walk: Walk, with expected: FlowExpectation?, _ number: Int) -> ExitCode {
    guard let expected else { return .done }
    let differences = expected.differences(from: walk, on: host)
    if differences.isEmpty { return .done }
    Terminal.complain(differences.map { "packet \(number): expected \($0.expected), got: \($0.got)\n" }.joined())
    return .negative
  }
}
