// A proxy that takes packets for other hosts.

/// Where a transparent proxy listens, and what its packets get (kernel: `struct xt_tproxy_target_info_v1`).
public struct TransparentProxy: Hashable, Sendable {
  /// The port; 0 for the packet's own.
  public var port: UInt16
  /// The address; that of nothing for the input interface's own.
  public var address: IPAddress
  /// The new mark of the packet.
  public var mark: MaskedValue

  /// Makes a proxy.
  public init(port: UInt16, address: IPAddress, mark: MaskedValue) {
    self.port = port
    self.address = address
    self.mark = mark
  }
}
