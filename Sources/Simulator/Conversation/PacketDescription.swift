// A packet as a person describes it, and its bytes: header fields, lengths and checksums filled in.

import NetfilterModel

/// A packet in the terms of the flow language.
public struct PacketDescription: Hashable, Sendable {
  /// The transport protocol.
  public var protocolNumber: ProtocolNumber
  /// The source address.
  public var source: IPAddress
  /// The destination address, of the same family.
  public var destination: IPAddress
  /// The source port, for protocols with ports.
  public var sourcePort: UInt16 = 0
  /// The destination port.
  public var destinationPort: UInt16 = 0
  /// The ICMP type.
  public var icmpType = ICMPType.echoRequest.rawValue
  /// The ICMP code.
  public var icmpCode = ICMPCode.none.rawValue
  /// The identifier of an ICMP echo.
  public var identifier: UInt16 = 1
  /// The TCP flags.
  public var flags: TCPFlags = .syn
  /// The TCP sequence number, or that of an ICMP echo.
  public var sequence: UInt32 = 0
  /// The TCP acknowledgement number.
  public var acknowledgement: UInt32 = 0
  /// The TCP window.
  public var window: UInt16 = 64240
  /// The maximum segment size that is announced, or nil.
  public var maximumSegmentSize: UInt16?
  /// The TTL or hop limit.
  public var ttl: UInt8 = 64
  /// The TOS or traffic class byte.
  public var tos: UInt8 = 0
  /// The don't-fragment bit; nil as Linux does: set for TCP.
  public var dontFragment: Bool?
  /// The offset of a fragment in bytes.
  public var fragmentOffset = 0
  /// Whether more fragments follow.
  public var moreFragments = false
  /// The identification of an IPv4 packet, 16 bits, or of an IPv6 fragment, 32 bits.
  public var identification: UInt32 = 0
  /// The flow label of IPv6, 20 bits.
  public var flowLabel: UInt32 = 0
  /// The extension headers of IPv6, in their order.
  public var extensions: [ExtensionHeader] = []
  /// What a message of neighbour or listener discovery says.
  public var neighbour = DiscoveryMessage()
  /// Whether it is an ICMP error that quotes the packet before it.
  public var quotesLast = false
  /// The MTU in bytes that an ICMP error announces, or nil.
  public var announcedMTU: UInt32?
  /// The mark that it starts with.
  public var mark: UInt32 = 0
  /// The Ethernet source address, or nil.
  public var sourceMAC: [UInt8]?
  /// The user of the sending process, for packets of the host.
  public var uid: UInt32 = 0
  /// The group of the sending process.
  public var gid: UInt32 = 0
  /// The payload.
  public var payload: [UInt8] = []
  /// The length of the IP packet, or nil for as long as needed.
  public var length: Int?

  /// Makes a packet: TCP is a SYN, ICMP an echo request.
  public init(_ protocolNumber: ProtocolNumber, from source: IPAddress, to destination: IPAddress) {
    self.protocolNumber = protocolNumber
    self.source = source
    self.destination = destination
    if protocolNumber == .tcp { sequence = 1000 }
    if protocolNumber == .icmp || protocolNumber == .icmpv6 { sequence = 1 }
    if protocolNumber == .icmpv6 { icmpType = ICMPv6Type.echoRequest.rawValue }
  }

  /// Takes an option over.
  public mutating func apply(_ option: PacketOption) {
    switch option {
    case .ttl(let value): ttl = value
    case .mark(let value): mark = value
    case .mac(let value): sourceMAC = value
    case .length(let value): length = value
    case .uid(let value): uid = value
    case .gid(let value): gid = value
    case .tos(let value): tos = value
    case .dontFragment(let value): dontFragment = value
    case .fragment(let offset, let more):
      fragmentOffset = offset
      moreFragments = more
      if source.family == .ipv6, !extensions.contains(.fragment) { extensions.append(.fragment) }
    case .payload(let value): payload = value
    case .sequence(let value): sequence = value
    case .acknowledgement(let value): acknowledgement = value
    case .window(let value): window = value
    case .maximumSegmentSize(let value): maximumSegmentSize = value
    case .identifier(let value): identifier = value
    case .identification(let value): identification = value
    case .flowLabel(let value): flowLabel = value
    case .extensionHeader(let header): extensions.append(header)
    case .quote: quotesLast = true
    case .mtu(let value): announcedMTU = value
    case .target(let value): neighbour.target = value
    case .redirected(let value): neighbour.destination = value
    case .group(let value): neighbour.group = value
    case .linkLayerAddress(let value): neighbour.linkLayerAddress = value
    }
  }

  /// The length of the network header, extension headers included.
  var networkHeaderLength: Int {
    source.family == .ipv4 ? IPv4Header.minimumLength : IPv6Header.length + extensionsLength
  }

  /// The most bytes that a packet of a family can have.
  package static func maximumLength(_ family: AddressFamily) -> Int {
    family == .ipv4 ? 0xffff : IPv6Header.length + 0xffff
  }

  /// The smallest length in bytes that the packet can have.
  public var minimumLength: Int { networkHeaderLength + transportHeader.count + payload.count }

  /// Whether the description has ports: those of TCP, UDP and SCTP, whose headers it makes.
  public var hasPorts: Bool { PacketDescription.hasPorts(protocolNumber) }

  package static func hasPorts(_ number: ProtocolNumber) -> Bool {
    number == .tcp || number == .udp || number == .sctp
  }

  /// The transport header with no checksum; empty for later fragments.
  private var transportHeader: [UInt8] {
    guard fragmentOffset == 0 else { return [] }
    switch protocolNumber {
    case .tcp:
      return TCPHeader.make(
        sourcePort: sourcePort, destinationPort: destinationPort, sequence: sequence, acknowledgement: acknowledgement,
        flags: flags, window: window, options: maximumSegmentSize.map { TCPOptions.maximumSegmentSize($0) } ?? [])
    case .udp:
      return UDPHeader.make(
        sourcePort: sourcePort, destinationPort: destinationPort, payloadLength: payload.count)
    case .sctp: return SCTPHeader.makeInitiation(sourcePort: sourcePort, destinationPort: destinationPort)
    case .icmp, .icmpv6:
      return ICMPMessage.makeHeader(type: ICMPType(icmpType), code: ICMPCode(icmpCode), information: icmpInformation)
        + icmpBody
    default: return []
    }
  }

  /// The packet: `owner` is what `-m owner` sees when the host sends it.
  public func packet(isLocal: Bool = false) -> Packet {
    var segment = transportHeader + payload
    let missing = (length ?? 0) - networkHeaderLength - segment.count
    if missing > 0 { segment += [UInt8](repeating: 0, count: missing) }
    if fragmentOffset == 0 { finish(&segment) }
    var packet = Packet(bytes: networkHeader(segment.count) + segment)
    packet.mark = mark
    packet.sourceMAC = sourceMAC
    if isLocal { packet.owner = .process(uid: uid, gid: gid) }
    return packet
  }

  private func networkHeader(_ payloadLength: Int) -> [UInt8] {
    if source.family == .ipv6 { return ipv6Headers(payloadLength) }
    let isPiece = moreFragments || fragmentOffset != 0
    let fragmentation = IPv4Fragmentation(
      offset: UInt16(truncatingIfNeeded: fragmentOffset / 8), moreFragments: moreFragments,
      dontFragment: dontFragment ?? (protocolNumber == .tcp && !isPiece))
    return IPv4Header.make(
      tos: tos, payloadLength: payloadLength, identification: UInt16(truncatingIfNeeded: identification),
      fragmentation: fragmentation, ttl: ttl,
      protocolNumber: protocolNumber, source: source, destination: destination)
  }

  /// Fills in the length and the checksum of a segment that begins with its transport header.
  private func finish(_ segment: inout [UInt8]) {
    if protocolNumber == .udp {
      UDPHeader.setDatagramLength(UInt16(truncatingIfNeeded: segment.count), in: &segment, at: 0)
    }
    TransportChecksum.update(&segment, from: 0, protocolNumber, source: source, destination: finalDestination)
  }
}
