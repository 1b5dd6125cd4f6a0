// One tracked connection.

/// What a protocol's tracker remembers of a connection (kernel: `union nf_conntrack_proto`).
public enum ProtocolTracking: Hashable, Sendable {
  /// Protocols without a state.
  case stateless
  /// TCP.
  case tcp(TCPTracking)
  /// UDP and UDP-Lite: when (nanoseconds) the connection becomes a stream (kernel: `stream_ts`).
  case udp(streamAfter: UInt64)
  /// SCTP.
  case sctp(SCTPTracking)
  /// GRE.
  case gre
}

/// A tracked connection (kernel: `struct nf_conn`).
public struct Connection: Hashable, Sendable {
  /// The tuple of the first packet.
  public var original: ConnectionTuple
  /// The tuple that answers have; differs from the inverted original when the connection is translated.
  public var reply: ConnectionTuple
  /// The status bits.
  public var status: ConnectionStatus = []
  /// The connection mark (CONNMARK).
  public var mark: UInt32 = 0
  /// The labels (`-m connlabel`).
  public var labels = ConnectionLabels()
  /// When the entry goes away: nanoseconds of simulated time when confirmed, a duration before.
  public var timeout: UInt64 = 0
  /// What the protocol's tracker remembers.
  public var tracking: ProtocolTracking = .stateless
  /// Packets and bytes in the original direction; counted only with `nf_conntrack_acct` or connbytes.
  public var originalCounters = Counters()
  /// Packets and bytes in the reply direction.
  public var replyCounters = Counters()
  /// Whether the connection has counters (kernel: the acct extension, decided when it is created).
  public var hasCounters = false
  /// The name of the helper that looks after it.
  public var helper: String?
  /// The helper that expected the connection, or nil (kernel: the helper of `ct->master`).
  public var expectedBy: String?
  /// The interface index that MASQUERADE bound the connection to, 0 for none.
  public var masqueradeInterface: InterfaceName = .none
  /// A number that grows with every connection made; for listings and pictures.
  public var serial: UInt64

  /// Makes a connection.
  public init(original: ConnectionTuple, reply: ConnectionTuple, serial: UInt64) {
    self.original = original
    self.reply = reply
    self.serial = serial
  }

  /// The tuple of a direction.
  public func tuple(_ direction: ConnectionDirection) -> ConnectionTuple {
    direction == .original ? original : reply
  }

  /// The counters of a direction.
  public func counters(_ direction: ConnectionDirection) -> Counters {
    direction == .original ? originalCounters : replyCounters
  }
}
