// Mistakes of a file that reading it finds, and that have their number among the findings of lint.

extension DiagnosticID {
  /// The name of a host stands for an address.
  public static let hostnameInRule = DiagnosticID(
    5005, "hostname-in-rule", "The name of a host stands for an address")
}

extension DiagnosticCatalogue {
  static let findings: [DiagnosticID] = [.hostnameInRule]
}
