// What NAT needs of the connection table, and what it says when it has done its part.

import NetfilterModel

/// The connection table as NAT sees it.
protocol NATConnectionTable: AnyObject {
  /// Whether a connection other than `except` uses `tuple` in either direction; connections that expired by `now` do not count,
  /// nor do those whose original tuple equals that of `except` (kernel: `nf_conntrack_tuple_taken`).
  func isTaken(_ tuple: ConnectionTuple, except: Connection, now: UInt64) -> Bool
  /// The confirmed connection that uses `tuple`, and in which direction (kernel: `nf_conntrack_find_get`).
  func find(_ tuple: ConnectionTuple, now: UInt64) -> (connection: Connection, direction: ConnectionDirection)?
  /// Sets the reply tuple of an unconfirmed connection (kernel: `nf_conntrack_alter_reply`).
  func alterReply(_ connection: Connection, _ tuple: ConnectionTuple)
  /// Removes a connection from the table and marks it dying (kernel: `nf_ct_kill`).
  func kill(_ connection: Connection)
}

/// What came of setting NAT up for a connection.
struct NATOutcome: Hashable, Sendable {
  /// Accept, drop, or unknown.
  var result: TargetResult
  /// Whether the kernel would have drawn a random number that the new tuple depends on.
  var isByChance = false
}

/// What came of a packet at a nat hook.
struct NATHookOutcome: Hashable, Sendable {
  /// What happens to the packet.
  var result: TargetResult
  /// Whether chance chose the translation that was set up at this hook.
  var isByChance = false
  /// PREROUTING: the destination address changed, so an input route that was already chosen is dropped (kernel: `nf_nat_ipv4_pre_routing`).
  var destinationChanged = false
  /// OUTPUT: the packet's direction of the connection has a translated destination address, so it is routed again
  /// (kernel: `nf_nat_ipv4_local_fn`; it compares the tuples, not the packet).
  var reroutes = false
}
