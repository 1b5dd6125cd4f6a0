// How marks move between packet and connection.

/// How marks move between packet and connection (kernel: `connmark_tg_shift`).
public struct ConnectionMarkChange: Hashable, Sendable {
  /// What happens.
  public enum Mode: UInt8, Hashable, Sendable {
    /// The connection's mark is set.
    case set
    /// The packet's mark is saved in the connection.
    case save
    /// The connection's mark is restored to the packet.
    case restore
  }
  /// What happens.
  public var mode: Mode
  /// The value, for `set`.
  public var value: UInt32
  /// The bits of the connection's mark that are meant.
  public var connectionMask: UInt32
  /// The bits of the packet's mark that are meant.
  public var packetMask: UInt32
  /// By how many bits the mark is shifted, 0...31.
  public var shift: UInt8
  /// Whether it is shifted to the right.
  public var shiftsRight: Bool

  /// Makes a change.
  public init(
    _ mode: Mode, value: UInt32, connectionMask: UInt32, packetMask: UInt32, shift: UInt8, shiftsRight: Bool
  ) {
    self.mode = mode
    self.value = value
    self.connectionMask = connectionMask
    self.packetMask = packetMask
    self.shift = shift
    self.shiftsRight = shiftsRight
  }

  func shifted(_ mark: UInt32) -> UInt32 { shiftsRight ? mark >> UInt32(shift) : mark << UInt32(shift) }

  /// Changes the marks of a packet and its connection.
  public func apply(packetMark: inout UInt32, connectionMark: inout UInt32) {
    switch mode {
    case .set: connectionMark = shifted((connectionMark & ~connectionMask) ^ value)
    case .save: connectionMark = (connectionMark & ~connectionMask) ^ shifted(packetMark & packetMask)
    case .restore: packetMark = (packetMark & ~packetMask) ^ shifted(connectionMark & connectionMask)
    }
  }
}
