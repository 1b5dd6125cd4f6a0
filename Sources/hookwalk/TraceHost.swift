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
    var lines = ["iface", "route", "rule", "sysctl"].flatMap { key in arguments.values(key).map { "\(key) \($0)" } }
    let files = try ruleFiles(arguments)
    let sets = try SetFile.texts(arguments)
    let scripts = try scriptOptions(arguments)
    if arguments.has("apply-host") { lines += changes(files, scripts) }
    var assumptions: [String] = []
    var host: LinuxHost
    var diagnostics: [Diagnostic] = []
    if let path = arguments.value("host") {
      let folder = try HostFolder.text(path)
      let text = if let folder { folder.text } else { try Terminal.read(path) }
      let name = folder?.name ?? path
      let described = try describe(text + lines.map { "\n\($0)" }.joined(), name, files, sets, scripts)
      host = described.host
      diagnostics = described.diagnostics
      if steps.isEmpty { steps = described.steps.map { (text: "", step: $0) } }
    } else if !lines.isEmpty {
      let described = try describe(lines.joined(separator: "\n"), "command line", files, sets, scripts)
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
      for rules in files {
        diagnostics += HostText.load(
          rules.text, file: rules.file, family: rules.family, scripts: scripts, on: &host)
      }
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

  /// What scripts among the rule files are given: `--args` has their arguments.
  private static func scriptOptions(_ arguments: CommandArguments) throws(CommandError) -> ScriptOptions {
    let words = arguments.values("args").flatMap { $0.split(separator: " ").map(String.init) }
    let path = arguments.value("rules") ?? arguments.value("rules6") ?? ""
    return try ScriptArguments.read(arguments, words, for: path, otherAssumptions: true)
  }

  /// What the scripts change of the host, as lines that describe one.
  private static func changes(
    _ files: [(text: String, file: String, family: AddressFamily)], _ scripts: ScriptOptions
  ) -> [String] {
    var lines: [String] = []
    for file in files where RuleScript.isScript(Array(file.text.utf8)) {
      for change in RuleScript.read(Array(file.text.utf8), file: file.file, options: scripts).changes
      where !lines.contains(change.line) { lines.append(change.line) }
    }
    return lines
  }

  private static func describe(
    _ text: String, _ path: String, _ files: [(text: String, file: String, family: AddressFamily)],
    _ sets: [(text: String, file: String)], _ scripts: ScriptOptions
  ) throws(CommandError) -> (host: LinuxHost, steps: [FlowStep], diagnostics: [Diagnostic]) {
    var failure: CommandError?
    let described = HostText.describe(text, file: path, loading: files, sets: sets, scripts: scripts) { name in
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
