// The connections that a rule with -m connlimit counts, a list for each network.

/// The connections of each network (kernel: `struct nf_conncount_data`).
public struct ConnectionLists: Hashable, Sendable {
  /// How many entries a look at a list gives up before it stops to look (kernel: `CONNCOUNT_GC_MAX_NODES`).
  private static let mostGivenUp = 8

  /// The lists, in the order in which connections came; the networks are masked addresses.
  private var lists: [IPAddress: [ConnectionTuple]] = [:]

  /// Makes no lists.
  public init() {}

  /// What has become of a connection that was counted.
  public enum Standing: Sendable {
    /// It is not in the connection table.
    case gone
    /// It is TCP, and closed or about to be (kernel: `already_closed`).
    case closed
    /// It counts.
    case open
  }

  /// Counts a connection in its network (kernel: `__nf_conncount_add`): entries whose connections are gone are given
  /// up on the way to the connection's own entry, but not those behind it.
  ///
  /// - Returns: how many connections the network then has.
  public mutating func count(
    _ tuple: ConnectionTuple, in network: IPAddress, standing: (ConnectionTuple) -> Standing
  ) -> Int {
    var list = lists[network] ?? []
    var kept: [ConnectionTuple] = []
    kept.reserveCapacity(list.count + 1)
    var givenUp = 0
    var isListed = false
    var next = 0
    while next < list.count, givenUp <= Self.mostGivenUp, !isListed {
      let entry = list[next]
      next += 1
      let found = standing(entry)
      if found != .gone, entry == tuple {
        kept.append(entry)
        isListed = true
      } else if found == .open {
        kept.append(entry)
      } else {
        givenUp += 1
      }
    }
    kept += list[next...]
    if !isListed { kept.append(tuple) }
    list = kept
    lists[network] = list
    return list.count
  }
}
