// The table of tracked connections: lookup by tuple, expiry. A value: a copy goes its own way.

import NetfilterModel

/// Every tracked connection of a host (kernel: `struct nf_conn`, `nf_conntrack_hash`).
///
/// A connection that is not yet confirmed, or no longer in the table, lives until the packet that carries it is done (`releaseLoose`).
/// Nothing here takes longer the more connections there are, but for listings and `flush`; a copy shares all, and its first changes
/// copy what they change.
public struct ConnectionTable: Sendable {
  /// The two directions of each connection in the table, by the hash of their tuples: the slot's number doubled, and 1 more for the reply.
  private(set) var directions = HashChains()
  private var slots = ChunkedArray<Connection>()
  private var free = ChunkedArray<UInt32>()
  /// When the time of each connection in the table may be over, or before.
  private var expiries = ExpiryQueue()
  private var sources = NATSourceIndex()
  /// Connections that are carried by a packet and not, or no longer, in the table.
  private var loose: [ConnectionID] = []
  private var serial: UInt64 = 0
  /// How many connections are in the table.
  public private(set) var count = 0
  /// How many of them are not assured.
  private(set) var unassured = 0

  /// How long after its end a connection is surely gone, in nanoseconds: the kernel's collector comes by about once a minute (`gc_worker`).
  private static let collection: UInt64 = 300_000_000_000

  /// Makes an empty table.
  public init() {}

  /// A connection that is carried by a packet or in the table.
  @inline(__always)
  subscript(id: ConnectionID) -> Connection {
    _read { yield slots[id.slot] }
    _modify {
      let before = Standing(status: slots[id.slot].status, timeout: slots[id.slot].timeout)
      yield &slots[id.slot]
      let after = slots[id.slot].status
      if after.intersection(Self.standing) != before.status.intersection(Self.standing)
        || slots[id.slot].timeout < before.timeout
      {
        keepUp(id.slot, from: before)
      }
    }
  }

  /// Reads a connection where it lies, without a copy.
  @inline(__always)
  func with<Result>(_ id: ConnectionID, _ body: (UnsafePointer<Connection>) -> Result) -> Result {
    slots.with(id.slot, body)
  }

  /// What the table keeps count of.
  private struct Standing {
    var status: ConnectionStatus
    var timeout: UInt64
  }

  private static var standing: ConnectionStatus { [.confirmed, .dying, .assured] }

  /// Keeps the counts and the deadlines up to date when a connection has changed. A later end is seen to when the deadline comes.
  private mutating func keepUp(_ slot: Int, from before: Standing) {
    let (status, timeout) = (slots[slot].status, slots[slot].timeout)
    if before.status.isInTable {
      count -= 1
      if !before.status.contains(.assured) { unassured -= 1 }
    }
    guard status.isInTable else {
      if before.status.isInTable { expiries.remove(slot) }
      return
    }
    count += 1
    if !status.contains(.assured) { unassured += 1 }
    guard let deadline = expiries.deadline(of: slot) else {
      expiries.insert(slot, deadline: timeout, order: UInt32(truncatingIfNeeded: slots[slot].serial))
      return
    }
    if timeout < deadline { expiries.move(slot, to: timeout) }
  }

  /// All connections in the table, in the order in which they began.
  public var connections: [Connection] { idsInTable.map { slots[$0.slot] } }

  private var idsInTable: [ConnectionID] {
    (0..<slots.count).filter { slots[$0].serial != 0 && slots[$0].status.isInTable }.map { id(of: $0) }
      .sorted { $0.serial < $1.serial }
  }

  func id(of slot: Int) -> ConnectionID { ConnectionID(slot: slot, serial: slots[slot].serial) }

  /// Makes a connection that is not in the table yet.
  mutating func make(original: ConnectionTuple, reply: ConnectionTuple, hasCounters: Bool) -> ConnectionID {
    serial &+= 1
    var connection = Connection(original: original, reply: reply, serial: serial)
    connection.hasCounters = hasCounters
    let id: ConnectionID
    if let slot = free.takeLast() {
      slots[Int(slot)] = connection
      id = ConnectionID(slot: Int(slot), serial: serial)
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
      guard !slots[id.slot].status.isInTable else { continue }
      sources.remove(id.slot)
      slots[id.slot].serial = 0
      slots[id.slot].helper = nil
      slots[id.slot].expectedBy = nil
      free.append(UInt32(truncatingIfNeeded: id.slot))
    }
    loose.removeAll(keepingCapacity: true)
  }

  /// How many connections take room: those in the table, and those that packets carry on their way into it (kernel: `cnet->count`).
  private var occupied: Int {
    count
      + loose.count {
        slots[$0.slot].serial == $0.serial && slots[$0.slot].status.isDisjoint(with: [.confirmed, .dying])
      }
  }

  /// Whether there is no room for another connection beside `maximum`, 0 for any number.
  func isFull(_ maximum: UInt32) -> Bool {
    maximum != 0 && count + loose.count >= Int(maximum) && occupied >= Int(maximum)
  }

  /// The direction of a connection in the table that has a tuple.
  @inline(__always)
  private func direction(of tuple: ConnectionTuple, _ hash: UInt32) -> UInt32? {
    directions.first(hash) {
      let isOriginal = $0 & 1 == 0
      return slots.with(Int($0 >> 1)) { isOriginal ? $0.pointee.original == tuple : $0.pointee.reply == tuple }
    }
  }

  /// Puts a connection under both of its tuples, unless another has one of them, which is returned (kernel: `__nf_conntrack_hash_insert`).
  mutating func insert(_ id: ConnectionID) -> ConnectionID? {
    let (original, reply) = (slots[id.slot].original, slots[id.slot].reply)
    let (first, second) = (TableHash.of(original), TableHash.of(reply))
    if let clash = direction(of: original, first) ?? direction(of: reply, second) {
      return self.id(of: Int(clash >> 1))
    }
    directions.insert(UInt32(truncatingIfNeeded: id.slot << 1), hash: first)
    directions.insert(UInt32(truncatingIfNeeded: id.slot << 1 | 1), hash: second)
    return nil
  }

  /// Puts a connection under its reply alone, unless another has it, which is returned.
  mutating func insertReply(_ id: ConnectionID) -> ConnectionID? {
    let reply = slots[id.slot].reply
    let hash = TableHash.of(reply)
    if let clash = direction(of: reply, hash) { return self.id(of: Int(clash >> 1)) }
    directions.insert(UInt32(truncatingIfNeeded: id.slot << 1 | 1), hash: hash)
    return nil
  }

  /// The connection that a tuple belongs to, and in which direction, or nil; expired entries are removed (kernel: `nf_conntrack_find_get`).
  mutating func find(_ tuple: ConnectionTuple, now: UInt64) -> (id: ConnectionID, direction: ConnectionDirection)? {
    guard let found = direction(of: tuple, TableHash.of(tuple)) else { return nil }
    let slot = Int(found >> 1)
    let (serial, status, timeout) = slots.with(slot) { ($0.pointee.serial, $0.pointee.status, $0.pointee.timeout) }
    let id = ConnectionID(slot: slot, serial: serial)
    if status.isExpired(timeout, now) {
      remove(id)
      return nil
    }
    return (id, found & 1 == 0 ? .original : .reply)
  }

  /// Whether another connection of another origin has a tuple (kernel: `nf_conntrack_tuple_taken`).
  mutating func isTaken(_ tuple: ConnectionTuple, except id: ConnectionID, now: UInt64) -> Bool {
    guard let found = find(tuple, now: now)?.id, found != id else { return false }
    return slots[found.slot].original != slots[id.slot].original
  }

  /// Takes a connection out of the table (kernel: `nf_ct_kill`); false when it was already.
  @discardableResult
  mutating func remove(_ id: ConnectionID) -> Bool {
    let status = slots[id.slot].status
    guard !status.contains(.dying) else { return false }
    if status.contains(.confirmed) {
      // One that clashed stands under its reply alone.
      if !status.contains(.natClash) { directions.remove(UInt32(truncatingIfNeeded: id.slot << 1)) }
      directions.remove(UInt32(truncatingIfNeeded: id.slot << 1 | 1))
      sources.remove(id.slot)
    }
    self[id].status.insert(.dying)
    loose.append(id)
    return true
  }

  /// Takes every connection out of the table (`conntrack -F`).
  public mutating func flush() {
    for id in idsInTable { remove(id) }
    releaseLoose()
  }

  /// The connection whose time has been over for longest at `now`; nil when none is over.
  private mutating func firstExpired(_ now: UInt64) -> ConnectionID? {
    while let item = expiries.first, item.deadline <= now {
      let slot = Int(item.slot)
      if slots[slot].timeout <= now { return id(of: slot) }
      expiries.move(slot, to: slots[slot].timeout)
    }
    return nil
  }

  /// Takes connections out whose time is over, until there is room for another one.
  mutating func removeExpired(maximum: UInt32, now: UInt64) {
    while isFull(maximum), let id = firstExpired(now) { remove(id) }
  }

  /// Takes out what the kernel's collector has surely come by since: more for each new connection than that one needs.
  mutating func collect(now: UInt64) {
    guard now > Self.collection else { return }
    for _ in 0..<2 {
      guard let id = firstExpired(now - Self.collection) else { return }
      remove(id)
    }
  }

  // MARK: Sources

  /// Notes that the source of a connection is set up (kernel: `nf_nat_setup_info`).
  mutating func noteSource(_ id: ConnectionID) {
    let original = slots[id.slot].original
    let slots = slots
    sources.add(id.slot, hash: TableHash.ofSource(original)) { slots[$0].original.hasSource(of: original) }
  }

  /// The first result of `body` for the connections in the table that have the source of a tuple, the newest first.
  func first<Result>(fromSourceOf tuple: ConnectionTuple, _ body: (Connection) -> Result?) -> Result? {
    var next = sources.newest(TableHash.ofSource(tuple)) { slots[$0].original.hasSource(of: tuple) }
    while let slot = next {
      if slots[slot].status.isInTable, let result = body(slots[slot]) { return result }
      next = sources.older(than: slot)
    }
    return nil
  }
}

extension ConnectionTable: Hashable {
  /// Whether both have the same connections in the same places. What finds them follows from that.
  public static func == (left: ConnectionTable, right: ConnectionTable) -> Bool {
    left.serial == right.serial && left.count == right.count && left.loose == right.loose && left.free == right.free
      && left.slots == right.slots
  }

  /// The number of connections, now and ever.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(serial)
    hasher.combine(count)
  }
}

extension ConnectionStatus {
  /// Whether a connection with this status stands in the table.
  @inline(__always)
  var isInTable: Bool { rawValue & (Self.confirmed.rawValue | Self.dying.rawValue) == Self.confirmed.rawValue }

  /// Whether the time of a connection with this status is over; only one in the table has a point in time.
  @inline(__always)
  func isExpired(_ timeout: UInt64, _ now: UInt64) -> Bool { contains(.confirmed) && timeout <= now }
}

extension Connection {
  /// Whether its time is over.
  func isExpired(_ now: UInt64) -> Bool { status.isExpired(timeout, now) }

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
