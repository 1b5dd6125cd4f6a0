import NetfilterModel
import Testing

/// Changes of one field of a packet on its walk: the checksums follow.
struct PacketContextTests {
  /// A packet with a SYN and right checksums.
  static func context() throws -> PacketContext {
    var payload = TCPHeader.make(
      sourcePort: 1, destinationPort: 2, sequence: 3, flags: [.syn, .ece], window: 5,
      options: TCPOptions.maximumSegmentSize(1460))
    TransportChecksum.update(&payload, from: 0, .tcp, source: .v4(0x0a00_0002), destination: .v4(0x0a01_0002))
    var packet = try MatchFixture.packet(protocolNumber: 6, payload: payload)
    IPv4Header.updateChecksum(of: &packet.packet.bytes, length: 20)
    return packet
  }

  static func expectValid(_ packet: PacketContext, _ comment: Comment) {
    let bytes = packet.packet.bytes
    #expect(IPv4Header.isChecksumValid(bytes, length: 20), comment)
    let pseudo = Checksum.pseudoHeader(
      source: packet.header.source, destination: packet.header.destination, protocolNumber: .tcp,
      length: bytes.count - 20)
    #expect(TransportChecksum.isValid(bytes, in: 20..<bytes.count, pseudoHeader: pseudo), comment)
  }

  @Test func tosAndTTL() throws {
    var packet = try Self.context()
    for value in [0, 1, 0x38, 255] as [UInt8] {
      packet.setTOS(value)
      packet.setTTL(255 - value)
      #expect(packet.packet.bytes[1] == value && packet.packet.bytes[8] == 255 - value)
      #expect(packet.header.tos == value && packet.header.ttl == 255 - value)
      Self.expectValid(packet, "\(value)")
    }
  }

  @Test func flagsOfTCP() throws {
    var packet = try Self.context()
    for flags in [[.syn], [.syn], [.ack, .cwr], []] as [TCPFlags] {
      packet.setTCPFlags(flags)
      #expect(TCPHeader.flags(in: packet.packet.bytes, at: 20) == flags)
      #expect(TCPHeader.length(in: packet.packet.bytes, at: 20) == 24)
      Self.expectValid(packet, "\(flags.letters)")
    }
  }

  @Test func lengths() throws {
    var packet = try Self.context()
    packet.setTCPHeaderLength(20)
    #expect(TCPHeader.length(in: packet.packet.bytes, at: 20) == 20)
    #expect(TCPHeader.flags(in: packet.packet.bytes, at: 20) == [.syn, .ece])
    packet.lengthen(by: 4)
    #expect(packet.header.totalLength == 48)
    packet.lengthen(by: -4)
    Self.expectValid(packet, "lengths")
  }

  @Test func anIPv6PacketHasAHopLimitAndATrafficClass() throws {
    var packet = try Self.context()
    packet.packet.bytes = IPv6Header.make(
      payloadLength: 8, nextHeader: .udp, hopLimit: 9, source: .v6(1, 2), destination: .v6(3, 4))
    packet.refresh()
    packet.setTTL(1)
    packet.setTOS(1)
    #expect(packet.header.ttl == 1 && packet.header.tos == 1)
    #expect(packet.header == IPHeader(packet.packet.bytes))
    packet.lengthen(by: 4)
    #expect(packet.header.totalLength == 52)
  }

  @Test func anUnfinishedChecksumIsFinishedOnce() throws {
    var packet = try Self.context()
    let whole = packet.packet.bytes
    packet.packet.setPartialChecksum()
    #expect(packet.packet.hasPartialChecksum && packet.packet.bytes != whole)
    packet.setTCPFlags(.ack)
    packet.packet.completeChecksum()
    Self.expectValid(packet, "finished")
    let finished = packet.packet.bytes
    packet.packet.completeChecksum()
    #expect(packet.packet.bytes == finished && !packet.packet.hasPartialChecksum)
  }
}
