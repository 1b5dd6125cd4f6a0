// Making messages of neighbour discovery (RFC 4861) and of multicast listeners (RFC 2710, RFC 9777), without their checksums.

extension ICMPv6Message {
  private typealias Flags = NeighbourAdvertisementFlags

  /// The hop limit of a router advertisement and how long the router is one, in seconds (RFC 4861 §6.2.1).
  private static let routerWord: UInt32 = 64 << 24 | 1800
  /// How long listeners may wait, in milliseconds (RFC 2710 §7.3).
  private static let responseDelay: UInt32 = 10_000

  /// The second word of a message's header.
  public static func information(of type: ICMPv6Type, _ message: DiscoveryMessage) -> UInt32 {
    switch type {
    case .routerAdvertisement: routerWord
    case .neighbourAdvertisement: (message.isSolicited ? [.solicited, .override] : Flags.override).rawValue
    case .listenerQuery: responseDelay << 16
    case .listenerReport2: message.group == nil ? 0 : 1
    default: 0
    }
  }

  /// What follows the header of a message; empty for other types.
  public static func body(of type: ICMPv6Type, _ message: DiscoveryMessage) -> [UInt8] {
    let nobody = IPAddress.any(.ipv6)
    let target = (message.target ?? nobody).bytes
    let body = { (addresses: [UInt8], kind: NeighbourOptions.Kind) -> [UInt8] in
      NeighbourHeader.body(addresses, kind, mac: message.linkLayerAddress)
    }
    switch type {
    case .routerSolicitation: return body([], .source)
    // Reachable time and retransmission timer, which are not given.
    case .routerAdvertisement: return body([UInt8](repeating: 0, count: 8), .source)
    case .neighbourSolicitation: return body(target, .source)
    case .neighbourAdvertisement: return body(target, .target)
    case .redirect: return body(target + (message.destination ?? nobody).bytes, .target)
    case .listenerQuery, .listenerReport, .listenerDone: return (message.group ?? nobody).bytes
    // A record that excludes no source: the group is joined (RFC 9777 §5.2.12).
    case .listenerReport2: return message.group.map { [4, 0, 0, 0] + $0.bytes } ?? []
    default: return []
    }
  }
}
