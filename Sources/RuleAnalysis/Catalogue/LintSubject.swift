// What checks look at: a rule file of one family, with the host that it runs on where one is described.

import NetfilterModel
import Simulator

/// A rule file as checks look at it.
struct LintSubject: Sendable {
  let source: SourceText
  let family: AddressFamily
  let ruleset: Ruleset
  /// The tables as analyses read them.
  let views: [TableView]
  /// The rules without an effect, by their table.
  let dead: [TableKind: [DeadRule]]
  let prober: Prober
  /// The host that was described, with the rules of both families; nil where none was.
  let host: LinuxHost?
  /// The tables of the other family that are loaded beside these; nil where none are known.
  let others: [TableView]?
  /// The networks that the host is administered from.
  let administrators: [AddressMatch]

  init(
    _ ruleset: Ruleset, source: SourceText, host: LinuxHost? = nil, hostFile: String = "", others: [TableView]? = nil,
    administrators: [AddressMatch] = [], scriptWords: [String] = []
  ) {
    self.source = source
    family = ruleset.family
    self.ruleset = ruleset
    views = ruleset.tables.map { TableView($0, ruleset.family) }
    dead = Dictionary(views.map { ($0.kind, DeadRule.find(in: $0)) }) { first, _ in first }
    prober = Prober(ruleset, file: source.name, views: views, hostFile: hostFile, scriptWords: scriptWords)
    self.host = host
    self.others = others
    self.administrators = administrators
  }

  /// A table, or nil when the file does not have it.
  subscript(kind: TableKind) -> TableView? { views.first { $0.kind == kind } }

  /// Table filter, when this file says what it decides: a fragment is loaded beside other rules.
  var filter: TableView? { self[.filter].flatMap { $0.isFragment ? nil : $0 } }
  /// Table nat, also a fragment.
  var nat: TableView? { self[.nat] }

  /// Whether some rule has packets tracked.
  var isTracked: Bool {
    views.contains { view in
      view.kind == .nat
        || view.rules.contains { $0.contains { rule in rule.set[.state] != nil } }
    }
  }
}
