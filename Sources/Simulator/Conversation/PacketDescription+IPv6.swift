// What only a packet of IPv6 has: extension headers, and messages of ICMPv6 with a body.

import NetfilterModel

extension PacketDescription {
  /// The type of a message of ICMPv6; nil for other packets.
  package var icmpv6Type: ICMPv6Type? { protocolNumber == .icmpv6 ? ICMPv6Type(icmpType) : nil }

  /// Whether the packet is an ICMP error.
  var isError: Bool {
    protocolNumber == .icmp ? ICMPType(icmpType).quotesPacket : icmpv6Type?.isError ?? false
  }

  /// Whether the packet is an ICMP error that tells an MTU.
  var tellsMTU: Bool {
    icmpv6Type == .packetTooBig
      || (protocolNumber == .icmp && ICMPType(icmpType) == .destinationUnreachable
        && ICMPCode(icmpCode) == .fragmentationNeeded)
  }

  /// Whether the packet is a message of neighbour discovery with a target.
  package var hasTarget: Bool {
    icmpv6Type == .neighbourSolicitation || icmpv6Type == .neighbourAdvertisement || icmpv6Type == .redirect
  }

  /// Takes the hop limit that senders of the ICMPv6 message use: 255 for neighbour discovery, 1 for listeners.
  package mutating func takeUsualHopLimit() {
    guard let type = icmpv6Type else { return }
    if type.isNeighbourDiscovery { ttl = 255 }
    if type.isListenerDiscovery { ttl = 1 }
  }

  /// Fills in what follows from the rest, once all is said; what is missing, or nil.
  ///
  /// Listeners' messages without extension headers get a router alert, as nodes send them (RFC 2710 §3); the target of a solicitation to
  /// one address, and of an advertisement, is that of the packet.
  package mutating func complete() -> OptionError? {
    guard source.family == .ipv6, let type = icmpv6Type else { return nil }
    if type.isListenerDiscovery, extensions.isEmpty {
      extensions = [.hopByHop([ExtensionOption(.routerAlert, [0, 0])])]
    }
    if !payload.isEmpty, neighbour.isEmpty { return nil }
    switch type {
    case .neighbourSolicitation where neighbour.target == nil:
      if destination.isMulticast {
        return OptionError("a solicitation to a group needs the address that it asks for", help: "add target=ADDRESS")
      }
      neighbour.target = destination
    case .neighbourAdvertisement:
      neighbour.isSolicited = !destination.isMulticast
      if neighbour.target == nil { neighbour.target = source }
    case .redirect where neighbour.target == nil || neighbour.destination == nil:
      return OptionError("a redirect needs the better hop and what it leads to", help: "add target=HOP dest=ADDRESS")
    default: break
    }
    return nil
  }

  /// The second word of an ICMP header.
  var icmpInformation: UInt32 {
    if let announcedMTU { return protocolNumber == .icmp ? announcedMTU & 0xffff : announcedMTU }
    let usual = ICMPMessage.information(identifier: identifier, sequence: UInt16(truncatingIfNeeded: sequence))
    guard let type = icmpv6Type, !type.isEcho else { return usual }
    if type.isNeighbourDiscovery || type.isListenerDiscovery { return ICMPv6Message.information(of: type, neighbour) }
    return type.isError ? 0 : usual
  }

  /// What follows the ICMP header before the payload. A payload without a word about the body is the body.
  var icmpBody: [UInt8] {
    guard let type = icmpv6Type, payload.isEmpty || !neighbour.isEmpty else { return [] }
    return ICMPv6Message.body(of: type, neighbour)
  }

  /// The length in bytes of the extension headers that the packet has.
  var extensionsLength: Int { presentExtensions.reduce(0) { $0 + $1.length } }

  /// The extension headers in the packet itself: of those behind its fragment header a later piece has none.
  private var presentExtensions: ArraySlice<ExtensionHeader> {
    guard fragmentOffset != 0, let place = extensions.firstIndex(of: .fragment) else { return extensions[...] }
    return extensions[...place]
  }

  /// Where the packet goes in the end, which the checksum counts (RFC 8200 §8.1).
  var finalDestination: IPAddress {
    for header in extensions {
      if let final = header.finalDestination { return final }
    }
    return destination
  }

  /// The IPv6 header and the extension headers in front of so many bytes.
  func ipv6Headers(_ payloadLength: Int) -> [UInt8] {
    let numbers = extensions.map { $0.number } + [protocolNumber]
    var bytes: [UInt8] = []
    for (index, header) in presentExtensions.enumerated() {
      bytes += self.bytes(of: header, before: numbers[index + 1])
    }
    let isJumbogram = extensions.contains { $0.isOfJumbogram }
    return IPv6Header.make(
      trafficClass: tos, flowLabel: flowLabel, payloadLength: isJumbogram ? 0 : bytes.count + payloadLength,
      nextHeader: numbers[0], hopLimit: ttl, source: source, destination: destination) + bytes
  }

  private func bytes(of header: ExtensionHeader, before next: ProtocolNumber) -> [UInt8] {
    switch header {
    case .hopByHop(let options), .destinationOptions(let options):
      IPv6OptionsHeader.make(nextHeader: next, options: options.map { ($0.kind, $0.data) })
    case .routing(let type, let left, let addresses):
      IPv6RoutingHeader.make(nextHeader: next, type: type, segmentsLeft: left, addresses: addresses)
    case .authentication(let index): AHHeader.make(nextHeader: next, securityParameters: index)
    case .fragment:
      IPv6FragmentHeader.make(
        nextHeader: next, offset: UInt16(truncatingIfNeeded: fragmentOffset / 8), moreFragments: moreFragments,
        identification: identification)
    }
  }
}
