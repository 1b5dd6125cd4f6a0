import NetfilterModel
import Testing

/// The internet checksum: odd lengths, zero, padding, changes.
struct ChecksumTests {
  static let a = IPAddress.v4(0x0a00_0001)
  static let b = IPAddress.v4(0x0a00_0002)

  @Test func theExampleOfTheStandard() {
    // RFC 1071 §3
    #expect(Checksum.sum([0, 1, 0xf2, 3, 0xf4, 0xf5, 0xf6, 0xf7], in: 0..<8) == 0xddf2)
    #expect(Checksum.compute([], in: 0..<0) == 0xffff)
  }

  @Test func anOddByteIsTheUpperHalfOfAWord() {
    #expect(Checksum.sum([1, 2, 3], in: 0..<3) == 0x0402)
    #expect(Checksum.sum([1, 2, 3, 0], in: 0..<4) == 0x0402)
    #expect(Checksum.sum([1, 2, 3, 9], in: 0..<3) == 0x0402)
    // a range beyond the bytes ends with them
    #expect(Checksum.sum([1, 2, 3], in: 0..<90) == 0x0402)
  }

  @Test(arguments: [ProtocolNumber.tcp, .udp, .icmp, .icmpv6], 0..<9)
  func whatIsUpdatedIsValid(_ number: ProtocolNumber, _ length: Int) throws {
    let place = try #require(TransportChecksum.offset(of: number))
    var bytes = [4, 4] + [UInt8](repeating: 0xa5, count: 20 + length)
    TransportChecksum.update(&bytes, from: 2, number, source: Self.a, destination: Self.b)
    let pseudo =
      number == .icmp
      ? 0
      : Checksum.pseudoHeader(source: Self.a, destination: Self.b, protocolNumber: number, length: 20 + length)
    #expect(TransportChecksum.isValid(bytes, in: 2..<bytes.count, pseudoHeader: pseudo))
    #expect(Array(bytes.prefix(2)) == [4, 4] && bytes.uint16(at: 2 + place) != 0xa5a5)
    bytes[bytes.count - 1] ^= 1
    #expect(!TransportChecksum.isValid(bytes, in: 2..<bytes.count, pseudoHeader: pseudo))
  }

  @Test func udpHasNoZero() {
    // the payload is chosen so that everything adds up to 0xffff
    var bytes = UDPHeader.make(sourcePort: 0, destinationPort: 0, payloadLength: 2) + [0, 0]
    let pseudo = Checksum.pseudoHeader(source: Self.a, destination: Self.b, protocolNumber: .udp, length: 10)
    bytes.setUInt16(Checksum.compute(bytes, in: 0..<10, initial: pseudo), at: 8)
    TransportChecksum.update(&bytes, from: 0, .udp, source: Self.a, destination: Self.b)
    #expect(UDPHeader.checksum(in: bytes, at: 0) == 0xffff)
    // TCP writes the zero
    var segment = TCPHeader.make(sourcePort: 0, destinationPort: 0, flags: []) + [0, 0]
    let other = Checksum.pseudoHeader(source: Self.a, destination: Self.b, protocolNumber: .tcp, length: 22)
    segment.setUInt16(Checksum.compute(segment, in: 0..<22, initial: other), at: 20)
    TransportChecksum.update(&segment, from: 0, .tcp, source: Self.a, destination: Self.b)
    #expect(TCPHeader.checksum(in: segment, at: 0) == 0)
  }

  @Test func aProtocolWithoutAChecksumStaysAsItIs() {
    var bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    for number in [ProtocolNumber.esp, .gre, .ah, .udplite] {
      #expect(TransportChecksum.offset(of: number) == nil)
      TransportChecksum.update(&bytes, from: 0, number, source: Self.a, destination: Self.b)
    }
    #expect(bytes == [1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test func padFollowsTheLengthOfThePacket() {
    // a byte of padding behind the range does not count
    var bytes = UDPHeader.make(sourcePort: 9, destinationPort: 9, payloadLength: 1) + [7]
    TransportChecksum.update(&bytes, from: 0, .udp, source: Self.a, destination: Self.b)
    let pseudo = Checksum.pseudoHeader(source: Self.a, destination: Self.b, protocolNumber: .udp, length: 9)
    #expect(TransportChecksum.isValid(bytes + [0xff], in: 0..<9, pseudoHeader: pseudo))
    #expect(!TransportChecksum.isValid(bytes + [0xff], in: 0..<10, pseudoHeader: pseudo))
  }

  @Test func aChangedAddressMendsTheChecksum() {
    for (old, new) in [
      (Self.a, Self.b), (.v4(0), .v4(.max)), (.v4(.max), .v4(0)),
      (.v6(0x2001_0db8_0000_0001, 1), .v6(0xfd00_1234_5678_9abc, 0xffff_0000_1111_2222)),
    ] as [(IPAddress, IPAddress)] {
      var bytes = TCPHeader.make(sourcePort: 1, destinationPort: 2, flags: .syn) + [3]
      let other = old.family == .ipv4 ? Self.b : IPAddress.v6(1, 2)
      TransportChecksum.update(&bytes, from: 0, .tcp, source: old, destination: other)
      let mended = Checksum.replacing(TCPHeader.checksum(in: bytes, at: 0), old: old, new: new)
      TCPHeader.setChecksum(mended, in: &bytes, at: 0)
      let pseudo = Checksum.pseudoHeader(source: new, destination: other, protocolNumber: .tcp, length: 21)
      #expect(TransportChecksum.isValid(bytes, in: 0..<21, pseudoHeader: pseudo), "\(old) \(new)")
    }
  }
}
