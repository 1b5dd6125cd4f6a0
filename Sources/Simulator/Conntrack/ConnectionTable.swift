// The table of tracked connections: lookup by tuple, expiry. A value: a copy goes its own way.

import NetfilterModel

/// Every tracked connection of a host (kernel: `struct nf_conn`, `nf_conntrack_hash`).
///
/// A connection that is not yet confirmed, or no longer in the table, lives until the packet that carries it is done (`releaseLoose`).
public struct ConnectionTable: Hashable, Sendable {
  /// One direction of a connection in the table.
  struct Entry: Hashable, Sendable {
    var id: ConnectionID
    var direction: ConnectionDirection
  }

  /// The entries by tuple: two for each confirmed connection.
  var entries = ShardedTable<ConnectionTuple, Entry>()
  private var slots = ChunkedArray<Connection>()
  private var free: [Int] = []
  /// Connections that are carried by a packet and not, or no longer, in the table.
  private var loose: [ConnectionID] = []
  private var serial: UInt64 = 0

  /// Makes an empty table.
  public init() {}

  /// How many connections are in the table.
  public var count: Int { entries.count / 2 }

  /// A connection that is carried by a packet or in the table.
  @inline(__always)
  subscript(id: ConnectionID) -> Connection {
    get { slots[id.slot] }
    _modify { yield &slots[id.slot] }
  }

  /// The connection with a name, or nil when its place was given away.
  func existing(_ id: ConnectionID) -> Connection? {
    guard id.slot < slots.count, slots[id.slot].serial == id.serial else { return nil }
    return slots[id.slot]
  }

  /// All connections in the table, in the order in which they began.
  public var connections: [Connection] { confirmedIDs.map { slots[$0.slot] } }

  private var confirmedIDs: [ConnectionID] {
    entries.values.filter { $0.direction == .reply }.map { $0.id }.sorted { $0.serial < $1.serial }
  }

  /// Makes a connection that is not in the table yet.
  mutating func make(original: ConnectionTuple, reply: ConnectionTuple, hasCounters: Bool) -> ConnectionID {
    serial &+= 1
    var connection = Connection(original: original, reply: reply, serial: serial)
    connection.hasCounters = hasCounters
    let id: ConnectionID
    if let slot = free.popLast() {
      slots[slot] = connection
      id = ConnectionID(slot: slot, serial: serial)
    } else {
      id = ConnectionID(slot: slots.count, serial: serial)
      slots.append(connection)
    }
    loose.append(id)
    return id
  }

  /// Gives back the places of connections that no packet carries any more and that are not in the table.
  mutating func releaseLoose() {
    guard !loose.isEmpty else { return }
    for id in loose where slots[id.slot].serial == id.serial {
      let status = slots[id.slot].status
      guard !status.contains(.confirmed) || status.contains(.dying) else { continue }
      slots[id.slot].serial = 0
      slots[id.slot].helper = nil
      slots[id.slot].expectedBy = nil
      free.append(id.slot)
    }
    loose.removeAll(keepingCapacity: true)
  }

  /// The connection that a tuple belongs to, and in which direction, or nil; expired entries are removed (kernel: `nf_conntrack_find_get`).
  mutating func find(_ tuple: ConnectionTuple, now: UInt64) -> (id: ConnectionID, direction: ConnectionDirection)? {
    guard let entry = entries[tuple] else { return nil }
    if slots[entry.id.slot].isExpired(now) {
      remove(entry.id)
      return nil
    }
    return (entry.id, entry.direction)
  }

  /// Whether another connection of another origin has a tuple (kernel: `nf_conntrack_tuple_taken`).
  mutating func isTaken(_ tuple: ConnectionTuple, except id: ConnectionID, now: UInt64) -> Bool {
    guard let found = find(tuple, now: now)?.id, found != id else { return false }
    return self[found].original != self[id].original
  }

  /// Takes a connection out of the table (kernel: `nf_ct_kill`); false when it was already.
  @discardableResult
  mutating func remove(_ id: ConnectionID) -> Bool {
    guard !self[id].status.contains(.dying) else { return false }
    self[id].status.insert(.dying)
    let (original, reply) = (self[id].original, self[id].reply)
    if entries[original]?.id == id { entries.removeValue(forKey: original) }
    if entries[reply]?.id == id { entries.removeValue(forKey: reply) }
    loose.append(id)
    return true
  }

  /// Takes every connection out of the table (`conntrack -F`).
  public mutating func flush() {
    for id in confirmedIDs { remove(id) }
    entries.removeAll()
    releaseLoose()
  }

  /// Takes every connection out whose time is over.
  mutating func removeExpired(now: UInt64) {
    for id in confirmedIDs where slots[id.slot].isExpired(now) { remove(id) }
  }
}

extension ConnectionTuple: ShardKey {
  var shard: UInt64 {
    source.low &+ destination.low &* 3 &+ (source.high ^ destination.high) &+ UInt64(sourceKey) &* 5
      &+ UInt64(destinationKey) &* 7
  }
}

extension Connection {
  /// Whether its time is over; only one in the table has a point in time.
  func isExpired(_ now: UInt64) -> Bool { status.contains(.confirmed) && timeout <= now }

  /// How long it still lives, in nanoseconds.
  func remaining(_ now: UInt64) -> UInt64 { timeout > now ? timeout &- now : 0 }

  /// Counts a packet of a direction (kernel: `nf_ct_acct_update`).
  mutating func account(_ direction: ConnectionDirection, bytes: Int) {
    guard hasCounters else { return }
    if direction == .original {
      originalCounters.count(length: bytes)
    } else {
      replyCounters.count(length: bytes)
    }
  }

  /// Counts a packet and sets the time that the connection lives from now on (kernel: `__nf_ct_refresh_acct`).
  mutating func refresh(_ direction: ConnectionDirection, bytes: Int, seconds: UInt32, now: UInt64) {
    if !status.contains(.fixedTimeout) { setTimeout(seconds, now: now) }
    account(direction, bytes: bytes)
  }

  /// Sets the time that the connection lives from now on; one that is not in the table yet counts from its confirmation.
  mutating func setTimeout(_ seconds: UInt32, now: UInt64) {
    let duration = UInt64(seconds) &* 1_000_000_000
    timeout = status.contains(.confirmed) ? now &+ duration : duration
  }
}

extension ConnectionStatus {
  /// Another connection has the original tuple (kernel: `IPS_NAT_CLASH`).
  static let natClash = ConnectionStatus(rawValue: 1 << 12)
}
