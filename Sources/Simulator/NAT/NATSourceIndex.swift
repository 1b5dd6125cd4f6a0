// Which connections a source already has, so that it keeps its translation.

import NetfilterModel

/// Confirmed connections by their original source, newest first (kernel: `nf_nat_bysource`).
///
/// A connection is added before it is confirmed; one that never is, or that is dying, is passed over and cleaned out as the index grows.
final class NATSourceIndex {
  /// Protocol, address and port or identifier of an original source (kernel: `same_src`).
  struct Key: Hashable {
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
  }

  /// The connections of one source: most have one.
  private struct Entry {
    var newest: Connection
    var older: [Connection] = []

    var isStale: Bool { older.isEmpty && !Self.counts(newest) }

    static func counts(_ connection: Connection) -> Bool {
      connection.status.contains(.confirmed) && !connection.status.contains(.dying)
    }
  }

  @exclusivity(unchecked) private var entries: [Key: Entry] = [:]
  @exclusivity(unchecked) private var count = 0
  @exclusivity(unchecked) private var sweepAt = 1024

  /// Adds a connection whose source NAT was set up.
  func add(_ connection: Connection) {
    let key = Key(connection.original)
    if let entry = entries.updateValue(Entry(newest: connection), forKey: key), !entry.isStale {
      entries[key]?.older = entry.older + [entry.newest]
    }
    count += 1
    if count >= sweepAt { sweep() }
  }

  /// The first mapping that `body` finds among the connections with the source of `tuple`, newest first.
  func first<Result>(from tuple: ConnectionTuple, _ body: (Connection) -> Result?) -> Result? {
    guard let entry = entries[Key(tuple)] else { return nil }
    if Entry.counts(entry.newest), let result = body(entry.newest) { return result }
    for connection in entry.older.reversed() where Entry.counts(connection) {
      if let result = body(connection) { return result }
    }
    return nil
  }

  private func sweep() {
    count = 0
    entries = entries.compactMapValues { entry in
      var kept = (entry.older + [entry.newest]).filter(Entry.counts)
      count += kept.count
      return kept.popLast().map { Entry(newest: $0, older: kept) }
    }
    sweepAt = max(1024, count * 2)
  }
}
