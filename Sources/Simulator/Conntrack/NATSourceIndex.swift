// Which connections a source already has, so that it keeps its translation.

import NetfilterModel

/// The connections of each source (kernel: `nf_nat_bysource`), the newest first.
struct NATSourceIndex: Hashable, Sendable {
  /// A source (kernel: `hash_by_src`).
  struct Key: ShardKey {
    var address: IPAddress
    var port: UInt16
    var protocolNumber: ProtocolNumber

    init(_ tuple: ConnectionTuple) {
      address = tuple.source
      port = tuple.sourceKey
      protocolNumber = tuple.protocolNumber
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(address)
      hasher.combine(UInt32(port) << 8 | UInt32(protocolNumber.rawValue))
    }

    var shard: UInt64 { address.low &+ address.high &+ UInt64(port) &* 5 }
  }

  /// The connections of one source; nearly always one.
  private struct Entry: Hashable, Sendable {
    var newest: ConnectionID
    var older: [ConnectionID] = []
  }

  private var entries = ShardedTable<Key, Entry>()
  private var count = 0
  private var sweepAt = 1024

  init() {}

  /// Whether a connection still counts: it is in the table, and not on its way out.
  private static func counts(_ id: ConnectionID, _ table: borrowing ConnectionTable) -> Bool {
    guard let connection = table.existing(id) else { return false }
    return connection.status.contains(.confirmed) && !connection.status.contains(.dying)
  }

  /// Notes a connection whose source is set up.
  mutating func add(_ id: ConnectionID, _ original: ConnectionTuple, _ table: borrowing ConnectionTable) {
    let key = Key(original)
    if let entry = entries.updateValue(Entry(newest: id), forKey: key),
      !entry.older.isEmpty || Self.counts(entry.newest, table)
    {
      _ = entries.updateValue(Entry(newest: id, older: entry.older + [entry.newest]), forKey: key)
    }
    count += 1
    if count >= sweepAt { sweep(table) }
  }

  /// The first result of `body` for the connections of a source, the newest first.
  func first<Result>(
    from tuple: ConnectionTuple, in table: borrowing ConnectionTable, _ body: (Connection) -> Result?
  ) -> Result? {
    guard let entry = entries[Key(tuple)] else { return nil }
    if Self.counts(entry.newest, table), let result = body(table[entry.newest]) { return result }
    for id in entry.older.reversed() where Self.counts(id, table) {
      if let result = body(table[id]) { return result }
    }
    return nil
  }

  /// Forgets connections that are gone.
  private mutating func sweep(_ table: borrowing ConnectionTable) {
    var kept = 0
    let table = copy table
    entries.compactMapValues { entry in
      var alive = (entry.older + [entry.newest]).filter { Self.counts($0, table) }
      kept += alive.count
      return alive.popLast().map { Entry(newest: $0, older: alive) }
    }
    count = kept
    sweepAt = max(1024, kept * 2)
  }
}
