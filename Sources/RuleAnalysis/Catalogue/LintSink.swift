// Takes findings, with the lines that they are in.

import NetfilterModel

/// Takes findings.
struct LintSink {
  let source: SourceText
  private(set) var findings: [LintFinding] = []
  /// The rules that a finding calls dead: each is reported once.
  var dead: Set<DeadRule> = []

  struct DeadRule: Hashable {
    var table: TableKind
    var position: ChainGraph.RulePosition
  }

  init(_ source: SourceText) { self.source = source }

  /// How many findings of one code a file can have; the rest is counted by the last.
  static let mostOfOneCode = 200
  private var counts: [Int: Int] = [:]

  /// Adds a finding at a place.
  mutating func add(
    _ code: LintCode, at range: SourceRange, _ message: String, help: String? = nil, severity: Severity? = nil,
    notes: [LintNote] = [], proof: LintProof? = nil, fix: LintFix? = nil, subject: String = ""
  ) {
    counts[code.id.number, default: 0] += 1
    guard counts[code.id.number, default: 0] <= LintSink.mostOfOneCode else { return }
    var finding = LintFinding(
      Diagnostic(code.id, severity, at: range, message, help: help, sourceLine: source.line(at: range)))
    finding.notes = notes
    finding.proof = proof
    finding.fix = fix
    finding.subject = subject
    findings.append(finding)
  }

  /// Adds a finding at a rule; a word of its line is pointed at.
  mutating func add(
    _ code: LintCode, at rule: RuleView, in view: TableView, word: String = "", _ message: String, help: String? = nil,
    severity: Severity? = nil, notes: [LintNote] = [], proof: LintProof? = nil, fix: LintFix? = nil
  ) {
    let chain = view.chain(rule.position.chain)
    let range = rule.rule.location ?? chain.location ?? SourceRange(file: source.name, line: 1, column: 1)
    add(
      code, at: word.isEmpty ? range : source.place(of: word, in: range), message, help: help, severity: severity,
      notes: notes, proof: proof, fix: fix,
      subject: "\(view.kind.name) " + SavePrinter.ruleText(rule.rule, chain: chain.name))
  }

  /// Adds a finding at a chain: where it is declared, or its first rule.
  mutating func add(
    _ code: LintCode, atChain place: Int, in view: TableView, _ message: String, help: String? = nil,
    severity: Severity? = nil, notes: [LintNote] = [], proof: LintProof? = nil
  ) {
    let chain = view.chain(place)
    let range =
      chain.location ?? chain.rules.first?.location ?? SourceRange(file: source.name, line: 1, column: 1)
    add(
      code, at: range, message, help: help, severity: severity, notes: notes, proof: proof,
      subject: "\(view.kind.name) :\(chain.name)")
  }

  /// Takes a finding that was made elsewhere.
  mutating func take(_ finding: LintFinding) { findings.append(finding) }
}

extension RuleView {
  /// A note that points at the rule.
  func note(_ view: TableView, _ message: String) -> [LintNote] {
    rule.location.map { [LintNote(range: $0, message: "\(view.place(position)) \(message)")] } ?? []
  }
}
