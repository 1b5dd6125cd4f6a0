// Reassembly and fragmentation; every expectation is what Linux 6.18 did with the same fragments.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct FragmentTests {
  private static let payload = (0..<100).map { UInt8($0) }

  private func fragment(_ range: Range<Int>, last: Bool = false, df: Bool = false, tos: UInt8 = 0) -> [UInt8] {
    Make.ip(
      Make.client, Make.server, 99, Array(Self.payload[range]),
      fragment: UInt16(range.lowerBound / 8) | (last ? 0 : 0x2000) | (df ? 0x4000 : 0), tos: tos)
  }

  private func add(_ defragmenter: inout Defragmenter, _ bytes: [UInt8], now: UInt64 = 0) -> DefragmentationResult {
    defragmenter.add(Packet(bytes: bytes), on: "eth0", now: now)
  }

  private func whole(_ result: DefragmentationResult) -> (bytes: [UInt8], origin: FragmentOrigin)? {
    guard case .complete(let packet, _, let origin) = result else { return nil }
    return (packet.bytes, origin)
  }

  @Test func anyOrder() {
    let pieces = [fragment(0..<40), fragment(40..<64), fragment(64..<100, last: true)]
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [2, 0, 1]] {
      var defragmenter = Defragmenter()
      #expect(add(&defragmenter, pieces[order[0]]) == .queued)
      #expect(add(&defragmenter, pieces[order[1]]) == .queued)
      let result = whole(add(&defragmenter, pieces[order[2]]))
      #expect(result?.bytes == Make.ip(Make.client, Make.server, 99, Self.payload))
      #expect(result?.origin == FragmentOrigin(maximumSize: 60, keepsDontFragment: false, lengths: [40, 24, 36]))
    }
  }

  @Test func overlapsAndDuplicates() {
    var defragmenter = Defragmenter()
    #expect(add(&defragmenter, fragment(0..<40)) == .queued)
    #expect(add(&defragmenter, fragment(0..<40)) == .dropped)
    #expect(add(&defragmenter, fragment(8..<16)) == .dropped)
    // The duplicates did no harm, an overlap does.
    #expect(whole(add(&defragmenter, fragment(40..<100, last: true))) != nil)
    #expect(add(&defragmenter, fragment(0..<40)) == .queued)
    #expect(add(&defragmenter, fragment(32..<64)) == .dropped)
    #expect(add(&defragmenter, fragment(40..<100, last: true)) == .queued)
    // Beyond the end, and a second end.
    var other = Defragmenter()
    #expect(add(&other, fragment(40..<64, last: true)) == .queued)
    #expect(add(&other, fragment(64..<72)) == .dropped)
    #expect(add(&other, fragment(0..<40)) == .queued)
  }

  @Test func explicitCongestion() {
    func merged(_ first: UInt8, _ second: UInt8) -> UInt8? {
      var defragmenter = Defragmenter()
      _ = add(&defragmenter, fragment(0..<40, tos: first))
      return whole(add(&defragmenter, fragment(40..<100, last: true, tos: second)))?.bytes.byte(at: 1)
    }
    #expect(merged(4, 8) == 4)
    #expect(merged(6, 3) == 7)
    #expect(merged(1, 2) == 1)
    #expect(merged(3, 3) == 3)
    #expect(merged(0, 3) == nil)
    #expect(merged(2, 0) == nil)
  }

  @Test func timeAndDistance() {
    var defragmenter = Defragmenter()
    _ = add(&defragmenter, fragment(0..<40), now: 5)
    // A queue lives for thirty seconds: until then the last fragment completes it, from then on it begins another.
    for (now, isWhole) in [(30_000_000_004, true), (30_000_000_005, false), (31_000_000_000, false)] as [(UInt64, Bool)]
    {
      var late = defragmenter
      #expect((whole(add(&late, fragment(40..<100, last: true), now: now)) != nil) == isWhole)
    }
    // One that comes too late starts the time anew.
    #expect(add(&defragmenter, fragment(40..<100, last: true), now: 31_000_000_000) == .queued)
    #expect(whole(add(&defragmenter, fragment(0..<40), now: 61_000_000_000 - 1)) != nil)

    // More than 64 fragments of other datagrams in between: what waited is forgotten.
    var far = Defragmenter()
    _ = add(&far, fragment(0..<40))
    for id in 2..<66 {
      _ = add(&far, Make.ip(Make.client, Make.server, 99, Self.payload, id: UInt16(id), fragment: 1))
    }
    #expect(add(&far, fragment(40..<100, last: true)) == .queued)
    var near = Defragmenter()
    _ = add(&near, fragment(0..<40))
    for id in 2..<65 {
      _ = add(&near, Make.ip(Make.client, Make.server, 99, Self.payload, id: UInt16(id), fragment: 1))
    }
    #expect(whole(add(&near, fragment(40..<100, last: true))) != nil)
  }

  /// Queues end in the order of their deadlines, also when the timeout was changed in between, and with datagrams that came whole among them.
  @Test func manyQueuesEndInTime() {
    var defragmenter = Defragmenter()
    defragmenter.maximumDistance = 0
    var random = RandomSource(seed: 5)
    var ends: [UInt16: UInt64] = [:]
    var halves: [UInt16: Bool] = [:]
    let second: UInt64 = 1_000_000_000
    for step in 0..<3000 {
      let now = UInt64(step) * second / 10
      defragmenter.timeout = random.next32() % 20 + 1
      let identification = UInt16(random.next32() % 200)
      let isRest = random.next32() % 3 == 0
      var bytes = isRest ? fragment(24..<40, last: true) : fragment(0..<24)
      bytes.setUInt16(identification, at: 4)
      bytes.setIPv4Checksum(length: 20)
      let result = add(&defragmenter, bytes, now: now)
      // A queue that waits holds one of the two fragments; what comes again is dropped, and what was missing makes it whole.
      let lives = ends[identification].map { $0 > now } ?? false
      switch (result, isRest ? lives && halves[identification] == false : lives && halves[identification] == true) {
      case (.complete, let expected):
        #expect(expected)
        ends[identification] = nil
      case (.queued, _):
        #expect(!lives)
        ends[identification] = now + UInt64(defragmenter.timeout) * second
        halves[identification] = isRest
      case (.dropped, let expected): #expect(lives && !expected)
      case (.passed, _), (.problem, _): Issue.record("a fragment of IPv4 passed")
      }
    }
  }

  @Test func boundedMemory() {
    var defragmenter = Defragmenter()
    defragmenter.highThreshold = 1000
    #expect(add(&defragmenter, fragment(0..<40)) == .queued)
    #expect(add(&defragmenter, fragment(48..<56)) == .queued)
    #expect(add(&defragmenter, fragment(40..<48)) == .dropped)
    // Once the time of what waits is over, there is room again.
    #expect(add(&defragmenter, fragment(0..<40), now: 30_000_000_000) == .queued)
    #expect(add(&defragmenter, fragment(48..<56), now: 30_000_000_000) == .queued)
    #expect(add(&defragmenter, fragment(40..<48), now: 59_999_999_999) == .dropped)
  }

  @Test func cutting() {
    let datagram = Make.ip(Make.client, Make.server, 99, Self.payload)
    let pieces = Fragmenter.fragment(datagram, mtu: 68)
    #expect(pieces == [fragment(0..<48), fragment(48..<96), fragment(96..<100, last: true)])
    #expect(Fragmenter.fragment(datagram, mtu: 27) == [datagram])
    // A fragment of a fragment keeps its place.
    let second = Make.ip(Make.client, Make.server, 99, Self.payload, fragment: 0x2005)
    #expect(Fragmenter.fragment(second, mtu: 68).map { $0.uint16(at: 6) } == [0x2005, 0x200b, 0x2011])
  }

  @Test func leavesAsItCame() {
    let datagram = Make.ip(Make.client, Make.server, 99, Self.payload)
    let origin = FragmentOrigin(maximumSize: 60, keepsDontFragment: false, lengths: [40, 24, 36])
    let same = [fragment(0..<40), fragment(40..<64), fragment(64..<100, last: true)]
    #expect(Fragmenter.fragment(datagram, mtu: 1500, origin: origin) == same)
    // Where that is not possible, no piece is larger than the largest that came in.
    let cut = Fragmenter.fragment(datagram, mtu: 52, origin: origin)
    #expect(cut.map(\.count) == [52, 52, 52, 24])
    let odd = FragmentOrigin(maximumSize: 65, keepsDontFragment: true, lengths: [45, 45, 10])
    let kept = Fragmenter.fragment(datagram, mtu: 1500, origin: odd)
    #expect(kept.map(\.count) == [60, 60, 40])
    #expect(kept.map { $0.uint16(at: 6) } == [0x6000, 0x6005, 0x400a])
  }

  @Test func options() {
    // Router alert has the copy bit, the other one does not.
    let options: [UInt8] = [0x94, 4, 0, 0, 0x1e, 8, 5, 0, 0, 0, 0, 0]
    let datagram = Make.ip(Make.client, Make.server, 99, Self.payload, options: options)
    let pieces = Fragmenter.fragment(datagram, mtu: 96)
    #expect(pieces.map { Array($0[20..<32]) } == [options, [0x94, 4, 0, 0] + [UInt8](repeating: 1, count: 8)])
    #expect(pieces.allSatisfy { Checksum.sum($0, in: 0..<32) == 0xffff })
  }
}
