// What a packet that follows another says about itself.

import NetfilterModel

/// What a packet that follows another says about itself; nil keeps what follows from the other.
public struct FollowUp: Hashable, Sendable {
  /// The TCP flags.
  public var flags: TCPFlags?
  /// The options, in the order written.
  public var options: [PacketOption] = []

  /// Makes a packet that takes everything from the one before.
  public init(flags: TCPFlags? = nil, options: [PacketOption] = []) {
    self.flags = flags
    self.options = options
  }
}
