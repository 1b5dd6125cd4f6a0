// A packet in the middle of its walk: what matches read and targets change.

/// A packet at a hook of a table, with everything that a match may ask and a target may change (kernel: `sk_buff` + `xt_action_param`).
public struct PacketContext: Hashable, Sendable {
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
  public var connection: ConnectionID?
  /// How it relates to its connection.
  public var state: ConnectionState
  /// The payload lengths of the fragments that the packet was put together from, while it still lies in these pieces.
  public var pieces: [Int] = []
  /// The packet answers an untracked one: it has no connection, and yet counts as attached to one (kernel: `skb->_nfct`
  /// without a pointer).
  public var isAttachedToNothing = false
  /// Connection tracking found its transport checksum right (kernel: `skb->csum_valid`).
  public var hasVerifiedChecksum = false
  /// It needs no other look (kernel: `CHECKSUM_UNNECESSARY`).
  var hasSettledChecksum = false
  /// The sum of the header then, without the addresses (IPv6).
  var verifiedHeaderSum: UInt32 = 0
  /// Set by the TRACE target.
  public var isTraced = false
  /// What the CT target wants the connection to start with; nil when it was not applied (kernel: the template
  /// `nf_conn`).
  public var template: ConnectionTemplate?

  /// Makes a context.
  public init(
    packet: Packet, header: IPHeader, hook: Hook, table: TableKind, input: InterfaceName,
    output: InterfaceName, connection: ConnectionID?, state: ConnectionState
  ) {
    self.packet = packet
    self.header = header
    self.hook = hook
    self.table = table
    self.input = input
    self.output = output
    self.connection = connection
    self.state = state
  }

  /// The length in bytes that rules count: what the header names for IPv4, what there is for IPv6 (kernel: `length_mt`, `length_mt6`).
  public var countedLength: Int { header.family == .ipv4 ? header.totalLength : packet.bytes.count }
  /// The length of the packet in bytes (`skb->len`).
  public var length: Int { packet.bytes.count }
  /// Where the transport header starts (kernel: `par->thoff`).
  public var transportOffset: Int { header.transportOffset }
  /// How many bytes there are from the transport header on.
  public var transportLength: Int { max(0, packet.bytes.count &- header.transportOffset) }

  /// Notes that the kernel made `count` bytes behind the IP header contiguous (`pskb_may_pull`, `skb_ensure_writable`): when they
  /// reach beyond the first piece, the packet no longer lies in the pieces that it came in.
  public mutating func pull(_ count: Int) {
    if let first = pieces.first, first < count { pieces = [] }
  }

  /// Cuts off what lies behind the length that the header names (kernel: `pskb_trim_rcsum`).
  public mutating func trim() {
    if packet.bytes.count > header.totalLength { packet.bytes.removeLast(packet.bytes.count - header.totalLength) }
  }

  /// Decodes the header again after the bytes changed; a header that no longer decodes stays as it was.
  public mutating func refresh() {
    if let fresh = IPHeader(packet.bytes) { header = fresh }
  }

  /// Changes the TOS byte and the header's checksum (kernel: `ipv4_change_dsfield`), or the traffic class (kernel:
  /// `ipv6_change_dsfield`).
  public mutating func setTOS(_ tos: UInt8) {
    if header.family == .ipv6 {
      IPv6Header.setTrafficClass(tos, in: &packet.bytes, at: 0)
      header.tos = tos
    } else if IPv4Header.replaceTOS(tos, in: &packet.bytes) {
      header.tos = tos
    }
  }

  /// Changes the TTL and the header's checksum, or the hop limit.
  public mutating func setTTL(_ ttl: UInt8) {
    if header.family == .ipv6 {
      IPv6Header.setHopLimit(ttl, in: &packet.bytes, at: 0)
      header.ttl = ttl
    } else if IPv4Header.replaceTTL(ttl, in: &packet.bytes) {
      header.ttl = ttl
    }
  }

  /// Changes the length in bytes that the network header names, by `count`: the total length of IPv4 with its checksum,
  /// the payload length of IPv6.
  public mutating func lengthen(by count: Int) {
    let change = UInt16(truncatingIfNeeded: count)
    if header.family == .ipv4 {
      let length = IPv4Header.totalLength(in: packet.bytes, at: 0) &+ change
      if IPv4Header.replaceTotalLength(length, in: &packet.bytes) { refresh() }
    } else {
      let length = IPv6Header.payloadLength(in: packet.bytes, at: 0) &+ change
      IPv6Header.setPayloadLength(length, in: &packet.bytes, at: 0)
      refresh()
    }
  }

  /// Changes the flags of the TCP header and its checksum (kernel: `set_ect_tcp`).
  public mutating func setTCPFlags(_ flags: TCPFlags) {
    if flags == TCPHeader.flags(in: packet.bytes, at: transportOffset) { return }
    let word = TCPHeader.lengthAndFlags(in: packet.bytes, at: transportOffset) & 0xff00 | UInt16(flags.rawValue)
    replaceTCPWord(at: TCPHeader.Field.length, with: word)
  }

  /// Changes the length that the TCP header names, a multiple of 4 bytes up to 60, and its checksum.
  public mutating func setTCPHeaderLength(_ length: Int) {
    let word = TCPHeader.lengthAndFlags(in: packet.bytes, at: transportOffset) & 0x0fff
    replaceTCPWord(at: TCPHeader.Field.length, with: UInt16(truncatingIfNeeded: length / 4) << 12 | word)
  }

  /// Replaces a 16-bit word of the TCP header at an even offset from its start, and mends the TCP checksum (kernel:
  /// `inet_proto_csum_replace2`).
  public mutating func replaceTCPWord(at offset: Int, with word: UInt16) {
    let place = transportOffset &+ offset
    mendTCPChecksum(old: packet.bytes.uint16(at: place), new: word)
    packet.bytes.setUInt16(word, at: place)
  }

  /// Changes the TCP checksum as if a word that it covers had changed from `old` to `new`.
  public mutating func mendTCPChecksum(old: UInt16, new: UInt16) {
    if packet.hasPartialChecksum { return }
    let checksum = TCPHeader.checksum(in: packet.bytes, at: transportOffset)
    TCPHeader.setChecksum(
      Checksum.replacingInTransport(checksum, old: old, new: new), in: &packet.bytes, at: transportOffset)
  }
}
