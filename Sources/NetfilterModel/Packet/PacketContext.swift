// A packet in the middle of its walk: what matches read and targets change.

/// The state that one match of one rule keeps between packets (limit, quota, statistic), two words so that the walk never allocates.
public struct MatchState: Hashable, Sendable {
  /// The first word; each match says what it keeps there.
  public var first: UInt64
  /// The second word.
  public var second: UInt64

  /// Makes a state.
  public init(first: UInt64 = 0, second: UInt64 = 0) {
    self.first = first
    self.second = second
  }
}

/// A packet at a hook of a table, with everything that a match may ask and a target may change (kernel: `sk_buff` + `xt_action_param`).
public struct PacketContext {
  /// The packet. After its bytes changed, `refresh()` must follow.
  public var packet: Packet
  /// The decoded header of `packet`.
  public var header: IPHeader
  /// The hook that the packet is at.
  public var hook: Hook
  /// The table whose chain the packet walks.
  public var table: TableKind
  /// Where it came in; `none` on the output path.
  public var input: InterfaceName
  /// Where it will leave; `none` before routing.
  public var output: InterfaceName
  /// Its connection, or nil.
  public var connection: Connection?
  /// How it relates to its connection.
  public var state: ConnectionState
  /// The payload lengths of the fragments that the packet was put together from, while it still lies in these pieces.
  public var pieces: [Int] = []
  /// The packet answers an untracked one: it has no connection, and yet counts as attached to one (kernel: `skb->_nfct` without a pointer).
  public var isAttachedToNothing = false
  /// Set by a match to drop the packet at once (kernel: `par->hotdrop`).
  public var hotDrop = false
  /// Set by the TRACE target.
  public var isTraced = false
  /// What the CT target wants the connection to start with; nil when it was not applied (kernel: the template `nf_conn`).
  public var template: ConnectionTemplate?
  /// What only the host can answer.
  public let services: any HostServices

  /// Makes a context.
  public init(
    packet: Packet, header: IPHeader, hook: Hook, table: TableKind, input: InterfaceName,
    output: InterfaceName, connection: Connection?, state: ConnectionState, services: any HostServices
  ) {
    self.packet = packet
    self.header = header
    self.hook = hook
    self.table = table
    self.input = input
    self.output = output
    self.connection = connection
    self.state = state
    self.services = services
  }

  /// The length of the packet in bytes (`skb->len`).
  public var length: Int { packet.bytes.count }
  /// Where the transport header starts (kernel: `par->thoff`).
  public var transportOffset: Int { header.transportOffset }
  /// How many bytes there are from the transport header on.
  public var transportLength: Int { packet.bytes.count &- header.transportOffset }

  /// Whether the ports of a transport header that begins with them are outside what a rule asks for (kernel: `port_match`).
  @inline(__always)
  func portsDiffer(_ source: Invertible<PortRange>?, _ destination: Invertible<PortRange>?) -> Bool {
    if let source, source.value.contains(packet.bytes.uint16(at: transportOffset)) == source.inverted { return true }
    if let destination {
      return destination.value.contains(packet.bytes.uint16(at: transportOffset &+ 2)) == destination.inverted
    }
    return false
  }

  /// Notes that the kernel made `count` bytes behind the IP header contiguous (`pskb_may_pull`, `skb_ensure_writable`): when they
  /// reach beyond the first piece, the packet no longer lies in the pieces that it came in.
  public mutating func pull(_ count: Int) {
    if let first = pieces.first, first < count { pieces = [] }
  }

  /// Decodes the header again after the bytes changed; a header that no longer decodes stays as it was.
  public mutating func refresh() {
    if let fresh = IPHeader(packet.bytes) { header = fresh }
  }

  /// Changes the TOS byte of an IPv4 packet and its checksum (kernel: `ipv4_change_dsfield`).
  public mutating func setTOS(_ tos: UInt8) {
    guard header.family == .ipv4 else { return }
    replaceHeaderWord(at: 0, with: UInt16(packet.bytes.byte(at: 0)) << 8 | UInt16(tos))
  }

  /// Changes the TTL of an IPv4 packet and its checksum.
  public mutating func setTTL(_ ttl: UInt8) {
    guard header.family == .ipv4 else { return }
    replaceHeaderWord(at: 8, with: UInt16(ttl) << 8 | UInt16(packet.bytes.byte(at: 9)))
  }

  /// Replaces a 16-bit word of the IPv4 header at an even offset, and mends the header checksum (RFC 1624).
  public mutating func replaceHeaderWord(at offset: Int, with word: UInt16) {
    let old = packet.bytes.uint16(at: offset)
    guard old != word else { return }
    let checksum = Checksum.replacing(packet.bytes.uint16(at: 10), old: old, new: word)
    packet.bytes.setUInt16(word, at: offset)
    packet.bytes.setUInt16(checksum, at: 10)
    refresh()
  }

  /// Replaces a 16-bit word of the TCP header at an even offset from its start, and mends the TCP checksum (kernel: `inet_proto_csum_replace2`).
  public mutating func replaceTCPWord(at offset: Int, with word: UInt16) {
    let place = transportOffset &+ offset
    mendTCPChecksum(old: packet.bytes.uint16(at: place), new: word)
    packet.bytes.setUInt16(word, at: place)
  }

  /// Changes the TCP checksum as if a word that it covers had changed from `old` to `new`.
  public mutating func mendTCPChecksum(old: UInt16, new: UInt16) {
    if packet.hasPartialChecksum { return }
    let place = transportOffset &+ 16
    let checksum = Checksum.replacingInTransport(packet.bytes.uint16(at: place), old: old, new: new)
    packet.bytes.setUInt16(checksum, at: place)
  }
}
