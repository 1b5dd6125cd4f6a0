// Rewriting packets: addresses, ports and checksums of a packet, and of the packet that an ICMP error quotes.

import NetfilterModel

extension NATCore {
  /// Rewrites the packet as its hook and direction ask, or drops one that is too short (kernel: `nf_nat_packet`).
  func translate(_ packet: inout PacketContext) -> Verdict {
    guard let connection = packet.connection else { return .accept }
    let manipulation = Self.manipulation(at: packet.hook)
    let direction = packet.state.direction
    guard Self.applies(connection, manipulation, direction) else { return .accept }
    let target = Self.inverted(connection.tuple(direction.opposite))
    let done = NATRewriter.rewrite(&packet.packet.bytes, at: 0, target, manipulation)
    packet.pull(packet.header.protocolNumber == .tcp ? 20 : packet.header.protocolNumber == .sctp ? 12 : 8)
    if packet.packet.hasPartialChecksum { packet.packet.setPartialChecksum() }
    packet.refresh()
    return done ? .accept : .drop
  }

  /// Whether a connection has NAT that a kind of hook carries out for a direction.
  static func applies(
    _ connection: Connection, _ manipulation: NATManipulation, _ direction: ConnectionDirection
  ) -> Bool {
    let isSource = (manipulation == .source) == (direction == .original)
    return connection.status.contains(isSource ? .sourceNAT : .destinationNAT)
  }

  /// Rewrites an ICMP error and the packet that it quotes (kernel: `nf_nat_icmp_reply_translation`, `nf_nat_icmpv6_reply_translation`).
  func translateError(_ packet: inout PacketContext, _ connection: Connection) -> Verdict {
    let start = packet.transportOffset
    let family = packet.header.family
    packet.pull(28)
    let innerStart = start + 8
    guard packet.packet.bytes.count >= innerStart + (family == .ipv4 ? 20 : 40) else { return .drop }
    var total: UInt32 = 0
    if family == .ipv6 {
      total = Checksum.pseudoHeader(
        source: packet.header.source, destination: packet.header.destination, protocolNumber: .icmpv6,
        length: packet.packet.bytes.count - start)
    }
    let whole = start..<packet.packet.bytes.count
    // The kernel sums from the IP header on, whose checksum may not count yet what was written into its options.
    let checked = family == .ipv4 ? 0..<packet.packet.bytes.count : whole
    guard Checksum.compute(packet.packet.bytes, in: checked, initial: total) == 0 else { return .drop }
    let redirect: UInt8 = family == .ipv4 ? 5 : 137
    if packet.packet.bytes.byte(at: start) == redirect {
      guard connection.status.isSuperset(of: [.sourceNATDone, .destinationNATDone]),
        connection.status.isDisjoint(with: [.sourceNAT, .destinationNAT])
      else { return .drop }
    }
    let manipulation = Self.manipulation(at: packet.hook)
    let direction = packet.state.direction
    guard Self.applies(connection, manipulation, direction) else { return .accept }

    let other = connection.tuple(direction.opposite)
    let opposite: NATManipulation = manipulation == .source ? .destination : .source
    guard NATRewriter.rewrite(&packet.packet.bytes, at: innerStart, other, opposite) else { return .drop }

    packet.packet.bytes.setUInt16(0, at: start + 2)
    if family == .ipv6 {
      var header = packet.header
      if manipulation == .source { header.source = other.destination } else { header.destination = other.source }
      total = Checksum.pseudoHeader(
        source: header.source, destination: header.destination, protocolNumber: .icmpv6,
        length: packet.packet.bytes.count - start)
    }
    let checksum = Checksum.compute(packet.packet.bytes, in: whole, initial: total)
    packet.packet.bytes.setUInt16(checksum, at: start + 2)

    // the outer header alone changes: an error message carries no identifier of its own
    NATRewriter.replaceAddress(&packet.packet.bytes, at: 0, Self.inverted(other), manipulation)
    packet.refresh()
    return .accept
  }
}

/// Writes the addresses and keys of a tuple into a packet (kernel: `nf_nat_manip_pkt`).
enum NATRewriter {
  /// Makes the packet at `start` look like `tuple` at one end, checksums included; false when it is too short or of a kind that cannot be translated.
  static func rewrite(
    _ bytes: inout [UInt8], at start: Int, _ tuple: ConnectionTuple, _ manipulation: NATManipulation
  ) -> Bool {
    guard bytes.count >= start + (tuple.family == .ipv4 ? 20 : 40) else { return false }
    if let transport = transportOffset(bytes, start, tuple.family) {
      guard rewriteTransport(&bytes, at: start, transport, tuple, manipulation) else { return false }
    }
    replaceAddress(&bytes, at: start, tuple, manipulation)
    return true
  }

  /// Where the transport header of the packet at `start` is, or nil when NAT leaves it alone (an IPv6 fragment).
  static func transportOffset(_ bytes: [UInt8], _ start: Int, _ family: AddressFamily) -> Int? {
    if family == .ipv4 { return start + Int(bytes.byte(at: start) & 15) * 4 }
    var next = bytes.byte(at: start + 6)
    var offset = start + 40
    while offset < bytes.count {
      switch next {
      case 0, 43, 60:
        next = bytes.byte(at: offset)
        offset += (Int(bytes.byte(at: offset + 1)) + 1) * 8
      case 44:
        if bytes.uint16(at: offset + 2) & 0xfff8 != 0 { return nil }
        next = bytes.byte(at: offset)
        offset += 8
      case 51:
        next = bytes.byte(at: offset)
        offset += (Int(bytes.byte(at: offset + 1)) + 2) * 4
      default: return offset
      }
    }
    return nil
  }

  /// Replaces an address, and mends the IPv4 header's checksum.
  static func replaceAddress(
    _ bytes: inout [UInt8], at start: Int, _ tuple: ConnectionTuple, _ manipulation: NATManipulation
  ) {
    let new = manipulation == .source ? tuple.source : tuple.destination
    if tuple.family == .ipv4 {
      let offset = start + (manipulation == .source ? 12 : 16)
      let checksum = Checksum.replacing(
        bytes.uint16(at: start + 10), old32: bytes.uint32(at: offset), new32: new.v4Bits)
      bytes.setUInt16(checksum, at: start + 10)
      bytes.setUInt32(new.v4Bits, at: offset)
    } else {
      bytes.setBytes(new.bytes, at: start + (manipulation == .source ? 8 : 24))
    }
  }

  /// A transport checksum after the address of the pseudo header changes (kernel: `nf_csum_update`).
  static func checksum(
    _ checksum: UInt16, _ bytes: [UInt8], at start: Int, _ tuple: ConnectionTuple, _ manipulation: NATManipulation
  ) -> UInt16 {
    let new = (manipulation == .source ? tuple.source : tuple.destination).bytes
    let offset =
      start + (tuple.family == .ipv4 ? (manipulation == .source ? 12 : 16) : (manipulation == .source ? 8 : 24))
    var result = checksum
    for index in stride(from: 0, to: new.count, by: 4) {
      result = Checksum.replacing(result, old32: bytes.uint32(at: offset + index), new32: new.uint32(at: index))
    }
    return result
  }

  /// Rewrites the transport header (kernel: `l4proto_manip_pkt`); a protocol without ports passes unchanged.
  static func rewriteTransport(
    _ bytes: inout [UInt8], at start: Int, _ transport: Int, _ tuple: ConnectionTuple,
    _ manipulation: NATManipulation
  ) -> Bool {
    let available = bytes.count - transport
    let portOffset = transport + (manipulation == .source ? 0 : 2)
    let port = manipulation == .source ? tuple.sourceKey : tuple.destinationKey
    switch tuple.protocolNumber {
    case .tcp:
      guard available >= 8 else { return false }
      let old = bytes.uint16(at: portOffset)
      bytes.setUInt16(port, at: portOffset)
      // an ICMP error may quote less than the header
      if available >= 20 {
        let sum = checksum(bytes.uint16(at: transport + 16), bytes, at: start, tuple, manipulation)
        bytes.setUInt16(Checksum.replacing(sum, old: old, new: port), at: transport + 16)
      }
    case .udp, .udplite:
      guard available >= 8 else { return false }
      let old = bytes.uint16(at: portOffset)
      if tuple.protocolNumber == .udplite || bytes.uint16(at: transport + 6) != 0 {
        var sum = checksum(bytes.uint16(at: transport + 6), bytes, at: start, tuple, manipulation)
        sum = Checksum.replacing(sum, old: old, new: port)
        bytes.setUInt16(sum == 0 ? 0xffff : sum, at: transport + 6)
      }
      bytes.setUInt16(port, at: portOffset)
    case .sctp:
      guard available >= 8 else { return false }
      bytes.setUInt16(port, at: portOffset)
      if available >= 12 { setSCTPChecksum(&bytes, at: transport) }
    case .icmp:
      guard available >= 8 else { return false }
      switch bytes.byte(at: transport) {
      case 0, 8, 13...18:
        let old = bytes.uint16(at: transport + 4)
        let sum = Checksum.replacing(bytes.uint16(at: transport + 2), old: old, new: tuple.sourceKey)
        bytes.setUInt16(sum, at: transport + 2)
        bytes.setUInt16(tuple.sourceKey, at: transport + 4)
      default: break
      }
    case .icmpv6:
      guard available >= 8 else { return false }
      var sum = checksum(bytes.uint16(at: transport + 2), bytes, at: start, tuple, manipulation)
      let type = bytes.byte(at: transport)
      if type == 128 || type == 129 {
        sum = Checksum.replacing(sum, old: bytes.uint16(at: transport + 4), new: tuple.sourceKey)
        bytes.setUInt16(tuple.sourceKey, at: transport + 4)
      }
      bytes.setUInt16(sum, at: transport + 2)
    case .gre:
      guard available >= 8 else { return false }
      guard manipulation == .destination else { return true }
      switch bytes.uint16(at: transport) & 7 {
      case 0: break
      case 1: bytes.setUInt16(tuple.destinationKey, at: transport + 6)
      default: return false
      }
    default: break
    }
    return true
  }

  /// Computes the CRC32c of an SCTP packet that ends with the bytes (RFC 9260 appendix A; kernel: `sctp_compute_cksum`).
  static func setSCTPChecksum(_ bytes: inout [UInt8], at transport: Int) {
    bytes.setUInt32(0, at: transport + 8)
    var crc = UInt32.max
    for index in transport..<bytes.count {
      crc ^= UInt32(bytes.byte(at: index))
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 0 ? 0 : 0x82f6_3b78) }
    }
    bytes.setUInt32((~crc).byteSwapped, at: transport + 8)
  }
}
