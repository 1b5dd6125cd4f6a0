// What a full connection table does to a new connection.

import NetfilterModel

/// What became of a new connection for which the table had no room.
struct TableShortage: Hashable, Sendable {
  /// The connections that were taken out to make room; when there are none, the packet is dropped (kernel: "table full, dropping packet").
  var evicted: [Connection] = []
  /// Whether the key of a kernel's hash decides: some connection may be evicted, but the kernel looks only near the new one's place.
  var isByChance = false
}

extension ConnectionTable {
  /// In how many buckets the kernel looks for a connection to evict (kernel: `NF_CT_EVICTION_RANGE`).
  private static let evictionRange: UInt32 = 8

  /// Makes room for a connection if there is none; false when there is none to be made (kernel: `__nf_conntrack_alloc`, `early_drop`).
  ///
  /// Connections whose time is over make room first: the kernel's collector is taken to have come by. Then the kernel looks through
  /// eight buckets of its hash table from the new connection's on, and evicts all connections of the first bucket that has any which
  /// are not assured. With many more buckets than connections it mostly finds none and drops the packet.
  mutating func makeRoom(
    for tuple: ConnectionTuple, _ settings: ConntrackSettings, now: UInt64, _ shortage: inout TableShortage?
  ) -> Bool {
    collect(now: now)
    guard isFull(settings.maximum) else { return true }
    removeExpired(maximum: settings.maximum, now: now)
    guard isFull(settings.maximum) else { return true }
    guard unassured > 0, settings.buckets > 0 else {
      shortage = TableShortage()
      return false
    }
    var bucket = HashChains.bucket(of: TableHash.of(tuple), size: settings.buckets)
    for _ in 0..<Self.evictionRange {
      let evicted = evict(bucket, of: settings.buckets, now: now)
      if !evicted.isEmpty {
        shortage = TableShortage(evicted: evicted, isByChance: true)
        return true
      }
      bucket = (bucket &+ 1) % settings.buckets
    }
    shortage = TableShortage(isByChance: true)
    return false
  }

  /// Takes the connections out of a bucket that are not assured, the oldest first (kernel: `early_drop_list`).
  private mutating func evict(_ bucket: UInt32, of size: UInt32, now: UInt64) -> [Connection] {
    var evicted: [(id: ConnectionID, connection: Connection)] = []
    for direction in directions.nodes(inBucket: bucket, size: size) {
      let id = id(of: Int(direction >> 1))
      guard self[id].status.isInTable, !self[id].status.contains(.assured), !self[id].isExpired(now) else { continue }
      evicted.append((id, self[id]))
      remove(id)
    }
    return evicted.sorted { $0.id.serial < $1.id.serial }.map { $0.connection }
  }
}
