import NetfilterModel
import Testing

/// ICMP messages, and what their types mean.
struct ICMPMessageTests {
  @Test func whatIsMadeIsReadAgain() {
    let bytes = ICMPMessage.make(
      type: .destinationUnreachable, code: .fragmentationNeeded, information: 1400, body: [1, 2, 3] as [UInt8])
    #expect(bytes.count == 11)
    #expect(Array(bytes.prefix(2)) == [3, 4] && Array(bytes[4...]) == [0, 0, 5, 0x78, 1, 2, 3])
    #expect(ICMPMessage.type(in: bytes, at: 0) == .destinationUnreachable)
    #expect(ICMPMessage.code(in: bytes, at: 0) == .fragmentationNeeded && ICMPMessage.mtu(in: bytes, at: 0) == 1400)
    #expect(ICMPMessage.typeAndCode(in: bytes, at: 0) == 0x304)
    #expect(TransportChecksum.isValid(bytes, in: 0..<bytes.count))
  }

  @Test func theSecondWordDependsOnTheType() {
    let pointer = ICMPMessage.makeHeader(
      type: .parameterProblem, code: .headerBad, information: ICMPMessage.information(pointer: 21))
    #expect(pointer == [12, 0, 0, 0, 21, 0, 0, 0] && ICMPMessage.pointer(in: pointer, at: 0) == 21)
    let query = ICMPMessage.makeHeader(
      type: .echoRequest, information: ICMPMessage.information(identifier: 7, sequence: 0x102))
    #expect(query == [8, 0, 0, 0, 0, 7, 1, 2])
    #expect(ICMPMessage.identifier(in: query, at: 0) == 7 && ICMPMessage.sequence(in: query, at: 0) == 0x102)
    let redirect = ICMPMessage.makeHeader(type: .redirect, code: .hostRedirect, information: 0x0a00_0001)
    #expect(ICMPMessage.gateway(in: redirect, at: 0) == .v4(0x0a00_0001))
  }

  @Test func aTimestampReplyHasTheTimeTwice() {
    let request: [UInt8] = [13, 5, 0, 0, 0, 7, 0, 1, 0, 0, 0, 9, 1, 1, 1]
    let reply = ICMPTimestamp.reply(to: request, time: 0x0102_0304)
    #expect(reply.count == 20 && Array(reply.prefix(2)) == [14, 0])
    #expect(Array(reply[4...]) == [0, 7, 0, 1, 0, 0, 0, 9, 1, 2, 3, 4, 1, 2, 3, 4])
    #expect(TransportChecksum.isValid(reply, in: 0..<20))
  }

  @Test func typesAreQueriesOrErrors() {
    for number in UInt8.min...UInt8.max {
      let type = ICMPType(number)
      // kernel: `icmp_pointers[].error`, `invmap`, `valid_new`
      #expect(type.isError == ![0, 8, 13, 14, 15, 16, 17, 18].contains(number))
      #expect(type.isQuery != type.isError && type.isKnown == (number <= 18))
      #expect(type.quotesPacket == [3, 4, 5, 11, 12].contains(number))
      #expect(type.isRequest == [8, 13, 15, 17].contains(number))
      #expect((type.counterpart != nil) == type.isQuery)
      if let other = type.counterpart { #expect(other != type && other.counterpart == type) }
      let six = ICMPv6Type(number)
      #expect(six.isError == (number < 128) && six.isEcho == (number == 128 || number == 129))
      if let other = six.counterpart { #expect(other != six && other.counterpart == six) }
      #expect((six.counterpart != nil) == [128, 129, 139, 140].contains(number))
    }
  }

  @Test func namesGoBothWays() throws {
    for row in ICMPNames.v4 {
      let parsed = try #require(ICMPNames.parse(row.name, .icmp))
      #expect(parsed.type == row.type && parsed.code == row.code ?? 0)
    }
    for row in ICMPNames.v6 {
      let parsed = try #require(ICMPNames.parse(row.name.uppercased(), .icmpv6))
      #expect(parsed.type == row.type && parsed.code == row.code ?? 0)
    }
    #expect(ICMPMessage.description(in: [3, 4, 0, 0], at: 0, .icmp) == "fragmentation-needed")
    #expect(ICMPMessage.description(in: [3, 99, 0, 0], at: 0, .icmp) == "destination-unreachable")
    #expect(ICMPMessage.description(in: [1, 4, 0, 0], at: 0, .icmpv6) == "port-unreachable")
    #expect(ICMPMessage.description(in: [99, 9, 0, 0], at: 0, .icmp) == "type 99 code 9")
  }

  @Test func whatIsCutOffReadsAsZero() {
    let whole: [UInt8] = [5, 1, 2, 3, 4, 5, 6, 7]
    for length in 0..<8 {
      let bytes = Array(whole.prefix(length))
      #expect(ICMPMessage.type(in: bytes, at: 0).rawValue == (length > 0 ? 5 : 0))
      #expect(ICMPMessage.code(in: bytes, at: 0).rawValue == (length > 1 ? 1 : 0))
      #expect(ICMPMessage.sequence(in: bytes, at: 0) == (length == 7 ? 0x600 : 0))
    }
  }
}
