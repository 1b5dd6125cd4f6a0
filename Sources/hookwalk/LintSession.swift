// One run of `hookwalk lint`: files are read, looked at, told, mended.

import FlowTesting
import NetfilterModel
import RuleAnalysis
import RuleScripts
import Simulator

/// One run of `hookwalk lint`.
struct LintSession {
  private let arguments: CommandArguments
  private let settings: LintSettings
  private let format: LintFormat
  private let failOn: String
  private var selection: LintSelection
  private var family: AddressFamily?
  private var administrators: [AddressMatch]
  /// What scripts are given.
  private let scripts: ScriptOptions
  /// What scripts change of the host besides their rules.
  private var changes: [ScriptChange] = []

  init(_ arguments: CommandArguments) throws(CommandError) {
    self.arguments = arguments
    scripts = try ScriptArguments.read(arguments)
    settings = try LintSettings.find(arguments)
    format =
      LintFormat(rawValue: try arguments.choice("format", LintFormat.allCases.map(\.rawValue)) ?? "text") ?? .text
    let levels = LintSelection.severities.map(\.rawValue)
    failOn = try arguments.choice("fail-on", levels + ["never"]) ?? settings.failOn ?? "warning"
    let severity = (try arguments.choice("severity", levels) ?? settings.severity).flatMap { Severity(rawValue: $0) }
    selection = LintSelection(
      selected: try LintSession.codes(arguments.values("select")) ?? settings.selected,
      ignored: (try LintSession.codes(arguments.values("ignore")) ?? []) + settings.ignored, severity: severity)
    administrators = settings.administrators
    for word in arguments.values("admin") {
      guard let network = LintSettings.network(word) else {
        throw .usage("`\(word)` is not a network; write `--admin 192.0.2.0/24`")
      }
      administrators.append(network)
    }
    if let text = try arguments.choice("family", ["4", "6"]) { family = text == "6" ? .ipv6 : .ipv4 }
  }

  /// The codes of an option, each of which must be one; nil when the option is not given.
  static func codes(_ values: [String]) throws(CommandError) -> [String]? {
    if values.isEmpty { return nil }
    let words = values.flatMap { $0.split(whereSeparator: { $0 == "," || $0 == " " }).map { String($0) } }
    let known = LintCatalogue.codes.map { $0.id } + DiagnosticCatalogue.entries
    for word in words where !known.contains(where: { LintSelection.names(word, $0) }) {
      throw .usage(
        "`\(word)` is not a code" + Dispatcher.suggestion(word, known.map { $0.rawValue })
          + "\nsee `hookwalk lint --list`")
    }
    return words
  }

  mutating func run() throws(CommandError) -> ExitCode {
    var outcomes: [Linter.Outcome] = []
    var unreadable: [String] = []
    var inputs: [LintInput] = []
    var told: [Diagnostic] = []
    let files = TestFiles(arguments.operands, endings: [".v4", ".v6", ".rules", ".iptables", ".ip6tables", ".flow"])
    unreadable += files.problems.map { "hookwalk: \($0.message)\n" }
    for path in files.paths {
      do throws(CommandError) {
        if path.hasSuffix(".flow") {
          outcomes += try look(atHost: path)
        } else {
          inputs += self.inputs(try Terminal.read(path), file: path == "-" ? "stdin" : path, family: family)
        }
      } catch { unreadable.append(error.message) }
    }
    let sets = try SetFile.sets(arguments)
    var host: LinuxHost?
    if let path = arguments.value("host"), var described = try describe(path).host {
      if !sets.isEmpty { described.sets = sets }
      if arguments.has("apply-host") { told += ScriptChanges.apply(changes, to: &described) }
      for input in inputs {
        if let script = input.script, !script.hasErrors {
          do throws(RulesetRefusal) { try described.load(script.ruleset) } catch { continue }
        } else if input.script == nil {
          _ = HostText.load(input.text, file: input.file, family: input.family, on: &described)
        }
      }
      host = described
    }
    if !told.isEmpty { Terminal.complain(TraceCommand.render(told)) }
    var linter = Linter(
      selection: selection, host: host, hostFile: arguments.value("host") ?? "", administrators: administrators)
    linter.sets = sets
    outcomes += linter.look(at: inputs)
    if let path = arguments.value("baseline") ?? settings.baseline {
      let baseline = LintBaseline(try Terminal.read(path))
      for index in outcomes.indices { baseline.apply(to: &outcomes[index]) }
    }
    if let path = arguments.value("write-baseline") {
      try Terminal.write(LintBaseline.text(outcomes), toFile: path)
      let count = outcomes.reduce(0) { $0 + $1.findings.count }
      Terminal.print(count == 1 ? "1 finding is known now\n" : "\(count) findings are known now\n")
      return .done
    }
    if arguments.has("diff") {
      Terminal.print(outcomes.map { LintFixer.diff($0) }.joined())
    } else {
      if arguments.has("fix") { try mend(&outcomes) }
      Terminal.print(
        LintReport(
          outcomes, format: format, showsProof: arguments.has("proof"), isColoured: try arguments.usesColor(),
          width: TerminalWidth.columns() ?? 80, hasSummary: !arguments.has("quiet"),
          version: Dispatcher.number
        ).render())
    }
    for problem in unreadable { Terminal.complain(problem) }
    if !unreadable.isEmpty { return .input }
    return fails(outcomes) ? .negative : .done
  }

  private func fails(_ outcomes: [Linter.Outcome]) -> Bool {
    guard let least = Severity(rawValue: failOn) else { return false }
    return outcomes.contains { outcome in
      outcome.findings.contains { LintSelection.rank($0.diagnostic.severity) <= LintSelection.rank(least) }
    }
  }

  /// Writes mended files, and looks at them again.
  private func mend(_ outcomes: inout [Linter.Outcome]) throws(CommandError) {
    for index in outcomes.indices where outcomes[index].file != "stdin" {
      let (text, count) = LintFixer.fixed(outcomes[index])
      guard count > 0 else { continue }
      if let status = FileStatus(path: outcomes[index].file) { FileRegister.forget(status) }
      try Terminal.write(text, toFile: outcomes[index].file)
      Terminal.complain("hookwalk: \(outcomes[index].file): \(count) finding\(count == 1 ? "" : "s") mended\n")
      var linter = Linter(selection: selection, administrators: administrators)
      linter.sets = try SetFile.sets(arguments)
      let again = linter.look(
        at: [LintInput(text, file: outcomes[index].file, family: outcomes[index].family)])
      if let first = again.first { outcomes[index] = first }
    }
  }

  // MARK: Hosts

  /// A file as it is looked at: a script gives rules of both families, as far as it makes any.
  private mutating func inputs(
    _ text: String, file: String, family: AddressFamily?, arguments words: [String] = []
  ) -> [LintInput] {
    let bytes = Array(text.utf8)
    guard RuleScript.isScript(bytes) else {
      return [LintInput(text, file: file, family: family ?? LintInput.family(ofFile: file))]
    }
    var options = scripts
    if !words.isEmpty { options.arguments = words }
    let script = RuleScript.read(bytes, file: file, options: options)
    for change in script.changes where !changes.contains(change) { changes.append(change) }
    let made = [AddressFamily.ipv4, .ipv6].filter { !script[$0].tables.isEmpty }
    return (family.map { [$0] } ?? (made.isEmpty ? [.ipv4] : made)).map { family in
      var input = LintInput(text, file: file, family: family)
      input.script = RestoreResult(ruleset: script[family], diagnostics: script.diagnostics)
      input.scriptWords = ScriptArguments.words(arguments)
      if !words.isEmpty { input.scriptWords = ["--args", words.joined(separator: " ")] }
      return input
    }
  }

  private func describe(_ path: String) throws(CommandError) -> DescribedHost {
    let given = try HostArguments.description(path)
    let described = HostText.describe(
      given.text, file: given.file, scripts: scripts, appliesScripts: arguments.has("apply-host")
    ) { name in
      do throws(CommandError) { return try Terminal.read(name) } catch { return nil }
    }
    try TraceHost.report(described.diagnostics.filter { $0.severity == .error })
    return described
  }

  /// Looks at the rule files that a host names, on that host.
  private mutating func look(atHost path: String) throws(CommandError) -> [Linter.Outcome] {
    let document = FlowParser.parse(try Terminal.read(path), file: path) { name in
      do throws(CommandError) { return try Terminal.read(name) } catch { return nil }
    }
    let rules = document.ruleFiles
    if rules.isEmpty { return [] }
    let host = try describe(path).host
    var inputs: [LintInput] = []
    for (family, name, words, file) in rules {
      let place = Terminal.path(name, besides: file)
      inputs += self.inputs(try Terminal.read(place), file: place, family: family, arguments: words)
    }
    return Linter(selection: selection, host: host, hostFile: path, administrators: administrators).look(at: inputs)
  }
}
