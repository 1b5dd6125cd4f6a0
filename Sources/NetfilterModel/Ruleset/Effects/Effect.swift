// What a target does, as data: the walk performs it, explanations and checks read it.

/// Something that a target does. Effects of a target are performed in order; the last one may decide.
public enum Effect: Hashable, Sendable {
  /// The packet is accepted in this table.
  case accept
  /// The packet is dropped.
  case drop
  /// The packet goes to a user-space queue; with `bypasses` it is accepted where no program listens, as here.
  case queue(UInt16, bypasses: Bool)
  /// The packet's connection is translated; the packet is accepted in this table.
  case translate(Translation)
  /// The prefix of an address is translated, without a state; a packet for which that cannot be is dropped, and its
  /// sender is told.
  case translatePrefix(PrefixTranslation)
  /// The sender is told; the packet is dropped.
  case reject(RejectKind)
  /// A record is written.
  case log(LogRecord)
  /// The packet's mark becomes (mark & ~mask) ^ value.
  case mark(MaskedValue)
  /// Marks move between packet and connection.
  case connectionMark(ConnectionMarkChange)
  /// The traffic-control class.
  case priority(UInt32)
  /// The TOS byte becomes (tos & ~mask) ^ value.
  case tos(value: UInt8, mask: UInt8)
  /// The TTL or hop limit.
  case ttl(TTLChange)
  /// TCP's flags become flags & ~mask | value; a cut-off TCP header is dropped, other protocols pass.
  case tcpFlags(value: UInt8, mask: UInt8)
  /// The maximum segment size is lowered or added; a broken TCP header is dropped.
  case segmentSize(SegmentSize)
  /// TCP options are overwritten with NOP; a broken TCP header is dropped.
  case stripTCPOptions(TCPOptionSet)
  /// A checksum that was left to the network card is filled in.
  case completeChecksum
  /// The packet is not tracked.
  case untrack
  /// The packet's connection, when it begins, starts as a template says.
  case template(ConnectionTemplate)
  /// A socket that takes packets for other hosts gets the packet, which is accepted in this table; without one it is
  /// dropped.
  case transparentProxy(TransparentProxy)
  /// A copy of the packet is sent.
  case duplicate(PacketDuplicate)
  /// The packet's mark is computed from its addresses and ports.
  case hashMark(HashMark)
  /// Entries are added to sets and removed, and what an entry gives to packets is taken over.
  case changeSets(SetChange)
  /// The handshake of TCP is answered in the place of the server; its packets go no further.
  case synProxy
  /// Something outside the packet's way is done; what, as a sentence without its subject (`starts the timer x`).
  case outside(String)
  /// Every further rule is recorded (kernel: TRACE).
  case trace
  /// Nothing here can say what it does; why.
  case unknown(String)

  /// Whether the packet does not go on behind it in this table.
  public var ends: Bool {
    switch self {
    case .accept, .drop, .queue, .translate, .reject, .transparentProxy, .unknown: true
    default: false
    }
  }
}
