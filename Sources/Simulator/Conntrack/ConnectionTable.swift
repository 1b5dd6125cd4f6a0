// The table of tracked connections: lookup by tuple, expiry, copies.

import NetfilterModel

/// The connections that the host tracks (kernel: nf_conntrack).
public final class ConnectionTable {
  /// The sysctls.
  @exclusivity(unchecked) public var settings: ConntrackSettings
  /// Whether tracking runs at all; the kernel registers its hooks when a rule first needs them.
  @exclusivity(unchecked) public var isEnabled: Bool
  /// The confirmed connections, each under both of its tuples.
  @exclusivity(unchecked) var entries: [ConnectionTuple: Entry] = [:]
  /// How many connections were ever made.
  @exclusivity(unchecked) var serial: UInt64 = 0
  /// Whether the transport checksum of the packet that was tracked last was verified, and right.
  @exclusivity(unchecked) var hasVerifiedChecksum = false

  /// A connection under one of its tuples (kernel: `struct nf_conntrack_tuple_hash`).
  struct Entry {
    /// The connection.
    var connection: Connection
    /// The direction that the tuple is of.
    var direction: ConnectionDirection
  }

  /// Makes an empty table.
  public init(settings: ConntrackSettings = ConntrackSettings(), isEnabled: Bool = false) {
    self.settings = settings
    self.isEnabled = isEnabled
  }

  /// The confirmed connections in the order in which they were made; expired ones may still be among them.
  public var connections: [Connection] {
    entries.values.filter { $0.direction == .reply }.map(\.connection).sorted { $0.serial < $1.serial }
  }

  /// Finds the connection that a tuple belongs to, and which of its directions (kernel: `nf_conntrack_find_get`).
  ///
  /// An entry whose time (`now`, nanoseconds) has come is removed and not found.
  public func find(
    _ tuple: ConnectionTuple, now: UInt64
  ) -> (connection: Connection, direction: ConnectionDirection)? {
    guard let entry = entries[tuple] else { return nil }
    if entry.connection.isExpired(now) {
      remove(entry.connection)
      return nil
    }
    return (entry.connection, entry.direction)
  }

  /// Whether another connection already uses `tuple`, the reply tuple that NAT would like to give to `connection`
  /// (kernel: `nf_conntrack_tuple_taken`).
  ///
  /// A connection with the same original tuple does not count: that is the same flow.
  public func isTaken(_ tuple: ConnectionTuple, except connection: Connection, now: UInt64) -> Bool {
    guard let found = find(tuple, now: now)?.connection, found !== connection else { return false }
    return found.original != connection.original
  }

  /// Gives an unconfirmed connection the reply tuple that NAT chose (kernel: `nf_conntrack_alter_reply`).
  public func alterReply(_ connection: Connection, _ tuple: ConnectionTuple) {
    connection.reply = tuple
  }

  /// Removes a connection from the table (kernel: `nf_ct_delete`).
  ///
  /// - Returns: false when it was being removed already.
  @discardableResult
  public func remove(_ connection: Connection) -> Bool {
    guard !connection.status.contains(.dying) else { return false }
    connection.status.insert(.dying)
    for tuple in [connection.original, connection.reply] where entries[tuple]?.connection === connection {
      entries[tuple] = nil
    }
    return true
  }

  /// Forgets every connection (`conntrack -F`).
  public func flush() {
    for connection in connections { remove(connection) }
    entries.removeAll()
  }

  /// Removes what expired before `now` (kernel: `gc_worker`).
  func removeExpired(now: UInt64) {
    for connection in connections where connection.isExpired(now) { remove(connection) }
  }
}

extension Connection {
  /// Whether the connection stands in the table and its time has come (kernel: `nf_ct_is_expired`).
  func isExpired(_ now: UInt64) -> Bool { status.contains(.confirmed) && timeout <= now }

  /// The nanoseconds left until it goes away (kernel: `nf_ct_expires`).
  func remaining(_ now: UInt64) -> UInt64 { timeout > now ? timeout &- now : 0 }

  /// Counts a packet (kernel: `nf_ct_acct_update`).
  func account(_ direction: ConnectionDirection, bytes: Int) {
    guard hasCounters else { return }
    if direction == .original {
      originalCounters.count(length: bytes)
    } else {
      replyCounters.count(length: bytes)
    }
  }

  /// Sets the timeout, in seconds from `now`, unless it is fixed, and counts the packet (kernel: `nf_ct_refresh_acct`).
  func refresh(_ direction: ConnectionDirection, bytes: Int, seconds: UInt32, now: UInt64) {
    if !status.contains(.fixedTimeout) { setTimeout(seconds, now: now) }
    account(direction, bytes: bytes)
  }

  /// Sets the timeout: relative until the connection is confirmed, a point in time afterwards.
  func setTimeout(_ seconds: UInt32, now: UInt64) {
    let duration = UInt64(seconds) &* 1_000_000_000
    timeout = status.contains(.confirmed) ? now &+ duration : duration
  }
}

extension ConnectionStatus {
  /// The entry stands in the table with its reply tuple only, for a second (`IPS_NAT_CLASH`).
  static let natClash = ConnectionStatus(rawValue: 1 << 12)
}
