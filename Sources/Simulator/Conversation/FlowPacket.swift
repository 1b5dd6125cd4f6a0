// A packet with where it starts.

import NetfilterModel

/// Where a packet starts.
public enum FlowOrigin: Hashable, Sendable {
  /// It arrives on an interface.
  case arrival(InterfaceName)
  /// A process of the host sends it.
  case local
}

/// Where the text says that routing sends a packet, for hosts that nobody described.
public enum RoutingHint: Hashable, Sendable {
  /// To the host itself.
  case deliver
  /// Through the host, out on an interface.
  case forward(InterfaceName)
  /// Out from the host on an interface.
  case send(InterfaceName)
}

/// A packet with where it starts.
public struct FlowPacket: Hashable, Sendable {
  /// Where it starts.
  public var origin: FlowOrigin
  /// What it looks like.
  public var packet: PacketDescription
  /// Where routing sends it, when the text says so.
  public var hint: RoutingHint?
  /// The interface that the sending process names, as in `fe80::1%wan`; nil for none.
  public var output: InterfaceName?

  /// The bytes and what goes with them, with lengths and checksums.
  public var wholePacket: Packet {
    var result = packet.packet(isLocal: origin == .local)
    if origin == .local, let output { result.output = output }
    return result
  }

  /// Makes a packet.
  public init(origin: FlowOrigin, packet: PacketDescription, hint: RoutingHint? = nil) {
    self.origin = origin
    self.packet = packet
    self.hint = hint
  }
}
