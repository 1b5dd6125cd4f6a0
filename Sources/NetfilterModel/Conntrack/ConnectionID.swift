// Names a connection of a host's table.

/// A connection of a host's table: its place, and its serial number, so that a place that was given away is noticed.
public struct ConnectionID: Hashable, Sendable {
  /// The place in the table.
  public var slot: Int
  /// The serial number of the connection.
  public var serial: UInt64

  /// Makes a name.
  public init(slot: Int, serial: UInt64) {
    self.slot = slot
    self.serial = serial
  }
}
