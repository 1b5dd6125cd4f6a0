// The connections that a rule with -m connlimit counts, a list for each network.

/// The connections of each network (kernel: `struct nf_conncount_data`).
public struct ConnectionLists: Hashable, Sendable {
  /// How many entries a look at a list gives up before it stops to look (kernel: `CONNCOUNT_GC_MAX_NODES`).
  private static let mostGivenUp = 8

  /// The connections of a network.
  private struct List: Hashable, Sendable {
    /// In the order in which they came.
    var entries: [ConnectionTuple] = []
    /// The walk in which the last one was put in; 0 for none.
    var lastAdded: UInt64 = 0

    /// Whether a connection is in the list; gives up entries on the way to it.
    mutating func look(for tuple: ConnectionTuple, _ standing: (ConnectionTuple) -> Standing) -> Bool {
      var kept: [ConnectionTuple] = []
      kept.reserveCapacity(entries.count + 1)
      var givenUp = 0
      var isListed = false
      var next = 0
      while next < entries.count, givenUp <= ConnectionLists.mostGivenUp, !isListed {
        let entry = entries[next]
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
      kept += entries[next...]
      entries = kept
      return isListed
    }
  }

  /// The lists; the networks are masked addresses.
  private var lists: [IPAddress: List] = [:]

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
  /// up on the way to the connection's own entry, but not those behind it. Within the tick of the kernel's clock in which
  /// the last entry came nothing is looked up: a connection that is asked about again is counted once more.
  ///
  /// - Parameters:
  ///   - tuple: the connection.
  ///   - network: its network.
  ///   - turn: the number of the walk, which stands for the tick.
  ///   - standing: what has become of a connection.
  /// - Returns: how many connections the network then has.
  public mutating func count(
    _ tuple: ConnectionTuple, in network: IPAddress, turn: UInt64, standing: (ConnectionTuple) -> Standing
  ) -> Int {
    var list = lists[network] ?? List()
    let isListed = list.lastAdded != turn && list.look(for: tuple, standing)
    if !isListed {
      list.entries.append(tuple)
      list.lastAdded = turn
    }
    lists[network] = list
    return list.entries.count
  }
}
