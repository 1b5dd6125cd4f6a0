// Messages and options of neighbour discovery, byte for byte.

import NetfilterModel
import Testing

@Suite struct NeighbourHeaderTests {
  static let mac: [UInt8] = [2, 0, 0, 0, 0x10, 1]
  static let target = IPAddress.v6(0x2001_0db8_0001_0000, 9)

  @Test func aSolicitationAsTheKernelBuildsIt() {
    // The message of step 0 of `own-packet-to-a-neighbour`, its checksum aside.
    let expected: [UInt8] = [
      135, 0, 0, 0, 0, 0, 0, 0, 0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 1, 1, 2, 0, 0, 0, 0x10, 1,
    ]
    let message = NeighbourHeader.make(.neighbourSolicitation, target: Self.target, .source, mac: Self.mac)
    #expect(message == expected)
    #expect(NeighbourHeader.target(in: [0, 0] + message, at: 2) == Self.target)
    #expect(NeighbourHeader.make(.neighbourSolicitation, target: Self.target, .source, mac: nil).count == 24)
  }

  @Test func flagsStandInTheSecondWord() {
    let message = NeighbourHeader.make(
      .neighbourAdvertisement, flags: [.router, .override], target: Self.target, .target, mac: nil)
    #expect(message[4] == 0xa0 && message[0] == 136)
    #expect(NeighbourHeader.flags(in: message, at: 0) == [.router, .override])
    #expect(NeighbourAdvertisementFlags.solicited.rawValue == 0x4000_0000)
  }

  @Test func theFirstOptionOfAKindCounts() throws {
    let other: [UInt8] = [6, 5, 4, 3, 2, 1]
    let bytes = NeighbourOptions.make(.source, mac: Self.mac) + NeighbourOptions.make(.source, mac: other)
    let options = try #require(NeighbourOptions(bytes, from: 0))
    #expect(options.source == .ethernet(Self.mac) && options.target == .absent)
    #expect(NeighbourOptions(NeighbourOptions.make(.target, mac: other), from: 0)?.target.mac == other)
    #expect(NeighbourOptions([0x63, 1, 0, 0, 0, 0, 0, 0] + bytes, from: 0)?.source.mac == Self.mac)
  }

  @Test(
    arguments: [
      // No length, beyond the end, only a begin, and a start behind the end.
      ([1, 0, 2, 0, 0, 0, 0, 1], 0), ([1, 2, 2, 0, 0, 0, 0, 1], 0), ([1], 0), ([1, 1, 2], 0), ([], 1),
      ([1, 1, 2, 0, 0, 0, 0, 1, 5], 0),
    ] as [([UInt8], Int)])
  func malformedOptions(_ bytes: [UInt8], _ start: Int) { #expect(NeighbourOptions(bytes, from: start) == nil) }

  @Test func addressesOfAnotherLengthAreMalformed() {
    #expect(NeighbourOptions([1, 2] + [UInt8](repeating: 0, count: 14), from: 0)?.source == .malformed)
    #expect(NeighbourOptions([], from: 0) == NeighbourOptions([9, 9], from: 2))
  }

  @Test func solicitedNodeGroups() {
    #expect(Self.target.solicitedNode.isSolicitedNode)
    #expect(IPAddress("ff02::1:ff12:3456")?.isSolicitedNode == true)
    #expect(IPAddress("ff02::1")?.isSolicitedNode == false)
    #expect(IPAddress("ff05::1:ff12:3456")?.isSolicitedNode == false)
    #expect(IPAddress("ff02::2:ff12:3456")?.isSolicitedNode == false)
  }
}
