// A kind of problem: what it is called, how bad it is, what it says.

/// A kind of problem, an entry of `DiagnosticCatalogue`.
public struct DiagnosticID: RawRepresentable, Sendable {
  /// The number, from 1001; it never changes.
  public let number: Int
  /// The name in kebab case; it never changes.
  public let rawValue: String
  /// How bad it is, unless a diagnostic says otherwise.
  public let severity: Severity
  /// What is wrong, in one sentence without its period.
  public let summary: String

  /// Makes an entry; only catalogues do, as a number and a name stand for one kind of problem for ever.
  package init(_ number: Int, _ name: String, _ summary: String, _ severity: Severity = .error) {
    self.number = number
    rawValue = name
    self.severity = severity
    self.summary = summary
  }

  /// The kind with a name, or nil when the catalogue has none.
  public init?(rawValue: String) {
    guard let entry = DiagnosticCatalogue.entries.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = entry
  }
}

extension DiagnosticID: Hashable {
  /// Whether both are the same entry.
  public static func == (left: DiagnosticID, right: DiagnosticID) -> Bool { left.number == right.number }

  /// Feeds the number.
  public func hash(into hasher: inout Hasher) { hasher.combine(number) }
}
