// From a packet to the tuple that identifies its direction of a connection, and back to front.

import NetfilterModel

/// Where a packet's transport header starts, and which protocol it is of (kernel: `get_l4proto`).
struct TransportLocation: Hashable {
  /// The offset of the transport header.
  var offset: Int
  /// The transport protocol.
  var protocolNumber: ProtocolNumber
  /// The source address of the network header.
  var source: IPAddress
  /// The destination address of the network header.
  var destination: IPAddress

  /// Reads the network header at `start`, or returns nil when tracking can make nothing of it: it is cut off, it is
  /// not a first fragment, or its length reaches behind the end (kernel: `ipv4_get_l4proto`).
  ///
  /// The header inside an ICMP error is read like this, too, therefore the version is `family` and not looked at.
  init?(_ bytes: [UInt8], at start: Int, family: AddressFamily) {
    guard family == .ipv4, start >= 0, bytes.count &- start >= 20 else { return nil }
    guard bytes.uint16(at: start &+ 6) & 0x1fff == 0 else { return nil }
    offset = start &+ Int(bytes.byte(at: start) & 15) &* 4
    guard offset <= bytes.count, offset > 0 else { return nil }
    protocolNumber = ProtocolNumber(bytes.byte(at: start &+ 9))
    source = .v4(bytes.uint32(at: start &+ 12))
    destination = .v4(bytes.uint32(at: start &+ 16))
  }
}

extension ConnectionTuple {
  /// The tuple of the packet whose headers are at `location`, or nil when too little is left of its transport header
  /// or the kernel refuses it (kernel: `nf_ct_get_tuple`).
  init?(_ bytes: [UInt8], _ location: TransportLocation) {
    let offset = location.offset
    let left = bytes.count &- offset
    var sourceKey: UInt16 = 0
    var destinationKey: UInt16 = 0
    switch location.protocolNumber {
    case .tcp, .udp, .udplite, .sctp:
      guard left >= 4 else { return nil }
      sourceKey = bytes.uint16(at: offset)
      destinationKey = bytes.uint16(at: offset &+ 2)
    case .icmp, .icmpv6:
      guard left >= 8 else { return nil }
      sourceKey = bytes.uint16(at: offset &+ 4)
      destinationKey = bytes.uint16(at: offset)
    case .gre:
      // Only the enhanced GRE of PPTP (version 1) has a key; its other half would come from the PPTP helper.
      guard left >= 4, bytes.byte(at: offset &+ 1) & 7 == 1, left >= 8 else { break }
      guard bytes.uint16(at: offset &+ 2) == 0x880b else { return nil }
      destinationKey = bytes.uint16(at: offset &+ 6)
    default: break
    }
    self.init(
      source: location.source, destination: location.destination, sourceKey: sourceKey,
      destinationKey: destinationKey, protocolNumber: location.protocolNumber)
  }

  /// The tuple that an answer has, or nil for ICMP types that have none (kernel: `nf_ct_invert_tuple`).
  var inverted: ConnectionTuple? {
    var result = self
    result.source = destination
    result.destination = source
    switch protocolNumber {
    case .icmp:
      guard let type = Self.icmpAnswer(to: icmpType) else { return nil }
      result.destinationKey = UInt16(type) << 8 | UInt16(icmpCode)
    case .icmpv6:
      guard let type = Self.icmpv6Answer(to: icmpType) else { return nil }
      result.destinationKey = UInt16(type) << 8 | UInt16(icmpCode)
    default:
      result.sourceKey = destinationKey
      result.destinationKey = sourceKey
    }
    return result
  }

  /// The ICMP type that answers `type`, and the other way round (kernel: `invmap` of nf_conntrack_proto_icmp).
  static func icmpAnswer(to type: UInt8) -> UInt8? {
    switch type {
    case 0: 8
    case 8: 0
    case 13: 14
    case 14: 13
    case 15: 16
    case 16: 15
    case 17: 18
    case 18: 17
    default: nil
    }
  }

  /// The ICMPv6 type that answers `type`, and the other way round (kernel: `invmap` of nf_conntrack_proto_icmpv6).
  static func icmpv6Answer(to type: UInt8) -> UInt8? {
    switch type {
    case 128: 129
    case 129: 128
    case 139: 140
    case 140: 139
    default: nil
    }
  }
}
