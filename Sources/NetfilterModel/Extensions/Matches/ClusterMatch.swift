// -m cluster: whether a connection falls to this node of a cluster.

/// Matches connections whose original source falls to some nodes (kernel: `xt_cluster_mt`; man page:
/// iptables-extensions, cluster).
public struct ClusterMatch: MatchExtension {
  /// The nodes, bit 0 for the first.
  public var nodes: Invertible<UInt32>?
  /// The number of nodes, 1...32.
  public var total: UInt32?
  /// The seed of the hash.
  public var seed: UInt32?
  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("cluster", summary: "whether a connection falls to this node of a cluster")

  /// The option table; one node is printed as a mask.
  public static let options: [OptionSpec<ClusterMatch>] = [
    OptionSpec(
      "cluster-local-node", canInvert: true, excludes: ["cluster-local-nodemask"], placeholder: "number",
      parse: { (owner, argument) throws(OptionError) in
        let node = try ValueCodec<UInt32>.number(1...32).parse(argument)
        owner.nodes = Invertible(1 << (node - 1), inverted: argument.inverted)
      }, save: { _, _ in }),
    OptionSpec(
      "cluster-local-nodemask", canInvert: true, excludes: ["cluster-local-node"], placeholder: "mask",
      parse: { (owner, argument) throws(OptionError) in
        owner.nodes = Invertible(
          try ValueCodec<UInt32>.number(1...32).parse(argument), inverted: argument.inverted)
      },
      save: { owner, writer in
        guard let nodes = owner.nodes else { return }
        writer.option("cluster-local-nodemask", hex(nodes.value), inverted: nodes.inverted)
      }),
    .value("cluster-total-nodes", .init({ $0.total }, { $0.total = $1 }), .number(1...32), isMandatory: true),
    OptionSpec(
      "cluster-hash-seed", isMandatory: true, placeholder: "number",
      parse: { (owner, argument) throws(OptionError) in
        owner.seed = try ValueCodec<UInt32>.number().parse(argument)
      },
      save: { owner, writer in if let seed = owner.seed { writer.option("cluster-hash-seed", hex(seed)) } }),
  ]

  /// Eight digits.
  private static func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
  }

  /// Refuses nodes that there are not.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    guard let nodes else {
      if total == nil || seed == nil { return }
      throw OptionError("cluster needs --cluster-local-node or --cluster-local-nodemask")
    }
    if let total, seed != nil, UInt64(nodes.value) >= UInt64(1) << UInt64(total) {
      throw OptionError("the cluster has \(total) nodes, and none of them has the number that is meant")
    }
  }

  /// The node follows from the connection (kernel: `xt_cluster_mt_checkentry`).
  public var enablesConntrack: Bool { true }

  /// Compares the node of the connection (kernel: `xt_cluster_mt`).
  public var conditions: [Condition] {
    guard let nodes, let total, let seed else { return [] }
    return [
      .opaque(
        "",
        OpaqueTest(
          reads: [.packetType, .destination], keepsState: false, mayBeUnknown: true,
          saw: { _, _, _ in "the match makes the packet one for this host, which is not simulated" },
          evaluate: { packet, _, _ in
            packet.packet.type == .multicast && !packet.header.destination.isMulticast ? .unknown : .holds
          })),
      Condition(
        "cluster-local-nodemask", .connectionNode(ClusterHash(nodes: total, seed: seed)), .anyBit(UInt64(nodes.value)),
        inverted: nodes.inverted),
    ]
  }

  /// `cluster node_mask=0x00000002 total_nodes=4 hash_seed=0xdeadbeef`.
  public func listing(_ style: ListStyle) -> String {
    guard let nodes, let total, let seed else { return "" }
    return "cluster \(nodes.inverted ? "!" : "")node_mask=\(Self.hex(nodes.value)) total_nodes=\(total) "
      + "hash_seed=\(Self.hex(seed))"
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .accepted(
      "-A INPUT -m cluster --cluster-total-nodes 4 --cluster-local-node 2 --cluster-hash-seed 0xdeadbeef",
      saves:
        "-A INPUT -m cluster --cluster-local-nodemask 0x00000002 --cluster-total-nodes 4 --cluster-hash-seed 0xdeadbeef"
    ),
    .accepted(
      "-A INPUT -m cluster --cluster-total-nodes 32 ! --cluster-local-node 32 --cluster-hash-seed 0",
      saves:
        "-A INPUT -m cluster ! --cluster-local-nodemask 0x80000000 --cluster-total-nodes 32 --cluster-hash-seed 0x00000000",
      family: .ipv6),
    .same(
      "-A INPUT -m cluster ! --cluster-local-nodemask 0x00000005 --cluster-total-nodes 4 --cluster-hash-seed 0x00000001"
    ),
    .refused("-A INPUT -m cluster --cluster-total-nodes 4 --cluster-local-nodemask 16 --cluster-hash-seed 1"),
    .refused("-A INPUT -m cluster --cluster-total-nodes 32 --cluster-local-nodemask 33 --cluster-hash-seed 1"),
    .refused("-A INPUT -m cluster --cluster-total-nodes 4 --cluster-local-node 5 --cluster-hash-seed 1"),
    .refused("-A INPUT -m cluster --cluster-total-nodes 4 --cluster-local-node 0 --cluster-hash-seed 1"),
    .refused("-A INPUT -m cluster --cluster-total-nodes 33 --cluster-local-node 1 --cluster-hash-seed 1"),
    .refused("-A INPUT -m cluster --cluster-total-nodes 4 --cluster-local-node 1"),
    .refused("-A INPUT -m cluster --cluster-local-node 1 --cluster-hash-seed 1"),
    .refused("-A INPUT -m cluster --cluster-total-nodes 4 --cluster-hash-seed 1"),
    .refused(
      "-A INPUT -m cluster --cluster-total-nodes 4 --cluster-local-node 1 --cluster-local-nodemask 1 --cluster-hash-seed 1"
    ),
    .refused("-A INPUT -m cluster --cluster-total-nodes 4 --cluster-local-node 1 --cluster-hash-seed 4294967296"),
  ]
}
