// Reads rule files and looks for findings.

import FlowTesting
import NetfilterModel
import Simulator

/// A rule file to be looked at.
public struct LintInput: Sendable {
  /// Its text.
  public var text: String
  /// Its name, for places.
  public var file: String
  /// The family that it is for.
  public var family: AddressFamily
  /// What was read from a script of iptables commands; nil for a rule file, which is read here.
  public var script: RestoreResult?
  /// The options by which `hookwalk trace` reads the script in the same way.
  public var scriptWords: [String] = []

  /// Makes an input.
  public init(_ text: String, file: String, family: AddressFamily) {
    self.text = text
    self.file = file
    self.family = family
  }

  /// What is read from the text.
  var result: RestoreResult { script ?? RestoreParser.parse(text, file: file, family: family) }

  /// The family that a file is for by its name (`rules.v6`, `ip6tables.rules`); IPv4 where the name says nothing.
  public static func family(ofFile name: String) -> AddressFamily {
    let name = (name.split(separator: "/").last ?? "").lowercased()
    return name.hasSuffix(".v6") || name.hasSuffix("6.rules") || name.contains("ip6tables") || name.contains(".v6.")
      || name.hasSuffix("rules6") ? .ipv6 : .ipv4
  }
}

/// Looks for findings in rule files.
public struct Linter: Sendable {
  /// The host that the rules run on, with its rules, where one is described.
  public var host: LinuxHost?
  /// The file that describes it, for the commands that repeat a finding's packets.
  public var hostFile: String
  /// Which codes are looked for.
  public var selection: LintSelection
  /// The networks that the host is administered from, for code 6006.
  public var administrators: [AddressMatch]
  /// The sets that rules may name, beside those of the host.
  public var sets = SetCollection()

  /// Makes a linter.
  public init(
    selection: LintSelection = LintSelection(), host: LinuxHost? = nil, hostFile: String = "",
    administrators: [AddressMatch] = []
  ) {
    self.administrators = administrators
    self.hostFile = hostFile
    self.selection = selection
    self.host = host
  }

  /// What came of one file.
  public struct Outcome: Sendable {
    /// The file.
    public var file: String
    /// The family.
    public var family: AddressFamily
    /// The findings, by their places.
    public var findings: [LintFinding]
    /// How many findings are left out, as a directive or a baseline says.
    public var ignored = 0
    /// Whether the file could not be loaded, so that only that was looked at.
    public var isRefused = false
    /// The text, for fixes.
    public var text: String
  }

  /// Looks at files that belong together: IPv4 and IPv6 rules of one host see each other.
  public func look(at inputs: [LintInput]) -> [Outcome] {
    let sets = sets.isEmpty ? host?.sets ?? sets : sets
    let results = inputs.map { input in
      var result = input.result
      result.diagnostics += SetCheck.problems(
        in: result.ruleset, sets: sets, text: Array(input.text.utf8), file: input.file)
      return result
    }
    let views = zip(inputs, results).map { input, result in
      result.hasErrors || !inputs.contains { $0.family != input.family }
        ? nil : result.ruleset.tables.map { TableView($0, input.family) }
    }
    var outcomes: [Outcome] = []
    for index in inputs.indices {
      let input = inputs[index]
      let folder = Linter.folder(input.file)
      let other = inputs.indices.first {
        inputs[$0].family != input.family && Linter.folder(inputs[$0].file) == folder && views[$0] != nil
      }
      let outcome = look(at: input, results[index], others: other.flatMap { views[$0] })
      // A script has rules of both families: it is one file all the same.
      if input.script != nil, let last = outcomes.indices.last, outcomes[last].file == input.file {
        outcomes[last].join(outcome)
      } else {
        outcomes.append(outcome)
      }
    }
    return outcomes
  }

  private static func folder(_ path: String) -> Substring { path.lastIndex(of: "/").map { path[..<$0] } ?? "" }

  private func look(at input: LintInput, _ result: RestoreResult, others: [TableView]?) -> Outcome {
    let source = SourceText(input.text, name: input.file, isScript: input.script != nil)
    var sink = LintSink(source)
    for diagnostic in result.diagnostics where selection.wantsLoadProblem(diagnostic) {
      sink.take(LintFinding(diagnostic))
    }
    if !result.hasErrors {
      let subject = LintSubject(
        result.ruleset, source: source, host: host, hostFile: hostFile, others: others,
        administrators: administrators, scriptWords: input.scriptWords)
      for check in LintCatalogue.checks where selection.wants(check.code) {
        if check.code.basis == .host, host == nil { continue }
        check.look(at: subject, &sink)
      }
    }
    var findings = sink.findings
    var seen: Set<Key> = []
    findings = findings.filter { seen.insert(Key($0)).inserted }
    let directives = LintDirectives(source, result.ruleset)
    let (kept, ignored, unused) = directives.apply(to: findings)
    findings = kept
    if !result.hasErrors, selection.wants(UnusedDirective.code) {
      findings += unused.filter { selection.wantsEvery($0.codes) }.map { $0.finding(source) }
    }
    findings = findings.filter { selection.isSevereEnough($0.diagnostic.severity) }
    // What mends a rule file is no command of a script.
    if input.script != nil { for index in findings.indices { findings[index].fix = nil } }
    findings.sort(by: Linter.comesBefore)
    return Outcome(
      file: input.file, family: input.family, findings: findings, ignored: ignored, isRefused: result.hasErrors,
      text: input.text)
  }

  /// The order of findings: by their places.
  fileprivate static func comesBefore(_ one: LintFinding, _ other: LintFinding) -> Bool {
    let (left, right) = (one.diagnostic, other.diagnostic)
    return (left.range.line, left.range.column, left.id.number) < (
      right.range.line, right.range.column, right.id.number
    )
  }

  /// One line with several addresses makes several rules: what is said of them is said once.
  private struct Key: Hashable {
    var number: Int
    var file: String
    var line: Int
    var message: String

    init(_ finding: LintFinding) {
      number = finding.diagnostic.id.number
      file = finding.diagnostic.range.file
      line = finding.diagnostic.range.line
      // A place names the rule; the line is the same.
      message = finding.diagnostic.range.line > 1 ? "" : finding.diagnostic.message
    }
  }
}

extension Linter.Outcome {
  /// Takes what came of the rules of the other family of the same script.
  fileprivate mutating func join(_ other: Linter.Outcome) {
    // A directive that one of the two needs is used.
    let unused = UnusedDirective.code.id
    let own = findings.filter { $0.diagnostic.id != unused || other.findings.contains($0) }
    let more = other.findings.filter { $0.diagnostic.id != unused && !findings.contains($0) }
    findings = (own + more).sorted(by: Linter.comesBefore)
    ignored += other.ignored
    isRefused = isRefused || other.isRefused
  }
}
