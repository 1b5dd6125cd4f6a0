// A router for tests of NAT: a real host with rules as text, a private network behind eth0 and the outside on eth1.

import NetfilterModel

@testable import Simulator

/// A router with nat rules.
struct NATGateway {
  var host: LinuxHost
  /// The walk of the last packet.
  private(set) var walk = Walk(steps: [], disposition: .held)
  /// The nat chains that packets walked so far.
  private(set) var walks: [Hook] = []
  /// Whether a port or identifier was chosen that a kernel draws at random.
  private(set) var isByChance = false

  init(_ rules: String) throws {
    host = LinuxHost(name: "gateway")
    try host.addAddress("10.0.0.1/16", to: "eth0")
    try host.addAddress("192.168.1.1/24", to: "eth1")
    try host.addRoute("default via 192.168.1.254")
    try host.setSysctl("net.ipv4.ip_forward", "1")
    try host.load(Ruleset(parsing: "*nat\n\(rules)COMMIT\n", file: "nat"))
  }

  /// The numbers that the host draws.
  var random: RandomSource {
    get { host.state.memory.random }
    set { host.state.memory.random = newValue }
  }

  /// Walks a packet: `input` nil means that the host sends it.
  mutating func pass(_ packet: Packet, on input: InterfaceName?) {
    walk = host.record(packet, input: input)
    for event in walk.events {
      if case .tableEntered(.nat, let hook) = event { walks.append(hook) }
      if case .chosenByChance = event { isByChance = true }
    }
  }

  /// What left of a packet that came in; nil when nothing did.
  mutating func forward(_ packet: Packet, on input: InterfaceName) -> Packet? {
    pass(packet, on: input)
    guard case .forwarded = walk.disposition else { return nil }
    return walk.emitted.first?.packet
  }
}

extension RandomSource {
  /// A source whose first number ends with these 16 bits, which are what NAT takes for a port.
  static func drawing(_ bits: UInt16) -> RandomSource {
    var state: UInt64 = 0
    while true {
      var source = RandomSource(state: state)
      if UInt16(truncatingIfNeeded: source.next32()) == bits { return RandomSource(state: state) }
      state &+= 1
    }
  }
}
