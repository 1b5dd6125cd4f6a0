// Making messages of neighbour discovery (RFC 4861) and of multicast listeners (RFC 2710, RFC 9777), without their checksums.

extension ICMPv6Message {
  /// The hop limit of a router advertisement and how long the router is one, in seconds (RFC 4861 §6.2.1).
  private static let routerWord: UInt32 = 64 << 24 | 1800
  /// How long listeners may wait, in milliseconds (RFC 2710 §7.3).
  private static let responseDelay: UInt32 = 10_000

  /// The second word of a message's header.
  public static func information(of type: ICMPv6Type, _ message: DiscoveryMessage) -> UInt32 {
    switch type {
    case .routerAdvertisement: routerWord
    // The flags S and O (RFC 4861 §4.4).
    case .neighbourAdvertisement: message.isSolicited ? 0x6000_0000 : 0x2000_0000
    case .listenerQuery: responseDelay << 16
    case .listenerReport2: message.group == nil ? 0 : 1
    default: 0
    }
  }

  /// What follows the header of a message; empty for other types.
  public static func body(of type: ICMPv6Type, _ message: DiscoveryMessage) -> [UInt8] {
    let nobody = IPAddress.any(.ipv6)
    var bytes: [UInt8] = []
    switch type {
    // Reachable time and retransmission timer, which are not given.
    case .routerAdvertisement: bytes = [UInt8](repeating: 0, count: 8)
    case .neighbourSolicitation, .neighbourAdvertisement: bytes = (message.target ?? nobody).bytes
    case .redirect: bytes = (message.target ?? nobody).bytes + (message.destination ?? nobody).bytes
    case .listenerQuery, .listenerReport, .listenerDone: return (message.group ?? nobody).bytes
    case .listenerReport2:
      // A record that excludes no source: the group is joined (RFC 9777 §5.2.12).
      return message.group.map { [4, 0, 0, 0] + $0.bytes } ?? []
    case .routerSolicitation: break
    default: return []
    }
    if let address = message.linkLayerAddress {
      // Of the source, or of the target (RFC 4861 §4.6.1).
      let isTarget = type == .neighbourAdvertisement || type == .redirect
      bytes += [isTarget ? 2 : 1, 1] + address.prefix(6)
    }
    return bytes
  }
}
