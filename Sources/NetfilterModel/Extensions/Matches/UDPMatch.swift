// -m udp: ports of a UDP datagram; loaded by itself for `-p udp`.

/// Matches the ports of the UDP header (kernel: `udp_mt`; man page: iptables-extensions, udp).
public struct UDPMatch: MatchExtension {
  /// The source ports.
  public var sourcePorts: Invertible<PortRange>?
  /// The destination ports.
  public var destinationPorts: Invertible<PortRange>?

  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("udp", protocols: [.udp], summary: "ports of UDP")

  /// The option table.
  public static let options: [OptionSpec<UDPMatch>] = [
    .invertible(
      "sport", .init({ $0.sourcePorts }, { $0.sourcePorts = $1 }), .looselyOrderedPortRange, aliases: ["source-port"],
      omitting: { $0.value == .all }),
    .invertible(
      "dport", .init({ $0.destinationPorts }, { $0.destinationPorts = $1 }), .looselyOrderedPortRange,
      aliases: ["destination-port"],
      omitting: { $0.value == .all }),
  ]

  /// Compares the ports; a later fragment never matches, a cut-off header is dropped (kernel: `udp_mt`).
  public var conditions: [Condition] {
    [
      .demand(.fragmentOffset, .equals(0)), .demand(.transportLength, .between(8, Int.max), drops: true),
      .range("sport", .sourcePort, sourcePorts), .range("dport", .destinationPort, destinationPorts),
    ].compactMap { $0 }
  }

  /// `udp spt:1 dpts:1:2`.
  public func listing(_ style: ListStyle) -> String {
    let source = sourcePorts?.listing("spt", protocolNumber: .udp, style: style)
    let destination = destinationPorts?.listing("dpt", protocolNumber: .udp, style: style)
    return (["udp"] + [source, destination].compactMap { $0 }).joined(separator: " ")
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -p udp --dport domain", saves: "-A INPUT -p udp -m udp --dport 53"),
    .accepted(
      "-A INPUT -p udp --sport domain:100 ! --dport :5", saves: "-A INPUT -p udp -m udp --sport 53:100 ! --dport 0:5"),
    .accepted("-A INPUT -p udp -m udp --dport 0:65535", saves: "-A INPUT -p udp -m udp"),
    .accepted("-A INPUT -p udp -m udp ! --dport 0:65535", saves: "-A INPUT -p udp -m udp"),
    .accepted("-A INPUT -p udp -m udp --dport ssh", saves: "-A INPUT -p udp -m udp --dport 22"),
    .same("-A INPUT -p udp -m udp --dport 5:3"),
    .same("-A INPUT -p udp -m udp --dport 0"),
    .refused("-A INPUT -p udp -m udp --dport 5:6:7"),
    .accepted("-A INPUT -p udp -m udp --dport 70000", saves: "-A INPUT -p udp -m udp --dport 4464"),
    .refused("-A INPUT -p udp -m udp --dport 0x1ffff"),
    .refused("-A INPUT -p tcp -m udp --dport 53"),
    .refused("-A INPUT -m udp --dport 53"),
  ]
}
