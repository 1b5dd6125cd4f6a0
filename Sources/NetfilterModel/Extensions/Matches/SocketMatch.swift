// -m socket: whether a socket of the host takes the packet.

/// Matches packets that a socket of the host takes (kernel: `socket_mt4_v1_v2_v3`, `socket_mt6_v1_v2_v3`; man page:
/// iptables-extensions, socket).
public struct SocketMatch: MatchExtension {
  /// `--transparent`: only sockets that take packets for other hosts.
  public var isTransparent = false
  /// `--nowildcard`: also sockets that listen at every address.
  public var takesWildcard = false
  /// `--restore-skmark`: the packet gets the socket's mark.
  public var restoresMark = false
  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "socket", hooks: [.prerouting, .input], summary: "whether a socket of the host takes the packet",
    outside: "the sockets of the host")

  /// The option table.
  public static let options: [OptionSpec<SocketMatch>] = [
    .flag("transparent", .init({ $0.isTransparent }, { $0.isTransparent = $1 })),
    .flag("nowildcard", .init({ $0.takesWildcard }, { $0.takesWildcard = $1 })),
    .flag("restore-skmark", .init({ $0.restoresMark }, { $0.restoresMark = $1 })),
  ]

  /// TCP, UDP and errors about them may have a socket, no other packet has one; which sockets there are is unknown, unless
  /// the host is known to have none (kernel: `nf_sk_lookup_slow_v4`, `nf_sk_lookup_slow_v6`).
  public var conditions: [Condition] {
    [
      .opaque(
        "",
        OpaqueTest(
          reads: [.protocolNumber, .transportLength, .icmpType], keepsState: false,
          saw: { _, _, _ in "the packet is neither TCP nor UDP, nor an error about them" },
          evaluate: { packet, _, _ in ConditionResult(Self.mayHaveSocket(packet)) })),
      .opaque(
        "",
        OpaqueTest(
          reads: [], keepsState: false, mayBeUnknown: true,
          saw: { _, _, memory in
            memory.facts.hasNoSockets ? "the host has no sockets" : "the host's sockets are not known"
          },
          evaluate: { _, _, memory in memory.facts.hasNoSockets ? .fails : .unknown })),
    ]
  }

  private static func mayHaveSocket(_ packet: borrowing PacketContext) -> Bool {
    let bytes = packet.packet.bytes
    switch packet.header.protocolNumber {
    case .tcp: return packet.transportLength >= TCPHeader.minimumLength
    case .udp: return packet.transportLength >= UDPHeader.length
    case .icmp where packet.header.family == .ipv4:
      return packet.transportLength >= ICMPMessage.headerLength
        && ICMPMessage.type(in: bytes, at: packet.transportOffset).isError
    case .icmpv6 where packet.header.family == .ipv6:
      return packet.transportLength >= ICMPMessage.headerLength
        && ICMPv6Message.type(in: bytes, at: packet.transportOffset).rawValue < 128
    default: return false
    }
  }

  /// `socket --transparent`.
  public func listing(_ style: ListStyle) -> String {
    var writer = SaveWriter()
    save(into: &writer)
    return "socket" + writer.text
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A INPUT -m socket"), .same("-A INPUT -m socket --transparent --nowildcard --restore-skmark"),
    .accepted(
      "-A PREROUTING -m socket --restore-skmark --nowildcard",
      saves:
        "-A PREROUTING -m socket --nowildcard --restore-skmark", table: .mangle, family: .ipv6),
    .refused("-A FORWARD -m socket"), .refused("-A OUTPUT -m socket"), .refused("-A INPUT -m socket ! --transparent"),
    .refused("-A INPUT -m socket --transparent --transparent"),
  ]
}
