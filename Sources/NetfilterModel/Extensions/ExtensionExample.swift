// Cases that an extension brings along.

/// A case of an extension's own table of examples, which a test runs.
public struct ExtensionExample: Sendable {
  /// The table that the rule is for.
  public var table: TableKind
  /// The rule as written (`-A INPUT -p tcp --dport 22`).
  public var rule: String
  /// What `iptables-save` prints for it, or nil when it is refused.
  public var saved: String?
  /// The family of the rules.
  public var family: AddressFamily

  /// A rule that is accepted and printed as `saved`.
  public static func accepted(
    _ rule: String, saves saved: String, table: TableKind = .filter, family: AddressFamily = .ipv4
  ) -> ExtensionExample {
    ExtensionExample(table: table, rule: rule, saved: saved, family: family)
  }

  /// A rule that is accepted and printed as it was written.
  public static func same(_ rule: String, table: TableKind = .filter, family: AddressFamily = .ipv4) -> ExtensionExample
  {
    ExtensionExample(table: table, rule: rule, saved: rule, family: family)
  }

  /// A rule that is refused.
  public static func refused(_ rule: String, table: TableKind = .filter, family: AddressFamily = .ipv4)
    -> ExtensionExample
  {
    ExtensionExample(table: table, rule: rule, saved: nil, family: family)
  }
}
