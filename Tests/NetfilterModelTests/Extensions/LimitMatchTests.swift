// -m limit against what the kernel let through of a train of packets with pauses.

import Testing

@testable import NetfilterModel

@Suite struct LimitMatchTests {
  /// Pauses in milliseconds between trains of packets, and how many packets each train has.
  static let trains: [(pause: UInt64, packets: Int)] = [(0, 6), (1150, 3), (2150, 5), (600, 2)]

  static let cases: [(options: String, passed: [Int])] = [
    ("--limit 1/sec --limit-burst 3", [3, 1, 2, 0]),
    ("--limit 2/sec", [5, 2, 4, 1]),
    ("--limit 30/min --limit-burst 1", [1, 0, 1, 0]),
    ("--limit 1/hour --limit-burst 2", [2, 0, 0, 0]),
    ("--limit 2/min --limit-burst 10000", [6, 3, 5, 2]),
  ]

  @Test(arguments: cases.indices) func letsThroughWhatTheKernelDid(_ index: Int) throws {
    var memory = HostMemory()
    var rule = try FixtureRule("-m limit " + Self.cases[index].options, in: &memory)
    let packet = try MatchFixture.packet()
    var passed: [Int] = []
    for train in Self.trains {
      memory.now += train.pause * 1_000_000
      passed.append((0..<train.packets).filter { _ in rule.asks(packet, &memory) == .holds }.count)
    }
    #expect(passed == Self.cases[index].passed)
  }
}
