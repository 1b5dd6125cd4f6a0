// The value of every field that a condition can ask for, those of routing included.

import NetfilterModel

extension HostConfiguration {
  /// The value of a field of a packet; `connection` is the packet's, `now` the clock in nanoseconds.
  func value(of field: Field, _ packet: borrowing PacketContext, connection: Connection?, now: UInt64) -> FieldValue {
    switch field {
    case .addressType(let end, let limit, let wanted):
      let interface: InterfaceName? = limit == .input ? packet.input : limit == .output ? packet.output : nil
      let address = end == .source ? packet.header.source : packet.header.destination
      if address.family == .ipv6 { return FieldValue(ipv6Types(of: address, on: interface, among: wanted).rawValue) }
      return FieldValue(AddressTypeSet(localType(of: address, on: interface)).rawValue)
    case .interfaceGroup(let end):
      let name = end == .source ? packet.input : packet.output
      return interfaceIndex(name).map { FieldValue(interfaces[$0].group) } ?? .absent
    case .reversePath(let question): return FieldValue(hasWayBack(packet, question))
    default: return packet.value(of: field, connection: connection, now: now)
    }
  }

  /// Whether the way back to the packet's source leads where a question wants it (kernel: `rpfilter_mt`).
  private func hasWayBack(_ packet: borrowing PacketContext, _ question: ReversePathQuestion) -> Bool {
    if packet.packet.type == .loopback || packet.input == .loopback { return true }
    let header = packet.header
    let isBroadcast = header.destination.v4Bits == .max
    // 224.0.0.0/24 stays on its link.
    if header.source.isZero, isBroadcast || header.destination.v4Bits >> 8 == 0xe00000 { return true }
    let isUsable = !header.destination.isMulticast && !isBroadcast && !header.destination.isZero
    let flow = FlowKey(
      destination: header.source, source: isUsable ? header.destination : .any(header.family), input: .loopback,
      mark: question.usesMark ? packet.packet.mark : 0, tos: header.tos)
    guard let route = try? lookup(flow), route.type == .unicast || (route.type == .local && question.acceptsLocal)
    else { return false }
    return question.isLoose || route.device == packet.input
  }
}
