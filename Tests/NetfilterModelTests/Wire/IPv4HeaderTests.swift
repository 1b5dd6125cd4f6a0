import NetfilterModel
import Testing

/// The IPv4 header: read, made, cut off, changed.
struct IPv4HeaderTests {
  /// A SYN that a kernel sent, with every field of the network header different from its default.
  static let packet = bytes("453800 2c0065 4000 3f06 0ef0 c633640a 01010101")

  /// Reads hexadecimal text.
  static func bytes(_ hex: String) -> [UInt8] { Packet(hex: hex)?.bytes ?? [] }

  @Test func everyFieldIsReadWhereItStands() {
    let bytes = [1, 2, 3] + Self.packet
    #expect(IPv4Header.version(in: bytes, at: 3) == 4)
    #expect(IPv4Header.length(in: bytes, at: 3) == 20)
    #expect(IPv4Header.tos(in: bytes, at: 3) == 0x38)
    #expect(IPv4Header.totalLength(in: bytes, at: 3) == 44)
    #expect(IPv4Header.identification(in: bytes, at: 3) == 0x65)
    #expect(IPv4Header.fragmentation(in: bytes, at: 3) == IPv4Fragmentation(dontFragment: true))
    #expect(IPv4Header.ttl(in: bytes, at: 3) == 63)
    #expect(IPv4Header.protocolNumber(in: bytes, at: 3) == .tcp)
    #expect(IPv4Header.checksum(in: bytes, at: 3) == 0x0ef0)
    #expect(IPv4Header.source(in: bytes, at: 3) == .v4(0xc633_640a))
    #expect(IPv4Header.destination(in: bytes, at: 3) == .v4(0x0101_0101))
  }

  @Test func makeWritesWhatAKernelWrote() {
    let made = IPv4Header.make(
      tos: 0x38, payloadLength: 24, identification: 0x65, fragmentation: IPv4Fragmentation(dontFragment: true), ttl: 63,
      protocolNumber: .tcp, source: .v4(0xc633_640a), destination: .v4(0x0101_0101))
    #expect(made == Self.packet)
    #expect(IPv4Header.isChecksumValid(made, length: 20))
  }

  @Test func optionsMakeTheHeaderLonger() {
    let made = IPv4Header.make(
      payloadLength: 1, ttl: 1, protocolNumber: .udp, source: .v4(1), destination: .v4(2), options: [148, 4, 0, 0])
    #expect(made.count == 24 && made[0] == 0x46)
    #expect(IPv4Header.totalLength(in: made, at: 0) == 25)
    #expect(IPHeader(made)?.transportOffset == 24)
    #expect(IPv4Header.isChecksumValid(made, length: 24) && !IPv4Header.isChecksumValid(made, length: 20))
  }

  @Test func whatIsCutOffReadsAsZero() {
    for length in 0..<20 {
      let bytes = Array(Self.packet.prefix(length))
      #expect(IPHeader(bytes) == nil, "\(length)")
      #expect(IPv4Header.tos(in: bytes, at: 0) == (length > 1 ? 0x38 : 0))
      #expect(IPv4Header.totalLength(in: bytes, at: 0) == (length > 3 ? 44 : 0))
      #expect(IPv4Header.ttl(in: bytes, at: 0) == (length > 8 ? 63 : 0))
      // a half of a word keeps its place
      #expect(IPv4Header.checksum(in: bytes, at: 0) == (length > 11 ? 0x0ef0 : length == 11 ? 0x0e00 : 0))
      let address: [UInt32] = [0, 0xc600_0000, 0xc633_0000, 0xc633_6400, 0xc633_640a]
      #expect(IPv4Header.source(in: bytes, at: 0).v4Bits == address[max(0, min(4, length - 12))])
      var written = bytes
      IPv4Header.setDestination(.v4(.max), in: &written, at: 0)
      #expect(written.count == length)
    }
    #expect(IPv4Header.ttl(in: Self.packet, at: -9) == 0)
    #expect(IPv4Header.ttl(in: Self.packet, at: 20) == 0)
  }

  @Test(
    arguments: [
      (0, false, false, 0), (8191, false, false, 0x1fff), (0, true, false, 0x2000), (185, true, true, 0x60b9),
    ] as [(UInt16, Bool, Bool, UInt16)])
  func fragmentationIsOneWord(_ offset: UInt16, _ more: Bool, _ dont: Bool, _ word: UInt16) {
    let made = IPv4Fragmentation(offset: offset, moreFragments: more, dontFragment: dont)
    #expect(made.rawValue == word)
    #expect(made.offset == offset && made.moreFragments == more && made.dontFragment == dont && !made.isReservedSet)
    #expect(IPv4Fragmentation(rawValue: word | 0x8000).isReservedSet)
  }

  @Test func aReplacedAddressMendsTheChecksum() {
    for address in [0, 1, 0xffff_ffff, 0xc0a8_0105] as [UInt32] {
      var bytes = [9] + Self.packet
      IPv4Header.replaceSource(.v4(address), in: &bytes, at: 1)
      IPv4Header.replaceDestination(.v4(~address), in: &bytes, at: 1)
      #expect(IPv4Header.source(in: bytes, at: 1) == .v4(address))
      #expect(IPv4Header.destination(in: bytes, at: 1) == .v4(~address))
      #expect(IPv4Header.isChecksumValid(Array(bytes.dropFirst()), length: 20), "\(address)")
    }
  }
}
