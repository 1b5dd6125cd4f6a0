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
public final class Connection {
  /// The tuple of the first packet.
  @exclusivity(unchecked) public var original: ConnectionTuple
  /// The tuple that answers have; differs from the inverted original when the connection is translated.
  @exclusivity(unchecked) public var reply: ConnectionTuple
  /// The status bits.
  @exclusivity(unchecked) public var status: ConnectionStatus = []
  /// The connection mark (CONNMARK).
  @exclusivity(unchecked) public var mark: UInt32 = 0
  /// When the entry goes away: nanoseconds of simulated time when confirmed, a duration before.
  @exclusivity(unchecked) public var timeout: UInt64 = 0
  /// What the protocol's tracker remembers.
  @exclusivity(unchecked) public var tracking: ProtocolTracking = .stateless
  /// Packets and bytes in the original direction; counted only with `nf_conntrack_acct` or connbytes.
  @exclusivity(unchecked) public var originalCounters = Counters()
  /// Packets and bytes in the reply direction.
  @exclusivity(unchecked) public var replyCounters = Counters()
  /// Whether the connection has counters (kernel: the acct extension, decided when it is created).
  @exclusivity(unchecked) public var hasCounters = false
  /// The name of the helper that looks after it.
  @exclusivity(unchecked) public var helper: String?
  /// The connection that expected this one.
  @exclusivity(unchecked) public var master: Connection?
  /// The interface index that MASQUERADE bound the connection to, 0 for none.
  @exclusivity(unchecked) public var masqueradeInterface: InterfaceName = .none
  /// A number that grows with every connection made; for listings and pictures.
  @exclusivity(unchecked) public var serial: UInt64

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
