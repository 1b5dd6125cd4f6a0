import NetfilterModel
import Testing

/// Options of the IPv4 header.
struct IPv4OptionTests {
  @Test func aRouteIsReadAgain() {
    let bytes = [9] + IPv4Option.route(.strictSourceRoute, [0x0a00_0001, 0x0a00_0002])
    #expect(bytes == [9, 137, 11, 4, 10, 0, 0, 1, 10, 0, 0, 2])
    #expect(IPv4Option.kind(in: bytes, at: 1) == .strictSourceRoute)
    #expect(IPv4Option.length(in: bytes, at: 1) == 11 && IPv4Option.pointer(in: bytes, at: 1) == 4)
    #expect(IPv4Option.word(in: bytes, at: 1, pointer: 4) == 0x0a00_0001)
    #expect(IPv4Option.word(in: bytes, at: 1, pointer: 8) == 0x0a00_0002)
    for length in 0..<bytes.count {
      #expect(IPv4Option.word(in: Array(bytes.prefix(length)), at: 1, pointer: 8) != 0x0a00_0002)
    }
  }

  @Test func aTimestampCountsWhoFoundNoRoom() {
    var bytes: [UInt8] = [68, 8, 5, 0x23, 0, 0, 0, 0]
    #expect(
      IPv4Option.timestampRequest(in: bytes, at: 0) == .prespecified && IPv4Option.overflow(in: bytes, at: 0) == 2)
    IPv4Option.countOverflow(in: &bytes, at: 0)
    #expect(bytes[3] == 0x33)
    IPv4Option.setWord(0x0102_0304, in: &bytes, at: 0, pointer: IPv4Option.timestampPointer)
    IPv4Option.setPointer(9, in: &bytes, at: 0)
    #expect(bytes == [68, 8, 9, 0x33, 1, 2, 3, 4])
  }

  @Test func someKindsAreInEveryFragment() {
    #expect(IPv4OptionKind.looseSourceRoute.isCopied && IPv4OptionKind.routerAlert.isCopied)
    #expect(!IPv4OptionKind.recordRoute.isCopied && !IPv4OptionKind.timestamp.isCopied)
  }

  @Test func whoHasPorts() {
    let numbers = (UInt8.min...UInt8.max).map { ProtocolNumber($0) }
    #expect(numbers.filter(\.hasPorts) == [.tcp, .udp, .dccp, .sctp, .udplite])
    #expect(numbers.filter(\.isTrackedByPorts) == [.tcp, .udp, .sctp, .udplite])
  }
}
