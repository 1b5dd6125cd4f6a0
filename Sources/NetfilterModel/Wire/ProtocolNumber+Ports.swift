// Which protocols have ports.

extension ProtocolNumber {
  /// The protocols whose transport header begins with two ports.
  public static let withPorts: [ProtocolNumber] = [.tcp, .udp, .udplite, .sctp, .dccp]

  /// Whether the transport header begins with two ports, which `TransportPorts` reads.
  public var hasPorts: Bool {
    switch self {
    case .tcp, .udp, .udplite, .sctp, .dccp: true
    default: false
    }
  }

  /// Whether tracking and NAT tell connections apart by their ports; not DCCP, which Linux 6.18 no longer tracks
  /// (kernel: `nf_ct_get_tuple`).
  @inlinable public var isTrackedByPorts: Bool {
    switch self {
    case .tcp, .udp, .udplite, .sctp: true
    default: false
    }
  }
}
