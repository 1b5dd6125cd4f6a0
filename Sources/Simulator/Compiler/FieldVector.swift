// The fields of a packet as 64-bit words at fixed places, filled once for each table, so that most conditions are one test.

import NetfilterModel

/// Where a field lies: a slot of the vector, how far it is shifted, and how many bits it has.
struct FieldPlace {
  var slot: UInt8
  var shift: UInt64
  var bits: UInt64

  /// The field's bits in place.
  var mask: UInt64 { (bits == 64 ? .max : (1 << bits) - 1) << shift }
}

/// Conditions of headers that fail for whole packets, a bit each: set where the packet has not what it takes.
struct PacketGuards {
  /// Not TCP.
  static let notTCP: UInt16 = 1 << 0
  /// Not UDP.
  static let notUDP: UInt16 = 1 << 1
  /// Not ICMP.
  static let notICMP: UInt16 = 1 << 2
  /// No connection.
  static let noConnection: UInt16 = 1 << 3
  /// Fewer than 4 bytes from the transport header on, or a later fragment.
  static let noPorts: UInt16 = 1 << 8
  /// Fewer than 8 bytes, or a later fragment.
  static let shortOf8: UInt16 = 1 << 9
  /// Fewer than 20 bytes, or a later fragment.
  static let shortOf20: UInt16 = 1 << 10
  /// A later fragment.
  static let laterFragment: UInt16 = 1 << 11
  /// Extension headers of IPv6 that lead to no protocol.
  static let unknownProtocol: UInt16 = 1 << 12
  /// What a later fragment does not have.
  static let laterFragments: UInt16 = noPorts | shortOf8 | shortOf20 | laterFragment
  /// Those where only the condition itself knows whether the packet is dropped.
  static let cold: UInt16 = 0xff00

  /// The guard of a protocol; nil for one that has none.
  static func of(_ number: UInt8) -> UInt16? {
    switch ProtocolNumber(number) {
    case .tcp: notTCP
    case .udp: notUDP
    case .icmp: notICMP
    default: nil
    }
  }
}

/// The slots, and how they are filled.
enum FieldVector {
  /// How many words the vector has.
  static let count = 16
  /// Always zero, for rules without a condition.
  static let always: UInt8 = 0
  /// Which interface patterns of the program the interfaces fit: 32 of the input, 32 of the output.
  static let interfaces: UInt8 = 5
  /// How many interface patterns of each side have a bit.
  static let interfacePatterns = 32

  /// The place of a field, for packets of a family; nil for one that has none.
  static func place(of field: Field, _ family: AddressFamily) -> FieldPlace? {
    switch field {
    case .source where family == .ipv4: FieldPlace(slot: 1, shift: 32, bits: 32)
    case .destination where family == .ipv4: FieldPlace(slot: 1, shift: 0, bits: 32)
    case .protocolNumber: FieldPlace(slot: 6, shift: 56, bits: 8)
    case .ttl: FieldPlace(slot: 6, shift: 48, bits: 8)
    case .tos: FieldPlace(slot: 6, shift: 40, bits: 8)
    case .dscp: FieldPlace(slot: 6, shift: 42, bits: 6)
    case .ecn: FieldPlace(slot: 6, shift: 40, bits: 2)
    case .fragmentOffset: FieldPlace(slot: 6, shift: 24, bits: 16)
    case .totalLength: FieldPlace(slot: 6, shift: 0, bits: 24)
    case .sourcePort: FieldPlace(slot: 7, shift: 48, bits: 16)
    case .destinationPort: FieldPlace(slot: 7, shift: 32, bits: 16)
    case .icmpType: FieldPlace(slot: 7, shift: 48, bits: 16)
    case .securityParameterIndex: FieldPlace(slot: 7, shift: 32, bits: 32)
    case .tcpFlags: FieldPlace(slot: 7, shift: 24, bits: 8)
    case .packetType: FieldPlace(slot: 7, shift: 16, bits: 8)
    case .mark: FieldPlace(slot: 8, shift: 32, bits: 32)
    case .connectionState, .packetState: FieldPlace(slot: 9, shift: 48, bits: 16)
    case .connectionDirection: FieldPlace(slot: 9, shift: 40, bits: 8)
    case .connectionProtocol: FieldPlace(slot: 9, shift: 32, bits: 8)
    case .connectionStatus: FieldPlace(slot: 9, shift: 0, bits: 32)
    case .connectionMark: FieldPlace(slot: 8, shift: 0, bits: 32)
    case .connectionPort(let direction, let end):
      FieldPlace(slot: 10, shift: (direction == .original ? 48 : 16) - (end == .source ? 0 : 16), bits: 16)
    default: nil
    }
  }

  /// The two slots of a 128-bit field of IPv6, the upper word first; nil for another field.
  static func wideSlots(of field: Field, _ family: AddressFamily) -> (high: UInt8, low: UInt8)? {
    guard family == .ipv6 else { return nil }
    switch field {
    case .source: return (1, 2)
    case .destination: return (3, 4)
    default: return nil
    }
  }

  /// The guard that a transport field needs to be there.
  static func need(of field: Field) -> UInt16? {
    switch field {
    case .sourcePort, .destinationPort, .eitherPort, .icmpType, .securityParameterIndex: PacketGuards.noPorts
    case .tcpFlags: PacketGuards.shortOf20
    default: nil
    }
  }

  /// Whether a field belongs to the connection.
  static func isOfConnection(_ field: Field) -> Bool {
    switch field {
    case .connectionDirection, .connectionProtocol, .connectionStatus, .connectionMark, .connectionPort,
      .connectionAddress, .connectionExpiry, .connectionTraffic:
      true
    default: false
    }
  }

  /// Fills a vector with the fields of a packet; the guards are returned.
  @inline(__always)
  static func fill(
    _ slots: UnsafeMutablePointer<UInt64>, _ packet: borrowing PacketContext, _ program: borrowing TableProgram,
    _ connections: borrowing ConnectionTable
  ) -> UInt16 {
    let family = packet.header.family
    slots[0] = 0
    if family == .ipv4 {
      slots[1] = packet.header.source.low << 32 | packet.header.destination.low
    } else {
      slots[1] = packet.header.source.high
      slots[2] = packet.header.source.low
      slots[3] = packet.header.destination.high
      slots[4] = packet.header.destination.low
    }
    slots[5] = program.interfaceBits(input: packet.input, output: packet.output)
    let number = packet.header.protocolNumber
    let addressing = UInt64(number.rawValue) << 56 | UInt64(packet.header.ttl) << 48 | UInt64(packet.header.tos) << 40
    slots[6] =
      addressing | UInt64(packet.header.comparedFragmentOffset) << 24
      | UInt64(truncatingIfNeeded: min(packet.countedLength, 0xff_ffff))
    var guards: UInt16 = 0
    if number != .tcp { guards |= PacketGuards.notTCP }
    if number != .udp { guards |= PacketGuards.notUDP }
    if number != .icmp { guards |= PacketGuards.notICMP }
    // Alone, so that the rule asks its own conditions.
    if !packet.header.isProtocolKnown { guards = PacketGuards.unknownProtocol }
    let length = packet.transportLength
    if packet.header.fragmentOffset != 0 {
      guards |= PacketGuards.laterFragments
    } else if length < 20 {
      guards |= PacketGuards.shortOf20
      if length < 8 { guards |= PacketGuards.shortOf8 }
      if length < 4 { guards |= PacketGuards.noPorts }
    }
    let start = packet.transportOffset
    var transport = UInt64(TransportPorts.both(in: packet.packet.bytes, at: start)) << 32
    if number == .tcp { transport |= UInt64(TCPHeader.flags(in: packet.packet.bytes, at: start).rawValue) << 24 }
    slots[7] = transport | UInt64(packet.visibleType.rawValue) << 16
    slots[8] = UInt64(packet.packet.mark) << 32
    if let id = packet.connection {
      let state = packet.state
      connections.with(id) { fill(slots, state, $0) }
    } else {
      guards |= PacketGuards.noConnection
      let state = ConnectionStateSet(packet.state, status: nil, withNAT: false)
      slots[9] = UInt64(state.rawValue) << 48
      slots[10] = 0
    }
    return guards
  }

  @inline(__always)
  private static func fill(
    _ slots: UnsafeMutablePointer<UInt64>, _ state: ConnectionState, _ connection: UnsafePointer<Connection>
  ) {
    let status = connection.pointee.status
    let bits = ConnectionStateSet(state, status: status, withNAT: true)
    slots[8] |= UInt64(connection.pointee.mark)
    let original = connection.pointee.original
    slots[9] =
      UInt64(bits.rawValue) << 48 | UInt64(state.direction.rawValue) << 40
      | UInt64(original.protocolNumber.rawValue) << 32 | UInt64(status.rawValue)
    let reply = connection.pointee.reply
    slots[10] =
      UInt64(original.sourceKey) << 48 | UInt64(original.destinationKey) << 32 | UInt64(reply.sourceKey) << 16
      | UInt64(reply.destinationKey)
  }
}
