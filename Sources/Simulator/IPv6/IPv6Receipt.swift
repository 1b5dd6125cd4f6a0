// What the host does with an IPv6 packet before anything else sees it (kernel: `ip6_rcv_core`).

import NetfilterModel

/// What became of a packet that came in.
enum IPv6Receipt: Hashable, Sendable {
  /// It goes on to PREROUTING, without what lies behind its length.
  case accepted(Packet, IPHeader)
  /// It is dropped in silence.
  case dropped(DropCause)
  /// It is dropped, and the sender is told: the code of a parameter problem, and the offset that it points at.
  case problem(code: UInt8, pointer: Int)

  /// Looks at a packet that came in on an interface, with what its hop-by-hop options may be at most.
  static func check(
    _ packet: Packet, on input: InterfaceName, maximumCount: Int, maximumLength: Int
  ) -> IPv6Receipt {
    let bytes = packet.bytes
    guard bytes.count >= IPv6Header.length, var header = IPHeader(bytes), header.family == .ipv6 else {
      return .dropped(.malformed)
    }
    let destination = header.destination
    if header.source.isLoopback || destination.isLoopback, input != .loopback { return .dropped(.martian) }
    if destination.isMulticast {
      let scope = destination.multicastScope
      if scope == 0 || scope == 1 && input != .loopback && packet.type != .loopback { return .dropped(.martian) }
    }
    if header.source.isMulticast { return .dropped(.martian) }
    var packet = packet
    let first = IPv6Header.nextHeader(in: bytes, at: 0)
    if header.totalLength > IPv6Header.length || first != .ipv6HopByHop {
      guard header.totalLength <= bytes.count else { return .dropped(.malformed) }
      if header.totalLength < bytes.count {
        packet.bytes.removeLast(bytes.count - header.totalLength)
        header = IPHeader(packet.bytes) ?? header
      }
    }
    if first == .ipv6HopByHop {
      switch IPv6OptionParser.parse(
        packet.bytes, at: IPv6Header.length, isHopByHop: true, maximumCount: maximumCount, maximumLength: maximumLength)
      {
      case .fine: break
      case .dropped: return .dropped(.ipOptions)
      case .problem(let code, let pointer): return .problem(code: code, pointer: pointer)
      }
    }
    return .accepted(packet, header)
  }
}
