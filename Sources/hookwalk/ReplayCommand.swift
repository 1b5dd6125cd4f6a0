// `hookwalk replay`: a scenario in JSON, answered in the form in which a live kernel's answer is recorded.

import FoundationEssentials
import FlowTesting
import NetfilterModel
import Simulator

/// Replays scenarios.
enum ReplayCommand: Subcommand {
  static let name = "replay"
  static let summary = "a scenario in JSON, answered in JSON"
  static let help = """
    hookwalk replay [OPTION]... SCENARIO.json

    Builds the host that the scenario describes, replays its packets in order, and
    prints the trace, the packets that left, the rules with counters and the
    connections as JSON. A `rules_file` or `rules6_file` is looked for beside the
    scenario, and may be a script of iptables commands. The scenario may be - for
    standard input.

      --ipset FILE      sets besides those of the scenario
      --max-rules N     end a walk as unknown after N rules; 10000000 without it
      --output FILE     write the answer to FILE
    \(ScriptArguments.help)

    Example
      hookwalk replay - <<'END'
      {"interfaces": [{"name": "eth0", "addrs": ["192.0.2.1/24"]}],
       "rules": "*filter\\n:INPUT DROP [0:0]\\nCOMMIT\\n",
       "packets": [{"in": "eth0", "hex":
         "4500001c000000004001f6ddc0000202c00002010800f7fd00010001"}]}
    END

    """

  static func run(_ arguments: [String]) throws(CommandError) -> ExitCode {
    let arguments = try CommandArguments(
      arguments, for: name, [.value("max-rules"), .value("output")] + SetFile.options + ScriptArguments.options)
    try Terminal.sendResult(to: arguments.value("output"))
    guard arguments.operands.count == 1 else {
      throw .usage("`replay` needs one scenario\nsee `hookwalk replay --help`")
    }
    let path = arguments.operands[0]
    let file = path == "-" ? "stdin" : path
    var scenario: Scenario
    let text = try Terminal.read(path)
    do { scenario = try JSONDecoder().decode(Scenario.self, from: Data(text.utf8)) } catch {
      throw .input("\(file): \(describe(error))")
    }
    if let name = scenario.rulesFile, scenario.rules == nil {
      let rules = Terminal.path(name, besides: path)
      scenario.rules = try Terminal.read(rules)
      scenario.rulesFile = rules
    }
    if let name = scenario.rules6File, scenario.rules6 == nil {
      let rules = Terminal.path(name, besides: path)
      scenario.rules6 = try Terminal.read(rules)
      scenario.rules6File = rules
    }
    if let name = scenario.ipsetFile, scenario.ipset == nil {
      let sets = Terminal.path(name, besides: path)
      scenario.ipset = try Terminal.read(sets)
      scenario.ipsetFile = sets
    }
    for sets in try SetFile.texts(arguments) {
      scenario.ipset = (scenario.ipset ?? "") + sets.text
      scenario.ipsetFile = sets.file
    }
    for key in scenario.unusedSettings {
      Terminal.complain("\(file): note: `\(key)` has no effect here: the simulation does not ask for it\n")
    }
    var limits = WalkLimits()
    if let maximumRules = try arguments.maximumRules() { limits.rules = maximumRules }
    let scripts = try ScriptArguments.read(arguments)
    let answer: ScenarioAnswer
    do throws(ScenarioError) { answer = try scenario.replay(limits: limits, scripts: scripts) } catch {
      if case .rules(let diagnostics) = error { throw .diagnostics(DiagnosticRenderer().render(diagnostics)) }
      throw .input("\(file): \(error.description)")
    }
    Terminal.print(try JSONText.encode(answer))
    return .done
  }

  /// What is wrong with a document, with the way to the place.
  private static func describe(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    func place(_ context: DecodingError.Context) -> String {
      let path = context.codingPath.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
      return path.isEmpty ? "" : " at `\(path.hasPrefix(".") ? String(path.dropFirst()) : path)`"
    }
    switch error {
    case .keyNotFound(let key, let context): return "`\(key.stringValue)` is missing\(place(context))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "the value\(place(context)) is of the wrong type: \(context.debugDescription)"
    case .dataCorrupted(let context):
      return "this is not a scenario in JSON\(place(context)): \(context.debugDescription)"
    @unknown default: return "this is not a scenario in JSON"
    }
  }
}

/// Values as JSON text.
enum JSONText {
  /// The text, with sorted keys, indented, and a newline at its end.
  static func encode(_ value: some Encodable) throws(CommandError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do { return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n" } catch {
      throw CommandError(code: .internal, message: "hookwalk: cannot write JSON: \(error)\n")
    }
  }
}
