// A copy of a packet.

/// Where a copy of a packet is sent (kernel: `struct xt_tee_tginfo`).
public struct PacketDuplicate: Hashable, Sendable {
  /// The host that the copy is sent to.
  public var gateway: IPAddress
  /// The interface that it leaves on; nothing for the one that the routes say.
  public var interface: InterfaceName

  /// Makes a copy.
  public init(to gateway: IPAddress, on interface: InterfaceName) {
    self.gateway = gateway
    self.interface = interface
  }
}
