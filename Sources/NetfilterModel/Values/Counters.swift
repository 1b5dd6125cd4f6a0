// Packet and byte counters.

/// The counters of a rule or a policy.
public struct Counters: Hashable, Sendable {
  /// Packets.
  public var packets: UInt64
  /// Bytes, by the IP total length.
  public var bytes: UInt64

  /// Makes counters.
  public init(packets: UInt64 = 0, bytes: UInt64 = 0) {
    self.packets = packets
    self.bytes = bytes
  }

  /// Counts one packet of `length` bytes; wraps around as the kernel's 64-bit counters do.
  @inlinable public mutating func count(length: Int) {
    packets &+= 1
    bytes &+= UInt64(truncatingIfNeeded: length)
  }
}

extension Counters: CustomStringConvertible {
  /// `[packets:bytes]`, as iptables-save prints it.
  public var description: String { "[\(packets):\(bytes)]" }
}
