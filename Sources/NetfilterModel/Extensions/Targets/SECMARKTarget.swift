// -j SECMARK: sets the security mark of the packet.

/// Sets the security mark of SELinux (kernel: `secmark_tg_v1`; man page: iptables-extensions, SECMARK).
public struct SECMARKTarget: TargetExtension {
  /// The security context, at most 255 bytes.
  public var context: String?
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "SECMARK", tables: [.mangle, .security], summary: "sets the security mark of the packet",
    outside: "SELinux, which is not known to be there")

  /// The option table.
  public static let options: [OptionSpec<SECMARKTarget>] = [
    .value("selctx", .init({ $0.context }, { $0.context = $1 }), .copied(maximum: 255), isMandatory: true)
  ]

  /// Without SELinux the kernel refuses every context (kernel: `checkentry_lsm`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    OptionError(
      "the kernel refuses a security context that SELinux does not know, as `\(context ?? "")` here",
      help: "contexts of the host are not known here", tool: "No chain/target/match by that name")
  }

  /// Sets a mark that no rule asks for (kernel: `secmark_tg`).
  public var effects: [Effect] { [.outside("sets the security mark \(context ?? "")")] }

  /// `SECMARK selctx x`.
  public func listing(_ style: ListStyle) -> String { "SECMARK selctx \(context ?? "")" }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .refused("-A INPUT -j SECMARK --selctx system_u:object_r:x:s0", table: .security),
    .refused("-A INPUT -j SECMARK --selctx x"), .refused("-A INPUT -j SECMARK", table: .mangle),
    .refused("-A INPUT -j SECMARK --selctx x", table: .mangle, family: .ipv6),
  ]
}
