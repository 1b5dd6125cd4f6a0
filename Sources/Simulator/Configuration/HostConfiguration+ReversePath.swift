// The way back to a packet's source, as `-m rpfilter` asks for it (kernel: ipt_rpfilter.c, ip6t_rpfilter.c).

import NetfilterModel

extension HostConfiguration {
  /// Whether the way back to the packet's source leads where a question wants it (kernel: `rpfilter_mt`).
  func hasWayBack(_ packet: borrowing PacketContext, _ question: ReversePathQuestion) -> Bool {
    if packet.packet.type == .loopback || packet.input == .loopback { return true }
    let header = packet.header
    var flow = FlowKey(
      destination: header.source, source: .any(header.family), input: .loopback,
      mark: question.usesMark ? packet.packet.mark : 0, tos: header.tos)
    if header.family == .ipv4 {
      let isBroadcast = header.destination.v4Bits == .max
      // 224.0.0.0/24 stays on its link.
      if header.source.isZero, isBroadcast || header.destination.v4Bits >> 8 == 0xe00000 { return true }
      if !header.destination.isMulticast, !isBroadcast, !header.destination.isZero { flow.source = header.destination }
    } else {
      // A packet without a source asks for an address that nobody should have yet; it is never forwarded.
      if header.source.isZero { return true }
      if header.destination.isIPv6Unicast { flow.source = header.destination }
      if header.source.isLinkLocal { flow.only = packet.input }
      if header.source.isLinkLocal || !question.isLoose { flow.preferred = packet.input }
    }
    guard let route = try? lookup(flow), route.type == .unicast || (route.type == .local && question.acceptsLocal)
    else { return false }
    // An own address of IPv6 will do on every interface.
    if header.family == .ipv6, route.type == .local { return true }
    return question.isLoose || route.device == packet.input
  }
}
