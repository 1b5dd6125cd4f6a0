// A code of the catalogue: its number and name, how it is found, its page.

import NetfilterModel

/// How a finding of a code is made.
public enum LintBasis: String, Hashable, Sendable, CaseIterable {
  /// From the rules alone.
  case rules
  /// From rules and the description of the host.
  case host
  /// From the rules, and shown by a packet that walks through them.
  case packet
  /// By reading the file.
  case load
}

/// A code of the catalogue.
public struct LintCode: Sendable {
  /// Its number, name, severity and summary.
  public var id: DiagnosticID
  /// How it is found.
  public var basis: LintBasis
  /// Whether it is looked for when nothing is chosen.
  public var isOn: Bool
  /// Its page.
  public var page: LintPage

  /// Makes a code; a number and a name are given once and for ever.
  init(
    _ number: Int, _ name: String, _ severity: Severity, _ summary: String, basis: LintBasis = .rules,
    isOn: Bool = true,
    page: LintPage
  ) {
    id = DiagnosticID(number, name, summary, severity)
    self.basis = basis
    self.isOn = isOn
    self.page = page
  }

  /// A kind of problem that reading a file finds.
  init(_ id: DiagnosticID, page: LintPage) {
    self.id = id
    basis = .load
    isOn = true
    self.page = page
  }
}
