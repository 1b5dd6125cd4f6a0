// The host that `hookwalk trace` walks packets through: described, given by options, or made to fit the packets.

import FlowTesting
import NetfilterModel
import RuleScripts
import Simulator

/// Makes hosts for traces.
enum TraceHost {
  /// The host that the options describe, with the rules loaded; `isWarned` says that a rule file without a table was named.
  static func make(
    _ arguments: CommandArguments, _ steps: inout [(text: String, step: FlowStep)]
  ) throws(CommandError) -> (host: LinuxHost, assumptions: [String], isWarned: Bool) {
    let packets = steps.compactMap { entry -> FlowPacket? in
      if case .packet(let flow) = entry.step.action { flow } else { nil }
    }
    let lines = ["iface", "route", "rule", "sysctl"].flatMap { key in arguments.values(key).map { "\(key) \($0)" } }
    let files = try ruleFiles(arguments)
    let sets = try SetFile.texts(arguments)
    let scripts = try ScriptArguments.read(arguments, otherAssumptions: true)
    let applies = arguments.has("apply-host")
    var assumptions: [String] = []
    var host: LinuxHost
    var diagnostics: [Diagnostic] = []
    let loads = files.map { LoadableRules($0.text, file: $0.file, family: $0.family, scripts: scripts) }
    let changes = applies ? loads.flatMap { $0.changes } : []
    if let given = try HostArguments.description(arguments) {
      let described = try describe(
        given.text + lines.map { "\n\($0)" }.joined(), given.file, files, sets, scripts, applies)
      host = described.host
      diagnostics = described.diagnostics
      if steps.isEmpty { steps = described.steps.map { (text: "", step: $0) } }
    } else if !lines.isEmpty || ScriptChanges.describeHost(changes) {
      let described = try describe(lines.joined(separator: "\n"), "command line", files, sets, scripts, applies)
      host = described.host
      diagnostics = described.diagnostics
    } else {
      guard let assumed = AssumedHost(for: packets) else {
        throw .usage(
          packets.isEmpty
            ? "`trace` needs a packet, `in on IF ...` or `local ...`\nsee `hookwalk trace --help`"
            : "nothing says where routing sends the packets: describe the host with --host or --iface and --route, "
              + "or end the packet with `deliver`, `forward out IF` or, for a local one, `out IF`")
      }
      host = assumed.host
      assumptions = assumed.assumptions
      host.sets = try SetFile.sets(arguments)
      let checked = zip(loads, files).map { $0.checked(with: host.sets, text: $1.text, file: $1.file) }
      diagnostics = checked.flatMap { $0.diagnostics } + ScriptChanges.apply(changes, to: &host)
      for rules in checked { if let compiled = rules.compiled { host.load(compiled) } }
      try report(diagnostics)
    }
    if assumptions.isEmpty, packets.contains(where: { $0.hint != nil }) {
      throw .usage("the host's routes say where packets go: leave out `deliver`, `forward out IF` and `out IF`")
    }
    return (host, assumptions, diagnostics.contains { $0.id == .emptyRuleFile })
  }

  /// The rule files that the options name.
  private static func ruleFiles(_ arguments: CommandArguments) throws(CommandError) -> [(
    text: String, file: String, family: AddressFamily
  )] {
    var files: [(text: String, file: String, family: AddressFamily)] = []
    for (option, family) in [("rules", AddressFamily.ipv4), ("rules6", .ipv6)] {
      for path in arguments.values(option) {
        files.append((try Terminal.read(path), path == "-" ? "stdin" : path, family))
      }
    }
    return files
  }

  private static func describe(
    _ text: String, _ path: String, _ files: [(text: String, file: String, family: AddressFamily)],
    _ sets: [(text: String, file: String)], _ scripts: ScriptOptions, _ applies: Bool
  ) throws(CommandError) -> (host: LinuxHost, steps: [FlowStep], diagnostics: [Diagnostic]) {
    var failure: CommandError?
    let described = HostText.describe(
      text, file: path, loading: files, sets: sets, scripts: scripts, appliesScripts: applies
    ) {
      name in
      do throws(CommandError) { return try Terminal.read(name) } catch {
        failure = error
        return nil
      }
    }
    if let failure { throw failure }
    try report(described.diagnostics)
    guard let host = described.host else { throw .input("\(path): the host cannot be built") }
    return (host, described.steps, described.diagnostics)
  }

  /// Shows diagnostics; an error among them ends the command.
  static func report(_ diagnostics: [Diagnostic]) throws(CommandError) {
    if diagnostics.contains(where: { $0.severity == .error }) { throw .diagnostics(TraceCommand.render(diagnostics)) }
    if !diagnostics.isEmpty { Terminal.complain(TraceCommand.render(diagnostics)) }
  }
}
