// The connection table is what NAT asks about tuples.

import NetfilterModel

extension ConnectionTable: NATConnectionTable {
  /// Removes a connection from the table (kernel: `nf_ct_kill`).
  func kill(_ connection: Connection) { remove(connection) }
}
