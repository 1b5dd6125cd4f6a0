// A mark that is computed from the packet or its connection.

/// How a mark is computed (kernel: `struct xt_hmark_info`).
public struct HashMark: Hashable, Sendable {
  /// The bits of the source address that count, as 128 bits; those of an IPv4 address lie in the lowest.
  public var sourceMask: IPAddress
  /// The bits of the destination address that count.
  public var destinationMask: IPAddress
  /// The bits of both ports that count, the source port in the upper half; or of a security parameter index.
  public var portMask: UInt32 = 0
  /// The bits of both ports that are set.
  public var portSet: UInt32 = 0
  /// The bits of the protocol that count.
  public var protocolMask: UInt16 = 0
  /// The seed of the hash.
  public var seed: UInt32 = 0
  /// How many marks there are, at least 1.
  public var modulus: UInt32 = 1
  /// The first mark.
  public var offset: UInt32 = 0
  /// Whether the connection counts, not the packet.
  public var usesConnection = false

  /// Makes one in which nothing of a family's addresses counts.
  public init(_ family: AddressFamily) {
    sourceMask = .any(family)
    destinationMask = .any(family)
  }

  /// What is hashed (kernel: `struct hmark_tuple`).
  private struct Tuple {
    var source: UInt32 = 0
    var destination: UInt32 = 0
    var ports: UInt32 = 0
    var number: UInt8 = 0
  }

  /// The mark of a packet; nil where it stays as it is (kernel: `hmark_tg_v4`, `hmark_tg_v6`).
  public func mark(of packet: borrowing PacketContext, connection: Connection?) -> UInt32? {
    guard
      let tuple = usesConnection
        ? connection.map({ tuple(of: $0) })
        : packet.header.family == .ipv4 ? tupleOfIPv4(packet.packet.bytes) : tupleOfIPv6(packet.packet.bytes)
    else { return nil }
    let ends = [min(tuple.source, tuple.destination), max(tuple.source, tuple.destination), tuple.ports]
    let hash = JenkinsHash.hash(ends, seed: seed) ^ UInt32(UInt16(tuple.number) & protocolMask)
    return JenkinsHash.scale(hash, modulus) &+ offset
  }

  /// An address under a mask, its words joined (kernel: `hmark_addr_mask`).
  private func joined(_ address: IPAddress, _ mask: IPAddress) -> UInt32 {
    zip(address.words, mask.words).reduce(0) { $0 ^ ($1.0 & $1.1) }
  }

  /// The ports, the greater first (kernel: `hmark_swap_ports`).
  private func sorted(_ ports: UInt32) -> UInt32 {
    let ports = ports & portMask | portSet
    let (source, destination) = (ports >> 16, ports & 0xffff)
    return max(source, destination) << 16 | min(source, destination)
  }

  /// kernel: `hmark_ct_set_htuple`
  private func tuple(of connection: Connection) -> Tuple {
    var tuple = Tuple()
    tuple.source = joined(connection.original.source, sourceMask)
    tuple.destination = joined(connection.reply.source, destinationMask)
    tuple.number = connection.original.protocolNumber.rawValue
    if connection.original.protocolNumber != .icmp {
      tuple.ports = sorted(UInt32(connection.original.sourceKey) << 16 | UInt32(connection.reply.sourceKey))
    }
    return tuple
  }

  /// What stands as ports at the begin of a transport header; 0 where nothing does, or it is cut off (kernel:
  /// `hmark_set_tuple_ports`).
  private func ports(_ number: ProtocolNumber, _ bytes: [UInt8], at start: Int) -> UInt32 {
    guard let offset = TransportPorts.offset(in: number), bytes.count &- start >= offset &+ TransportPorts.length else {
      return 0
    }
    return sorted(TransportPorts.both(in: bytes, at: start &+ offset))
  }

  /// Errors count as the packets that they quote (kernel: `hmark_pkt_set_htuple_ipv4`).
  private func tupleOfIPv4(_ bytes: [UInt8]) -> Tuple? {
    var start = 0
    let behind = IPv4Header.length(in: bytes, at: 0)
    if IPv4Header.protocolNumber(in: bytes, at: 0) == .icmp, bytes.count &- behind >= ICMPMessage.headerLength {
      switch ICMPMessage.type(in: bytes, at: behind).rawValue {
      case 3, 4, 5, 11, 12:
        start = behind &+ ICMPMessage.headerLength
        guard bytes.count &- start >= IPv4Header.minimumLength else { return nil }
      default: break
      }
    }
    var tuple = Tuple()
    tuple.source = joined(IPv4Header.source(in: bytes, at: start), sourceMask)
    tuple.destination = joined(IPv4Header.destination(in: bytes, at: start), destinationMask)
    let number = IPv4Header.protocolNumber(in: bytes, at: start)
    tuple.number = number.rawValue
    let fragmentation = IPv4Header.fragmentation(in: bytes, at: start)
    if number != .icmp, fragmentation.offset == 0, !fragmentation.moreFragments {
      tuple.ports = ports(number, bytes, at: start &+ IPv4Header.length(in: bytes, at: start))
    }
    return tuple
  }

  /// kernel: `hmark_pkt_set_htuple_ipv6`
  private func tupleOfIPv6(_ bytes: [UInt8]) -> Tuple? {
    var start = 0
    // A packet whose headers cannot be followed counts as one of zeros.
    guard var place = transport(bytes, at: 0) else { return Tuple() }
    if !place.isFragment, place.number == .icmpv6, bytes.count &- place.offset >= ICMPMessage.headerLength {
      let type = ICMPv6Message.type(in: bytes, at: place.offset).rawValue
      if type != 0, type < 128 {
        start = place.offset &+ ICMPMessage.headerLength
        guard bytes.count &- start >= IPv6Header.length, IPv4Header.version(in: bytes, at: start) == 6,
          let inner = transport(bytes, at: start)
        else { return nil }
        place = inner
      }
    }
    guard let source = IPv6Header.source(in: bytes, at: start),
      let destination = IPv6Header.destination(in: bytes, at: start)
    else { return nil }
    var tuple = Tuple()
    tuple.source = joined(source, sourceMask)
    tuple.destination = joined(destination, destinationMask)
    tuple.number = place.number.rawValue
    if place.number != .icmpv6, !place.isFragment { tuple.ports = ports(place.number, bytes, at: place.offset) }
    return tuple
  }

  /// The transport header, or the authentication header before it; nil where the headers cannot be followed (kernel:
  /// `ipv6_find_hdr` with `IP6_FH_F_AUTH`).
  private func transport(_ bytes: [UInt8], at start: Int) -> (number: ProtocolNumber, offset: Int, isFragment: Bool)? {
    if case .found(let offset) = IPv6Extensions.find(.ah, in: bytes, at: start) {
      var isFragment = false
      if case .found(let fragment) = IPv6Extensions.find(.ipv6Fragment, in: bytes, at: start) {
        isFragment = fragment < offset
      }
      return (.ah, offset, isFragment)
    }
    let found = IPv6Extensions.transport(in: bytes, at: start)
    return found.isKnown ? (found.protocolNumber, found.offset, found.hasFragmentHeader) : nil
  }
}
