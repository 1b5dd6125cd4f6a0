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
  /// In IPv6 the last extension header may reach behind the end: such a packet is tracked (kernel: `ipv6_get_l4proto`).
  /// The header inside an ICMP error is read like this, too, therefore the version is `family` and not looked at.
  init?(_ bytes: [UInt8], at start: Int, family: AddressFamily) {
    if family == .ipv6 {
      guard start >= 0, bytes.count &- start >= IPv6Header.length,
        let place = IPv6Extensions.skipped(
          from: start &+ IPv6Header.length, IPv6Header.nextHeader(in: bytes, at: start), in: bytes),
        place.fragmentation.offset == 0,
        let source = IPv6Header.source(in: bytes, at: start),
        let destination = IPv6Header.destination(in: bytes, at: start)
      else { return nil }
      offset = place.offset
      protocolNumber = place.protocolNumber
      self.source = source
      self.destination = destination
      return
    }
    guard family == .ipv4, start >= 0, bytes.count &- start >= IPv4Header.minimumLength else { return nil }
    guard IPv4Header.fragmentation(in: bytes, at: start).offset == 0 else { return nil }
    offset = start &+ IPv4Header.length(in: bytes, at: start)
    guard offset <= bytes.count, offset > 0 else { return nil }
    protocolNumber = IPv4Header.protocolNumber(in: bytes, at: start)
    source = IPv4Header.source(in: bytes, at: start)
    destination = IPv4Header.destination(in: bytes, at: start)
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
    case _ where location.protocolNumber.isTrackedByPorts:
      guard left >= TransportPorts.length else { return nil }
      sourceKey = TransportPorts.source(in: bytes, at: offset)
      destinationKey = TransportPorts.destination(in: bytes, at: offset)
    case .icmp, .icmpv6:
      guard left >= ICMPMessage.headerLength else { return nil }
      sourceKey = ICMPMessage.identifier(in: bytes, at: offset)
      destinationKey = ICMPMessage.typeAndCode(in: bytes, at: offset)
    case .gre:
      // Only the enhanced GRE of PPTP (version 1) has a key; its other half would come from the PPTP helper.
      guard left >= GREHeader.enhancedLength, GREHeader.version(in: bytes, at: offset) == GREHeader.enhancedVersion
      else { break }
      guard GREHeader.protocolType(in: bytes, at: offset) == GREHeader.pointToPoint else { return nil }
      destinationKey = GREHeader.callIdentifier(in: bytes, at: offset)
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
      guard let type = ICMPType(icmpType).counterpart else { return nil }
      result.destinationKey = UInt16(type.rawValue) << 8 | UInt16(icmpCode)
    case .icmpv6:
      guard let type = ICMPv6Type(icmpType).counterpart else { return nil }
      result.destinationKey = UInt16(type.rawValue) << 8 | UInt16(icmpCode)
    default:
      result.sourceKey = destinationKey
      result.destinationKey = sourceKey
    }
    return result
  }
}
