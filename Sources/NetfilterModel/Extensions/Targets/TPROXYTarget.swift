// -j TPROXY: hands packets for other hosts to a proxy on this one.

/// Hands the packet to a socket that takes packets for other hosts (kernel: `tproxy_tg4_v1`, `tproxy_tg6_v1`; man page:
/// iptables-extensions, TPROXY).
public struct TPROXYTarget: TargetExtension {
  /// The port; 0 for the packet's own.
  public var port: UInt16?
  /// The address of the proxy; nil for the input interface's own.
  public var address: IPAddress?
  /// The new mark of the packet.
  public var mark = MaskedValue(0, mask: 0)
  /// The family of the rule.
  var family = AddressFamily.ipv4
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "TPROXY", tables: .mangle, hooks: .prerouting, protocols: [.tcp, .udp],
    summary: "hands packets for other hosts to a proxy on this one", outside: "the sockets of the host")

  /// The option table; all three are always printed.
  public static let options: [OptionSpec<TPROXYTarget>] = [
    OptionSpec(
      "on-port", isMandatory: true, placeholder: "port",
      parse: { (owner, argument) throws(OptionError) in owner.port = try ValueCodec.anyServicePort.parse(argument) },
      save: { owner, writer in writer.option("on-port", "\(owner.port ?? 0)") }),
    OptionSpec(
      "on-ip", placeholder: "address",
      parse: { (owner, argument) throws(OptionError) in owner.address = try ValueCodec.host.parse(argument) },
      save: { owner, writer in writer.option("on-ip", owner.proxy.address.description) }),
    OptionSpec(
      "tproxy-mark", placeholder: "value[/mask]",
      parse: { (owner, argument) throws(OptionError) in owner.mark = try ValueCodec.masked.parse(argument) },
      save: { owner, writer in writer.option("tproxy-mark", MarkOperation.saved(owner.mark)) }),
  ]

  /// Notes the family.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) { family = rule.family }

  /// Fragments are put together (kernel: `tproxy_tg4_check`).
  public var enablesReassembly: Bool { true }

  private var proxy: TransparentProxy {
    TransparentProxy(port: port ?? 0, address: address ?? .any(family), mark: mark)
  }

  /// Hands the packet over, or drops it (kernel: `tproxy_tg4`).
  public var effects: [Effect] { [.transparentProxy(proxy)] }

  /// `TPROXY redirect 10.0.0.1:80 mark 0x1/0xffffffff`.
  public func listing(_ style: ListStyle) -> String {
    "TPROXY redirect \(proxy.address):\(proxy.port) mark \(MarkOperation.saved(mark))"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted(
      "-A PREROUTING -p tcp -j TPROXY --on-ip 10.1 --tproxy-mark 1 --on-port http",
      saves: "-A PREROUTING -p tcp -j TPROXY --on-port 80 --on-ip 10.0.0.1 --tproxy-mark 0x1/0xffffffff", table: .mangle
    ),
    .accepted(
      "-A PREROUTING -p udp -j TPROXY --on-port 65536",
      saves: "-A PREROUTING -p udp -j TPROXY --on-port 0 --on-ip :: --tproxy-mark 0x0/0x0", table: .mangle,
      family: .ipv6
    ),
    .refused("-A PREROUTING -p tcp -j TPROXY", table: .mangle),
    .refused("-A PREROUTING -p tcp -j TPROXY --on-port 5 --on-ip fd00::1", table: .mangle),
    .refused("-A PREROUTING -p tcp -j TPROXY --on-port 5:6", table: .mangle),
    .refused("-A PREROUTING -p sctp -j TPROXY --on-port 5", table: .mangle),
    .refused("-A PREROUTING ! -p tcp -j TPROXY --on-port 5", table: .mangle),
    .refused("-A INPUT -p tcp -j TPROXY --on-port 5", table: .mangle),
    .refused("-A PREROUTING -p tcp -j TPROXY --on-port 5", table: .raw),
  ]
}
