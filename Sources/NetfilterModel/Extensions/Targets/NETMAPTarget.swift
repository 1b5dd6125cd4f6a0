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

  /// Translates the end that belongs to the hook (kernel: `netmap_tg4`).
  public var effects: [Effect] {
    network.map { [.translate(Translation(nil, to: .network($0)))] } ?? []
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
