import NetfilterModel
import Testing

/// UDP, GRE, ESP and AH: short headers of fixed places.
struct UDPHeaderTests {
  @Test func whatIsMadeIsReadAgain() {
    let bytes = [5, 5] + UDPHeader.make(sourcePort: 53, destinationPort: 0xffff, payloadLength: 12)
    #expect(bytes == [5, 5, 0, 53, 0xff, 0xff, 0, 20, 0, 0])
    #expect(TransportPorts.source(in: bytes, at: 2) == 53 && TransportPorts.destination(in: bytes, at: 2) == 0xffff)
    #expect(UDPHeader.datagramLength(in: bytes, at: 2) == 20 && UDPHeader.checksum(in: bytes, at: 2) == 0)
  }

  @Test func whatIsCutOffReadsAsZero() {
    let whole: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    for length in 0..<8 {
      let bytes = Array(whole.prefix(length))
      #expect(UDPHeader.datagramLength(in: bytes, at: 0) == (length > 5 ? 0x506 : length == 5 ? 0x500 : 0))
      #expect(UDPHeader.checksum(in: bytes, at: 0) == (length == 7 ? 0x700 : 0))
    }
  }

  @Test func greTellsItsVersions() {
    // a PPTP packet: key and sequence present, version 1, PPP, length 4, call 0x1234
    let bytes: [UInt8] = [0x30, 0x81, 0x88, 0x0b, 0, 4, 0x12, 0x34]
    #expect(GREHeader.version(in: bytes, at: 0) == GREHeader.enhancedVersion)
    #expect(GREHeader.protocolType(in: bytes, at: 0) == GREHeader.pointToPoint)
    #expect(GREHeader.callIdentifier(in: bytes, at: 0) == 0x1234)
    #expect(GREHeader.version(in: [0, 0x88, 8, 0], at: 0) == 0)
    var changed = bytes
    GREHeader.setCallIdentifier(0xabcd, in: &changed, at: 0)
    #expect(changed == [0x30, 0x81, 0x88, 0x0b, 0, 4, 0xab, 0xcd])
  }

  @Test func securityHeadersHaveTheirIndexInDifferentPlaces() {
    let bytes: [UInt8] = [6, 4, 0, 0, 0, 0, 1, 2, 0, 0, 0, 3]
    #expect(AHHeader.securityParameters(in: bytes, at: 0) == 0x102 && AHHeader.sequence(in: bytes, at: 0) == 3)
    #expect(AHHeader.nextHeader(in: bytes, at: 0) == .tcp && AHHeader.length(in: bytes, at: 0) == 24)
    #expect(ESPHeader.securityParameters(in: bytes, at: 4) == 0x102 && ESPHeader.sequence(in: bytes, at: 4) == 3)
    #expect(ESPHeader.securityParameters(in: [1, 2], at: 0) == 0x0102_0000)
  }
}
