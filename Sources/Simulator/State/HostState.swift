// What changes on a host while packets walk: one value, so that copying is assignment and equality is derived.

import NetfilterModel

/// What changes on a host while packets walk.
public struct HostState: Hashable, Sendable {
  /// The clock, the chance and the stores of rules.
  public var memory = HostMemory()
  /// The tracked connections.
  public internal(set) var connections = ConnectionTable()
  /// Datagrams of which fragments are missing.
  var fragments = PerFamily(ipv4: Defragmenter(), ipv6: Defragmenter(.ipv6))
  /// The neighbours that the host can send to.
  var neighbours = NeighbourCache()
  /// What is left of the limits on ICMP errors.
  var icmpLimiter = ICMPRateLimiter()
  /// The last IP identification that the host took.
  var identification: UInt16 = 1
  /// Counters and match states, by the number of the table's kind.
  var tables = PerFamily([TableState](repeating: TableState(), count: TableKind.allCases.count))

  init() {}

  /// The simulated clock in nanoseconds.
  var now: UInt64 { memory.now }

  /// The next identification of a packet that the host cuts (IPv6). Kernels draw it by chance, so that it has nothing of a small number.
  mutating func takeFragmentIdentification() -> UInt32 { UInt32(takeIdentification()) &* 0x9e37_79b1 | 0x0100_0000 }

  /// The next IP identification of the host's own packets; never 0.
  mutating func takeIdentification() -> UInt16 {
    identification = identification &+ 1
    if identification == 0 { identification = 1 }
    return identification
  }

  /// The state without the counters, which nothing that walks asks: two that are the same here go the same way from now on.
  var withoutCounters: HostState {
    var result = self
    for family in AddressFamily.allCases {
      for index in result.tables[family].indices { result.tables[family][index].counters = [] }
    }
    return result
  }
}
