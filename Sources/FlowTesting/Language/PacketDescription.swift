// A packet as a person describes it, and its bytes: header fields, lengths and checksums filled in.

import NetfilterModel
import Simulator

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
  public var icmpType: UInt8 = 8
  /// The ICMP code.
  public var icmpCode: UInt8 = 0
  /// The identifier of an ICMP echo.
  public var identifier: UInt16 = 1
  /// The TCP flags.
  public var flags: UInt8 = 0x02
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
  /// The identification of an IPv4 packet.
  public var identification: UInt16 = 0
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
    if protocolNumber == .icmpv6 { icmpType = 128 }
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
    case .payload(let value): payload = value
    case .sequence(let value): sequence = value
    case .acknowledgement(let value): acknowledgement = value
    case .window(let value): window = value
    case .maximumSegmentSize(let value): maximumSegmentSize = value
    case .identifier(let value): identifier = value
    case .identification(let value): identification = value
    }
  }

  /// The length of the network header.
  var networkHeaderLength: Int { source.family == .ipv4 ? 20 : 40 }

  /// The smallest length in bytes that the packet can have.
  public var minimumLength: Int { networkHeaderLength + transportHeader.count + payload.count }

  /// Whether the protocol has ports.
  public var hasPorts: Bool { PacketDescription.hasPorts(protocolNumber) }

  static func hasPorts(_ number: ProtocolNumber) -> Bool {
    number == .tcp || number == .udp || number == .sctp
  }

  /// The transport header with no checksum; empty for later fragments.
  private var transportHeader: [UInt8] {
    guard fragmentOffset == 0 else { return [] }
    var header: [UInt8]
    switch protocolNumber {
    case .tcp:
      header = [UInt8](repeating: 0, count: maximumSegmentSize == nil ? 20 : 24)
      header.setUInt32(sequence, at: 4)
      header.setUInt32(acknowledgement, at: 8)
      header.setByte(UInt8(header.count / 4) << 4, at: 12)
      header.setByte(flags, at: 13)
      header.setUInt16(window, at: 14)
      if let size = maximumSegmentSize {
        header.setUInt16(0x0204, at: 20)
        header.setUInt16(size, at: 22)
      }
    case .udp: header = [UInt8](repeating: 0, count: 8)
    case .sctp:
      // The common header and an INIT chunk (RFC 9260 §3.3.2).
      header = [UInt8](repeating: 0, count: 32)
      header.setByte(1, at: 12)
      header.setUInt16(20, at: 14)
      header.setUInt32(1, at: 16)
      header.setUInt32(65535, at: 20)
      header.setUInt32(0x0001_0001, at: 24)
      header.setUInt32(1, at: 28)
    case .icmp, .icmpv6:
      header = [icmpType, icmpCode, 0, 0, 0, 0, 0, 0]
      header.setUInt16(identifier, at: 4)
      header.setUInt16(UInt16(truncatingIfNeeded: sequence), at: 6)
    default: header = []
    }
    if hasPorts {
      header.setUInt16(sourcePort, at: 0)
      header.setUInt16(destinationPort, at: 2)
    }
    return header
  }

  /// The packet: `owner` is what `-m owner` sees when the host sends it.
  public func packet(isLocal: Bool = false) -> Packet {
    var bytes = networkHeader + transportHeader + payload
    if let length, length > bytes.count { bytes += [UInt8](repeating: 0, count: length - bytes.count) }
    finish(&bytes)
    var packet = Packet(bytes: bytes)
    packet.mark = mark
    packet.sourceMAC = sourceMAC
    if isLocal { packet.owner = .process(uid: uid, gid: gid) }
    return packet
  }

  private var networkHeader: [UInt8] {
    var header = [UInt8](repeating: 0, count: networkHeaderLength)
    if source.family == .ipv6 {
      header.setUInt32(0x6000_0000 | UInt32(tos) << 20, at: 0)
      header.setByte(protocolNumber.rawValue, at: 6)
      header.setByte(ttl, at: 7)
      header.setBytes(source.bytes + destination.bytes, at: 8)
      return header
    }
    header.setByte(0x45, at: 0)
    header.setByte(tos, at: 1)
    header.setUInt16(identification, at: 4)
    var fragment = UInt16(truncatingIfNeeded: fragmentOffset / 8)
    if moreFragments { fragment |= 0x2000 }
    let isPiece = moreFragments || fragmentOffset != 0
    if dontFragment ?? (protocolNumber == .tcp && !isPiece) { fragment |= 0x4000 }
    header.setUInt16(fragment, at: 6)
    header.setByte(ttl, at: 8)
    header.setByte(protocolNumber.rawValue, at: 9)
    header.setBytes(source.bytes + destination.bytes, at: 12)
    return header
  }

  /// Fills in lengths and checksums.
  private func finish(_ bytes: inout [UInt8]) {
    let start = networkHeaderLength
    let length = bytes.count - start
    if source.family == .ipv4 {
      bytes.setUInt16(UInt16(truncatingIfNeeded: bytes.count), at: 2)
      bytes.setIPv4Checksum(length: start)
    } else {
      bytes.setUInt16(UInt16(truncatingIfNeeded: length), at: 4)
    }
    guard fragmentOffset == 0 else { return }
    let field: Int
    switch protocolNumber {
    case .tcp: field = 16
    case .udp:
      field = 6
      bytes.setUInt16(UInt16(truncatingIfNeeded: length), at: start + 4)
    case .icmp, .icmpv6: field = 2
    case .sctp:
      let checksum = CRC32c.checksum(bytes, from: start, zeroing: start + 8)
      bytes.setUInt32(checksum.byteSwapped, at: start + 8)
      return
    default: return
    }
    let pseudoHeader =
      protocolNumber == .icmp
      ? 0
      : Checksum.pseudoHeader(source: source, destination: destination, protocolNumber: protocolNumber, length: length)
    var checksum = Checksum.compute(bytes, in: start..<bytes.count, initial: pseudoHeader)
    // Zero means "no checksum" in UDP (RFC 768).
    if checksum == 0, protocolNumber == .udp { checksum = 0xffff }
    bytes.setUInt16(checksum, at: start + field)
  }
}
