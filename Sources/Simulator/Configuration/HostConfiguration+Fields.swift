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
}
