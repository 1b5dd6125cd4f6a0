// How a cluster shares connections among its nodes.

/// How connections are shared among nodes (kernel: `struct xt_cluster_match_info`).
public struct ClusterHash: Hashable, Sendable {
  /// The number of nodes, 1...32.
  public var nodes: UInt32
  /// The seed of the hash.
  public var seed: UInt32

  /// Makes a way of sharing.
  public init(nodes: UInt32, seed: UInt32) {
    self.nodes = nodes
    self.seed = seed
  }

  /// The node of a connection's original source, from 0; of an IPv6 address only the first 32 bits count (kernel:
  /// `xt_cluster_hash_ipv6`, which takes a number of addresses for one of bytes).
  public func node(of source: IPAddress) -> UInt32 {
    JenkinsHash.scale(JenkinsHash.hash(Array(source.networkWords.prefix(1)), seed: seed), nodes)
  }
}
