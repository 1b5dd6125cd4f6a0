// Runs the steps of a trace one after the other on one host.

import NetfilterModel
import Simulator

/// The state between the steps of a trace.
struct TraceSession {
  let host: Host
  let format: String
  let report: TextReport
  var conversation = Conversation()
  var walks: [JSONWalk] = []

  init(host: Host, format: String, report: TextReport) {
    self.host = host
    self.format = format
    self.report = report
  }

  /// Runs a step and prints its report; negative when it did not end as expected.
  mutating func run(_ step: FlowStep, text: String, number: Int, of count: Int) throws(CommandError) -> ExitCode {
    let flow: FlowPacket
    do throws(ConversationError) {
      switch step.action {
      case .packet(let packet): flow = packet
      case .reply(let followUp): flow = try conversation.reply(followUp)
      case .again(let followUp): flow = try conversation.again(followUp)
      case .wait(let duration):
        host.wait(nanoseconds: duration)
        note(text.isEmpty ? "time passes" : text)
        return .done
      case .flushConntrack:
        host.connections.flush()
        note("flush conntrack")
        return .done
      case .loadRules(let family, let path):
        let file = Terminal.path(path, besides: step.range.file)
        try load(file, family)
        note("load rules \(path)")
        return .done
      }
    } catch {
      throw .usage("packet \(number): \(error.message)")
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
    return try compare(walk.disposition, with: step.expectation, number)
  }

  private func load(_ path: String, _ family: AddressFamily) throws(ConversationError) {
    do throws(CommandError) {
      try TraceHost.report(HostText.load(try Terminal.read(path), file: path, family: family, on: host))
    } catch {
      Terminal.complain(error.message)
      Terminal.exit(error.code)
    }
  }

  private func note(_ text: String) {
    if format == "text" { Terminal.print("-- \(text)\n\n") }
  }

  /// Compares an end with the words after `=>`.
  private func compare(_ disposition: Disposition, with expected: [FlowWord], _ number: Int) throws(CommandError)
    -> ExitCode
  {
    guard let first = expected.first else { return .done }
    var words = expected.map(\.text)
    words.removeFirst()
    let fits: Bool
    switch (first.text, disposition) {
    case ("deliver", _) where words.isEmpty:
      if case .delivered = disposition { fits = true } else { fits = false }
    case ("drop", _) where words.isEmpty:
      switch disposition {
      case .dropped, .discarded: fits = true
      default: fits = false
      }
    case ("queue", _) where words.isEmpty: if case .queued = disposition { fits = true } else { fits = false }
    case ("unknown", _) where words.isEmpty: if case .unknown = disposition { fits = true } else { fits = false }
    case ("reject", _) where words.isEmpty || (words.count == 2 && words[0] == "with"):
      if case .rejected(_, let kind) = disposition {
        fits = words.isEmpty || words[1] == kind.name
      } else {
        fits = false
      }
    case ("forward", _) where words.isEmpty || (words.count == 2 && words[0] == "out"):
      if case .forwarded(let output) = disposition {
        fits = words.isEmpty || words[1] == "\(output)"
      } else {
        fits = false
      }
    case ("send", _) where words.isEmpty || (words.count == 2 && words[0] == "out"):
      if case .sent(let output) = disposition { fits = words.isEmpty || words[1] == "\(output)" } else { fits = false }
    default:
      throw .usage(
        "packet \(number): `\(expected.map(\.text).joined(separator: " "))` cannot be expected here\n"
          + "the verdicts are deliver, drop, reject [with NAME], queue, forward [out IF], send [out IF] and unknown")
    }
    if fits { return .done }
    Terminal.complain(
      "packet \(number): expected \(expected.map(\.text).joined(separator: " ")), got: \(disposition)\n")
    return .negative
  }
}
