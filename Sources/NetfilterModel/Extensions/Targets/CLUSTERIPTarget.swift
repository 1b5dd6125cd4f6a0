// -j CLUSTERIP: one address for several hosts, as kernels before 6.3 did.

/// Lets one of several hosts answer (kernel: `clusterip_tg` before 6.3; man page: iptables-extensions, CLUSTERIP).
public struct CLUSTERIPTarget: TargetExtension {
  /// What connections are shared by.
  public enum Mode: String, Hashable, Sendable, CaseIterable {
    /// The source address.
    case sourceip
    /// The source address and port.
    case sourcePort = "sourceip-sourceport"
    /// The source address and both ports.
    case bothPorts = "sourceip-sourceport-destport"
  }
  /// `--new`.
  public var isNew = false
  /// What connections are shared by.
  public var mode: Mode?
  /// The Ethernet address of the group, six bytes.
  public var mac: [UInt8]?
  /// The number of hosts, 0...16.
  public var total: UInt16?
  /// The number of this host, 0...16.
  public var local: UInt16?
  /// The seed of the hash.
  public var seed: UInt32 = 0
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "CLUSTERIP", families: [.ipv4], summary: "one address for several hosts",
    outside: "which hosts of the cluster are up", isCompared: false)

  /// The option table; nothing is printed without `--new`, and all of it with it.
  public static let options: [OptionSpec<CLUSTERIPTarget>] = [
    .flag("new", .init({ $0.isNew }, { $0.isNew = $1 })),
    row("hashmode", "mode", { $0.mode?.rawValue ?? "" }) { (owner, argument) throws(OptionError) in
      guard let mode = Mode(rawValue: argument.text) else {
        throw OptionError(
          "`\(argument.text)` is not a mode",
          help: "the modes are \(Mode.allCases.map { $0.rawValue }.joined(separator: ", "))")
      }
      owner.mode = mode
    },
    row("clustermac", "XX:XX:XX:XX:XX:XX", { $0.macText }) { (owner, argument) throws(OptionError) in
      let parts = argument.text.split(separator: ":", omittingEmptySubsequences: false)
      let bytes = parts.compactMap { $0.utf8.count <= 2 ? UInt8($0, radix: 16) : nil }
      guard parts.count == 6, bytes.count == 6 else {
        throw OptionError("`\(argument.text)` is not an Ethernet address")
      }
      guard bytes.first.map({ $0 & 1 == 1 }) == true else {
        throw OptionError("`\(argument.text)` is not the address of a group")
      }
      owner.mac = bytes
    },
    row("total-nodes", "number", { "\($0.total ?? 0)" }) { (owner, argument) throws(OptionError) in
      owner.total = try ValueCodec<UInt16>.number(0...16).parse(argument)
    },
    row("local-node", "number", { "\($0.local ?? 0)" }) { (owner, argument) throws(OptionError) in
      owner.local = try ValueCodec<UInt16>.number(0...16).parse(argument)
    },
    row("hash-init", "number", { "\($0.seed)" }) { (owner, argument) throws(OptionError) in
      owner.seed = try ValueCodec<UInt32>.number().parse(argument)
    },
  ]

  private static func row(
    _ name: String, _ placeholder: String, _ text: @escaping @Sendable (CLUSTERIPTarget) -> String,
    _ parse: @escaping @Sendable (inout CLUSTERIPTarget, OptionArgument) throws(OptionError) -> Void
  ) -> OptionSpec<CLUSTERIPTarget> {
    OptionSpec(
      name, placeholder: placeholder, parse: parse,
      save: { owner, writer in if owner.isNew { writer.option(name, text(owner)) } })
  }

  private var macText: String {
    (mac ?? []).map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: ":")
  }

  /// Wants all options but the last, or none.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    guard rule.hasOptions else { return }
    guard isNew, mode != nil, mac != nil, total != nil, local != nil else {
      throw OptionError(
        "CLUSTERIP needs --new, --hashmode, --clustermac, --total-nodes and --local-node together, or no option")
    }
  }

  /// The kernel wants the address of the cluster (kernel: `clusterip_tg_check`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    guard let destination = rule.header.destination?.value, destination.mask.prefixLength == 32,
      !destination.address.isZero
    else {
      return OptionError("the kernel wants one destination address", help: "write `-d` with the cluster's address")
    }
    return isNew && rule.header.input == nil ? OptionError("the kernel wants an interface", help: "write `-i`") : nil
  }

  /// Which host answers is not known (kernel: `clusterip_tg`).
  public var effects: [Effect] { [.unknown("which host of the cluster answers is not known")] }

  /// `CLUSTERIP hashmode=sourceip clustermac=01:00:5E:00:00:01 total_nodes=2 local_node=1 hash_init=0`.
  public func listing(_ style: ListStyle) -> String {
    guard isNew else { return "CLUSTERIP" }
    return "CLUSTERIP hashmode=\(mode?.rawValue ?? "") clustermac=\(macText) total_nodes=\(total ?? 0) "
      + "local_node=\(local ?? 0) hash_init=\(seed)"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted("-A INPUT -d 10.0.0.1 -j CLUSTERIP", saves: "-A INPUT -d 10.0.0.1/32 -j CLUSTERIP"),
    .accepted(
      "-A INPUT -d 10.0.0.1 -i eth0 -j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5e:00:00:1 --total-nodes 2 --local-node 1",
      saves:
        "-A INPUT -d 10.0.0.1/32 -i eth0 -j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5E:00:00:01 --total-nodes 2 --local-node 1 --hash-init 0"
    ),
    .refused("-A INPUT -d 10.0.0.1 -j CLUSTERIP --new"), .refused("-A INPUT -d 10.0.0.1 -j CLUSTERIP --hash-init 1"),
    .refused("-A INPUT -j CLUSTERIP"),
    .refused(
      "-A INPUT -d 10.0.0.1 -i eth0 -j CLUSTERIP --new --hashmode sourceip --clustermac 00:00:5e:00:00:1 --total-nodes 2 --local-node 1"
    ),
  ]
}
