import NetfilterModel
import Testing

/// SCTP: the common header, its CRC32c, chunks.
struct SCTPHeaderTests {
  @Test func theChecksumIsTheOneOfTheStandard() {
    // RFC 3720 appendix B.4: 32 bytes of zeros and of ones
    #expect(CRC32c.checksum([UInt8](repeating: 0, count: 32), from: 0, zeroing: 40) == 0x8a91_36aa)
    #expect(CRC32c.checksum([UInt8](repeating: 0xff, count: 32), from: 0, zeroing: 40) == 0x62a8_ab43)
    #expect(CRC32c.checksum(Array("x123456789".utf8), from: 1, zeroing: 40) == 0xe306_9283)
  }

  @Test func theChecksumDoesNotCountItself() {
    var bytes = [1, 2] + SCTPHeader.makeInitiation(sourcePort: 3868, destinationPort: 3868)
    SCTPHeader.updateChecksum(of: &bytes, at: 2)
    let first = SCTPHeader.checksum(in: bytes, at: 2)
    #expect(first != 0 && first == SCTPHeader.computeChecksum(bytes, at: 2))
    SCTPHeader.setChecksum(0x1234_5678, in: &bytes, at: 2)
    #expect(SCTPHeader.computeChecksum(bytes, at: 2) == first)
    bytes[2] ^= 1
    #expect(SCTPHeader.computeChecksum(bytes, at: 2) != first)
  }

  @Test func anInitiationIsReadAgain() {
    let bytes = SCTPHeader.makeInitiation(sourcePort: 1, destinationPort: 2)
    #expect(bytes.count == 32 && SCTPHeader.verificationTag(in: bytes, at: 0) == 0)
    #expect(TransportPorts.source(in: bytes, at: 0) == 1 && TransportPorts.destination(in: bytes, at: 0) == 2)
    #expect(SCTPChunk.type(in: bytes, at: 12) == .initiation && SCTPChunk.flags(in: bytes, at: 12) == 0)
    #expect(SCTPChunk.length(in: bytes, at: 12) == 20 && SCTPChunk.initiateTag(in: bytes, at: 12) == 1)
    #expect(Array(bytes[20...]) == [0, 0, 0xff, 0xff, 0, 1, 0, 1, 0, 0, 0, 1])
    for length in 0..<12 {
      #expect(SCTPHeader.verificationTag(in: Array(bytes.prefix(length)), at: 0) == 0)
      #expect(SCTPChunk.type(in: Array(bytes.prefix(length)), at: 12) == .data)
    }
  }
}
