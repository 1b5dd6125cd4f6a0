// Which connections a source already has, so that it keeps its translation.

import NetfilterModel

/// Connections by their original source, newest first (kernel: `nf_nat_bysource`).
///
/// Holds its connections weakly; dying ones are passed over and cleaned out as it grows.
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
  }

  struct Entry { weak var connection: Connection? }

  private var entries: [Key: [Entry]] = [:]
  private var count = 0
  private var sweepAt = 1024

  /// Adds a connection whose source NAT was set up.
  func add(_ connection: Connection) {
    entries[Key(connection.original), default: []].append(Entry(connection: connection))
    count += 1
    if count >= sweepAt { sweep() }
  }

  /// Takes a connection out (kernel: `nf_nat_cleanup_conntrack`); needed for one that is dropped before it was confirmed but is still referred to.
  func remove(_ connection: Connection) {
    let key = Key(connection.original)
    guard var list = entries[key] else { return }
    let before = list.count
    list.removeAll { $0.connection === connection }
    count -= before - list.count
    entries[key] = list.isEmpty ? nil : list
  }

  /// The connections with the source of `tuple`, newest first.
  func connections(from tuple: ConnectionTuple) -> [Connection] {
    guard let list = entries[Key(tuple)] else { return [] }
    return list.reversed().compactMap(\.connection).filter { !$0.status.contains(.dying) }
  }

  private func sweep() {
    count = 0
    for (key, list) in entries {
      let kept = list.filter { $0.connection.map { !$0.status.contains(.dying) } ?? false }
      count += kept.count
      entries[key] = kept.isEmpty ? nil : kept
    }
    sweepAt = max(1024, count * 2)
  }
}
