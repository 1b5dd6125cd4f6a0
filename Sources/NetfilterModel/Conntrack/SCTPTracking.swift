// What conntrack remembers of an SCTP association.

/// The state of an SCTP association as conntrack sees it (kernel: `enum sctp_conntrack`).
public enum SCTPConnectionState: UInt8, Hashable, Sendable, CaseIterable {
  /// Nothing seen.
  case none = 0
  /// Closed, or an INIT seen and nothing more.
  case closed = 1
  /// INIT and INIT ACK seen.
  case cookieWait = 2
  /// COOKIE ECHO seen.
  case cookieEchoed = 3
  /// COOKIE ACK seen.
  case established = 4
  /// SHUTDOWN seen in the original direction.
  case shutdownSent = 5
  /// SHUTDOWN seen in the reply direction.
  case shutdownReceived = 6
  /// SHUTDOWN ACK seen.
  case shutdownAckSent = 7
  /// HEARTBEAT seen as the first packet.
  case heartbeatSent = 8

  /// The name that `conntrack -L` prints.
  public var name: String {
    switch self {
    case .none: "NONE"
    case .closed: "CLOSED"
    case .cookieWait: "COOKIE_WAIT"
    case .cookieEchoed: "COOKIE_ECHOED"
    case .established: "ESTABLISHED"
    case .shutdownSent: "SHUTDOWN_SENT"
    case .shutdownReceived: "SHUTDOWN_RECD"
    case .shutdownAckSent: "SHUTDOWN_ACK_SENT"
    case .heartbeatSent: "HEARTBEAT_SENT"
    }
  }
}

/// What conntrack remembers of an SCTP association (kernel: `struct ip_ct_sctp`).
public struct SCTPTracking: Hashable, Sendable {
  /// The state.
  public var state: SCTPConnectionState = .none
  /// The verification tag that packets of the original direction must carry, 0 while it is not known.
  public var originalTag: UInt32 = 0
  /// The verification tag that packets of the reply direction must carry, 0 while it is not known.
  public var replyTag: UInt32 = 0
  /// Whether an INIT of the original direction is under way (kernel: `init[]`).
  public var originalInitiated = false
  /// Whether an INIT of the reply direction is under way.
  public var replyInitiated = false
  /// Whether the last HEARTBEAT had a wrong verification tag (kernel: `SCTP_FLAG_HEARTBEAT_VTAG_FAILED`).
  public var heartbeatTagFailed = false
  /// The direction of that HEARTBEAT.
  public var lastDirection: ConnectionDirection = .original

  /// Makes an association that nothing is known of.
  public init() {}
}
