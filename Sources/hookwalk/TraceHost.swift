// The host that `hookwalk trace` walks packets through: described, given by options, or made to fit the packets.

import FlowTesting
import NetfilterModel
import Simulator

/// Makes hosts for traces.
enum TraceHost {
  /// The host that the options describe, with the rules loaded.
  static func make(
    _ arguments: CommandArguments, _ steps: inout [(text: String, step: FlowStep)]
  ) throws(CommandError) -> (host: LinuxHost, assumptions: [String]) {
    let packets = steps.compactMap { entry -> FlowPacket? in
      if case .packet(let flow) = entry.step.action { flow } else { nil }
    }
    let lines = ["iface", "route", "rule", "sysctl"].flatMap { key in arguments.values(key).map { "\(key) \($0)" } }
    var assumptions: [String] = []
    var host: LinuxHost
    if let path = arguments.value("host") {
      let described = try describe(try Terminal.read(path) + lines.map { "\n\($0)" }.joined(), path)
      host = described.host
      if steps.isEmpty { steps = described.steps.map { (text: "", step: $0) } }
    } else if !lines.isEmpty {
      host = try describe(lines.joined(separator: "\n"), "command line").host
    } else {
      guard let assumed = AssumedHost(for: packets) else {
        throw .usage(
          steps.isEmpty
            ? "`trace` needs a packet\nsee `hookwalk trace --help`"
            : "nothing says where routing sends the packets: describe the host with --host or\n"
              + "--iface and --route, or end the packet with `deliver`, `forward out IF` or, for\na local one, `out IF`"
        )
      }
      host = assumed.host
      assumptions = assumed.assumptions
    }
    if assumptions.isEmpty, packets.contains(where: { $0.hint != nil }) {
      throw .usage("the host's routes say where packets go: leave out `deliver`, `forward out IF` and `out IF`")
    }
    for (option, family) in [("rules", AddressFamily.ipv4), ("rules6", .ipv6)] {
      for path in arguments.values(option) {
        let diagnostics = HostText.load(
          try Terminal.read(path), file: path == "-" ? "stdin" : path, family: family, on: &host)
        try report(diagnostics)
      }
    }
    return (host, assumptions)
  }

  private static func describe(_ text: String, _ path: String) throws(CommandError) -> (
    host: LinuxHost, steps: [FlowStep]
  ) {
    var failure: CommandError?
    let described = HostText.describe(text, file: path) { name in
      do throws(CommandError) { return try Terminal.read(name) } catch {
        failure = error
        return nil
      }
    }
    if let failure { throw failure }
    try report(described.diagnostics)
    guard let host = described.host else { throw .input("\(path): the host cannot be built") }
    return (host, described.steps)
  }

  /// Shows diagnostics; an error among them ends the command.
  static func report(_ diagnostics: [Diagnostic]) throws(CommandError) {
    if diagnostics.contains(where: { $0.severity == .error }) { throw .diagnostics(TraceCommand.render(diagnostics)) }
    if !diagnostics.isEmpty { Terminal.complain(TraceCommand.render(diagnostics)) }
  }
}
