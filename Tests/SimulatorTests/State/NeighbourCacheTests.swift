// What a host remembers of its neighbours.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct NeighbourCacheTests {
  static let first: [UInt8] = [2, 0, 0, 0, 0, 1]
  static let second: [UInt8] = [2, 0, 0, 0, 0, 2]

  func neighbour(_ number: Int, _ device: InterfaceName = "eth0") -> Neighbour {
    Neighbour(address: .v6(0xfe80 << 48, UInt64(number)), device: device)
  }

  @Test func anAddressStaysUnlessItIsOverridden() {
    var cache = NeighbourCache()
    cache.learn(neighbour(1), Self.first, overrides: false)
    cache.learn(neighbour(1), Self.second, overrides: false)
    #expect(cache[neighbour(1)] == Self.first)
    cache.learn(neighbour(1), Self.second)
    #expect(cache[neighbour(1)] == Self.second)
    #expect(cache[neighbour(1, "eth1")] == nil, "the same address on another link is another neighbour")
  }

  @Test func theOldestIsForgottenWhenItIsFull() {
    var cache = NeighbourCache()
    for number in 0..<NeighbourCache.capacity { cache.learn(neighbour(number), Self.first) }
    // Known already: nothing is forgotten for it.
    cache.learn(neighbour(0), Self.second)
    #expect(cache[neighbour(0)] == Self.second && cache[neighbour(1)] != nil)
    cache.learn(neighbour(5000), Self.first)
    #expect(cache[neighbour(0)] == nil && cache[neighbour(1)] != nil && cache[neighbour(5000)] != nil)
    cache.learn(neighbour(5001), Self.first)
    #expect(cache[neighbour(1)] == nil && cache[neighbour(2)] != nil)
  }
}
