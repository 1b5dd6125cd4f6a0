// -j NETMAP: maps a whole network onto another, host by host.

/// Replaces the network part of an address (kernel: `netmap_tg4`; man page: iptables-extensions, NETMAP).
public struct NETMAPTarget: TargetExtension {
  /// The network.
  public var network: AddressMatch?
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "NETMAP", tables: .nat, hooks: [.prerouting, .input, .output, .postrouting],
    summary: "maps a whole network onto another")

  /// The option table.
  public static let options: [OptionSpec<NETMAPTarget>] = [
    .value("to", .init({ $0.network }, { $0.network = $1 }), .netmapNetwork, isMandatory: true)
  ]

  /// It works on connections.
  public var enablesConntrack: Bool { true }

  /// Sets up the translation of the destination on PREROUTING and OUTPUT, of the source elsewhere, counted from the packet's address (kernel: `netmap_tg4`).
  public func apply(_ packet: inout PacketContext) -> TargetResult {
    guard let network else { return .next }
    let isDestination = packet.hook == .prerouting || packet.hook == .output
    let old = isDestination ? packet.header.destination : packet.header.source
    let hostBits = packet.header.family == .ipv4 ? UInt64(UInt32.max) : .max
    let new = IPAddress(
      family: old.family, high: old.high & ~network.mask.high | network.address.high,
      low: old.low & ~network.mask.low & hostBits | network.address.low)
    var range = NATRange()
    range.addresses = new...new
    return packet.services.setUpNAT(&packet, range: range, manipulation: isDestination ? .destination : .source)
  }

  /// `to:10.0.0.0/24`.
  public func listing(_ style: ListStyle) -> String { "to:" + (network?.description ?? "") }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A PREROUTING -j NETMAP --to 10.0.0.0/24", table: .nat),
    .accepted(
      "-A INPUT -j NETMAP --to 10.0.0.5/255.255.255.0", saves: "-A INPUT -j NETMAP --to 10.0.0.0/24", table: .nat),
    .accepted("-A OUTPUT -j NETMAP --to 10.0.0.5", saves: "-A OUTPUT -j NETMAP --to 10.0.0.5/32", table: .nat),
    .accepted(
      "-A POSTROUTING -j NETMAP --to 10.0.0.0/255.0.255.0", saves: "-A POSTROUTING -j NETMAP --to 10.0.0.0/32",
      table: .nat),
    .accepted(
      "-A POSTROUTING -j NETMAP --to 10.1.2.3/33", saves: "-A POSTROUTING -j NETMAP --to 10.1.2.3/32", table: .nat),
    .accepted(
      "-A POSTROUTING -j NETMAP --to 10.1.2/24", saves: "-A POSTROUTING -j NETMAP --to 10.1.0.0/24", table: .nat),
    .refused("-A PREROUTING -j NETMAP", table: .nat),
    .refused("-A PREROUTING -j NETMAP --to 10.1.2.3/", table: .nat),
    .refused("-A PREROUTING -j NETMAP --to 10.1.2.3/255.255.255.256", table: .nat),
    .refused("-A PREROUTING -j NETMAP --to 300.1.2.3/24", table: .nat),
    .refused("-A PREROUTING -j NETMAP --to 10.0.0.0/24", table: .mangle),
  ]
}
