// -j AUDIT: writes a record for the audit system.

/// Writes an audit record and goes on (kernel: `audit_tg`; man page: iptables-extensions, AUDIT).
public struct AUDITTarget: TargetExtension {
  /// What the record says of the packet.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// It is accepted.
    case accept
    /// It is dropped.
    case drop
    /// It is rejected.
    case reject
  }
  /// What the record says.
  public var kind: Kind?
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("AUDIT", summary: "writes a record for the audit system")

  /// The option table.
  public static let options: [OptionSpec<AUDITTarget>] = [
    OptionSpec(
      "type", isMandatory: true, placeholder: "accept|drop|reject",
      parse: { (owner, argument) throws(OptionError) in
        guard let kind = Kind(rawValue: argument.text.lowercased()) else {
          throw OptionError("`\(argument.text)` is none of `accept`, `drop` and `reject`")
        }
        owner.kind = kind
      }, save: { owner, writer in if let kind = owner.kind { writer.option("type", kind.rawValue) } })
  ]

  /// Writes a record (kernel: `audit_tg`).
  public var effects: [Effect] { [.outside("writes an audit record, type \(kind?.rawValue ?? "")")] }

  /// `AUDIT drop`.
  public func listing(_ style: ListStyle) -> String { "AUDIT \(kind?.rawValue ?? "")" }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -j AUDIT --type DROP", saves: "-A INPUT -j AUDIT --type drop"),
    .same("-A PREROUTING -j AUDIT --type reject", table: .nat, family: .ipv6),
    .refused("-A INPUT -j AUDIT --type x"), .refused("-A INPUT -j AUDIT"),
  ]
}
