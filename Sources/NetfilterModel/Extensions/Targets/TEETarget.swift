// -j TEE: sends a copy of the packet to another host.

/// Sends a copy and goes on (kernel: `tee_tg4`, `tee_tg6`; man page: iptables-extensions, TEE).
public struct TEETarget: TargetExtension {
  /// The host that the copy is sent to.
  public var gateway: IPAddress?
  /// The interface that the copy leaves on, at most 15 bytes; empty for the one that the routes say.
  public var interface = ""
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("TEE", summary: "sends a copy of the packet to another host")

  /// The option table.
  public static let options: [OptionSpec<TEETarget>] = [
    .value("gateway", .init({ $0.gateway }, { $0.gateway = $1 }), .host, isMandatory: true),
    OptionSpec(
      "oif", placeholder: "interface",
      parse: { (owner, argument) throws(OptionError) in owner.interface = ProcName.cut(argument.text, to: 15) },
      save: { owner, writer in if !owner.interface.isEmpty { writer.option("oif", owner.interface) } }),
  ]

  /// The kernel refuses an address of zeros (kernel: `tee_tg_check`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    gateway?.isZero == true ? OptionError("the kernel refuses the gateway `\(gateway?.description ?? "")`") : nil
  }

  /// Sends a copy (kernel: `nf_dup_ipv4`, `nf_dup_ipv6`).
  public var effects: [Effect] {
    gateway.map { [.duplicate(PacketDuplicate(to: $0, on: interface.isEmpty ? .none : InterfaceName(interface)))] }
      ?? []
  }

  /// `TEE gw:10.0.0.1 oif=eth0`.
  public func listing(_ style: ListStyle) -> String {
    "TEE gw:\(gateway?.description ?? "")\(interface.isEmpty ? "" : " oif=\(interface)")"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A PREROUTING -j TEE --gateway 10.0.0.1 --oif eth0", table: .mangle),
    .accepted(
      "-A INPUT -j TEE --gateway 10.1 --oif \"\"", saves: "-A INPUT -j TEE --gateway 10.0.0.1"),
    .accepted(
      "-A PREROUTING -j TEE --oif 1234567890123456 --gateway fd00:0::1",
      saves:
        "-A PREROUTING -j TEE --gateway fd00::1 --oif 123456789012345", table: .nat, family: .ipv6),
    .refused("-A INPUT -j TEE --gateway 0.0.0.0"), .refused("-A INPUT -j TEE --gateway ::", family: .ipv6),
    .refused("-A INPUT -j TEE --gateway fd00::1"), .refused("-A INPUT -j TEE --oif eth0"),
    .refused("-A INPUT -j TEE"),
  ]
}
