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

  init(host: LinuxHost, format: String, report: TextReport) {
    self.host = host
    self.format = format
    self.report = report
  }

  /// Runs a step and prints its report; negative when it did not end as expected.
  mutating func run(_ step: FlowStep, text: String, number: Int, of count: Int) throws(CommandError) -> ExitCode {
    let next: FlowPacket?
    do throws(ConversationError) { next = try conversation.packet(of: step.action) } catch {
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
