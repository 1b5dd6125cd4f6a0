// What conntrack remembers of a TCP connection.

/// The state of a TCP connection as conntrack sees it (kernel: `enum tcp_conntrack`).
public enum TCPConnectionState: UInt8, Hashable, Sendable, CaseIterable {
  /// Nothing seen.
  case none = 0
  /// SYN seen.
  case synSent = 1
  /// SYN and SYN/ACK seen.
  case synRecv = 2
  /// The handshake is complete.
  case established = 3
  /// FIN seen.
  case finWait = 4
  /// ACK of the FIN seen.
  case closeWait = 5
  /// The second FIN seen.
  case lastAck = 6
  /// The last ACK seen.
  case timeWait = 7
  /// RST seen.
  case close = 8
  /// SYN seen from both sides (kernel: `TCP_CONNTRACK_SYN_SENT2`).
  case synSent2 = 9

  /// The name that `conntrack -L` prints.
  public var name: String {
    switch self {
    case .none: "NONE"
    case .synSent: "SYN_SENT"
    case .synRecv: "SYN_RECV"
    case .established: "ESTABLISHED"
    case .finWait: "FIN_WAIT"
    case .closeWait: "CLOSE_WAIT"
    case .lastAck: "LAST_ACK"
    case .timeWait: "TIME_WAIT"
    case .close: "CLOSE"
    case .synSent2: "SYN_SENT2"
    }
  }
}

/// One side of a TCP connection (kernel: `struct ip_ct_tcp_state`).
public struct TCPPeer: Hashable, Sendable {
  /// The highest sequence number sent, plus its length.
  public var end: UInt32 = 0
  /// The highest sequence number that the other side would take.
  public var maxEnd: UInt32 = 0
  /// The largest window seen.
  public var maxWindow: UInt32 = 0
  /// The highest acknowledgement seen.
  public var maxAck: UInt32 = 0
  /// The window scale factor.
  public var scale: UInt8 = 0
  /// The flag bits of the kernel (`IP_CT_TCP_FLAG_*`).
  public var flags: UInt8 = 0

  /// Makes a side that nothing is known of.
  public init() {}
}

/// What conntrack remembers of a TCP connection (kernel: `struct ip_ct_tcp`).
public struct TCPTracking: Hashable, Sendable {
  /// The state.
  public var state: TCPConnectionState = .none
  /// The side of the original direction.
  public var original = TCPPeer()
  /// The side of the reply direction.
  public var reply = TCPPeer()
  /// The direction of the last packet (raw value of `ConnectionDirection`).
  public var lastDirection: UInt8 = 0
  /// How often the last packet was sent again.
  public var retransmissions: UInt8 = 0
  /// The last control flag seen, in the kernel's numbering of the rows of its state table.
  public var lastIndex: UInt8 = 0
  /// The last sequence number.
  public var lastSequence: UInt32 = 0
  /// The last acknowledgement.
  public var lastAcknowledgement: UInt32 = 0
  /// The last end of a segment.
  public var lastEnd: UInt32 = 0
  /// The last window.
  public var lastWindow: UInt16 = 0
  /// The window scale of the last packet.
  public var lastWindowScale: UInt8 = 0
  /// The flags of the last packet.
  public var lastFlags: UInt8 = 0

  /// Makes a connection that nothing is known of.
  public init() {}
}
