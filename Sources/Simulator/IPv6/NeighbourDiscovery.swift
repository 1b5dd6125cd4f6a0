// Messages of neighbour discovery: what the host sends, and what it makes of those that it gets (kernel: net/ipv6/ndisc.c).

import NetfilterModel

/// A message of neighbour discovery that reached the host and is valid.
enum NeighbourDiscovery: Hashable, Sendable {
  /// Somebody asks for an address; `mac` is the sender's link-layer address if it tells that.
  case solicitation(target: IPAddress, mac: [UInt8]?)
  /// Somebody has an address; `mac` is the link-layer address if it is told, `overrides` whether it replaces another one.
  case advertisement(target: IPAddress, mac: [UInt8]?, overrides: Bool)
  /// A router tells of itself, or somebody asks for routers; and with it the link-layer address.
  case sender(isRouter: Bool, mac: [UInt8])

  /// Reads the message at `start` of a packet; nil where the kernel drops it without a further look (kernel: `ndisc_rcv`,
  /// `ndisc_recv_ns`, `ndisc_recv_na`, `ndisc_recv_rs`, `ndisc_router_discovery`).
  init?(_ bytes: [UInt8], _ header: IPHeader, at start: Int) {
    guard header.ttl == NeighbourHeader.hopLimit, ICMPMessage.code(in: bytes, at: start) == .none else { return nil }
    let type = ICMPv6Message.type(in: bytes, at: start)
    let length: Int
    switch type {
    case .neighbourSolicitation, .neighbourAdvertisement: length = NeighbourHeader.length
    case .routerSolicitation: length = ICMPMessage.headerLength
    case .routerAdvertisement: length = NeighbourHeader.routerAdvertisementLength
    default: return nil
    }
    guard bytes.count - start >= length, let options = NeighbourOptions(bytes, from: start + length) else { return nil }
    let target = NeighbourHeader.target(in: bytes, at: start) ?? .any(.ipv6)
    switch type {
    case .neighbourSolicitation:
      guard !target.isMulticast, options.source != .malformed else { return nil }
      // A duplicate is looked for without an address of one's own.
      if header.source.isZero {
        guard header.destination.isSolicitedNode, options.source == .absent else { return nil }
      }
      self = .solicitation(target: target, mac: options.source.mac)
    case .neighbourAdvertisement:
      let flags = NeighbourHeader.flags(in: bytes, at: start)
      guard !target.isMulticast, !(header.destination.isMulticast && flags.contains(.solicited)),
        options.target != .malformed
      else { return nil }
      self = .advertisement(target: target, mac: options.target.mac, overrides: flags.contains(.override))
    case .routerSolicitation:
      guard !header.source.isZero, let mac = options.source.mac else { return nil }
      self = .sender(isRouter: false, mac: mac)
    default:
      guard header.source.isLinkLocal, let mac = options.source.mac else { return nil }
      self = .sender(isRouter: true, mac: mac)
    }
  }

  /// The solicitation for a neighbour, to its solicited-node group (kernel: `ndisc_ns_create`).
  static func solicitation(for target: IPAddress, from source: IPAddress, mac: [UInt8]?, trafficClass: UInt8) -> [UInt8]
  {
    let message = NeighbourHeader.make(.neighbourSolicitation, target: target, .source, mac: mac)
    return ICMPv6Answers.packet(
      message, source: source, destination: target.solicitedNode, hopLimit: NeighbourHeader.hopLimit,
      trafficClass: trafficClass)
  }

  /// An advertisement of an address (kernel: `ndisc_send_na`).
  static func advertisement(
    of target: IPAddress, from source: IPAddress, to destination: IPAddress, _ flags: NeighbourAdvertisementFlags,
    mac: [UInt8]?, trafficClass: UInt8 = 0
  ) -> [UInt8] {
    let message = NeighbourHeader.make(.neighbourAdvertisement, flags: flags, target: target, .target, mac: mac)
    return ICMPv6Answers.packet(
      message, source: source, destination: destination, hopLimit: NeighbourHeader.hopLimit,
      trafficClass: trafficClass)
  }

  /// The address that a packet on the link asks for; nil for one that no neighbour answers (RFC 4861 §7.1.1).
  static func solicitedTarget(of packet: [UInt8]) -> IPAddress? {
    guard let header = IPHeader(packet), header.protocolNumber == .icmpv6, !header.source.isZero,
      ICMPv6Message.type(in: packet, at: header.transportOffset) == .neighbourSolicitation,
      case .solicitation(let target, _) = NeighbourDiscovery(packet, header, at: header.transportOffset)
    else { return nil }
    return target
  }
}
