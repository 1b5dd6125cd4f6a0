// An interface on which IPv6 is turned off: what the host takes and refuses there. The kernel's answers to packets are
// recorded in Fixtures/random/edges6.jsonl.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct DisabledIPv6Tests {
  private func host() throws -> LinuxHost {
    var host = LinuxHost()
    host.addInterface(Interface("eth0", mac: [2, 0, 0, 0, 0, 1]))
    try host.addAddress("2001:db8::1/64", to: "eth0")
    try host.addAddress("192.0.2.1/24", to: "eth0")
    try host.addRoute("2001:db8:9::/48 via 2001:db8::9")
    return host
  }

  private func addresses(_ host: LinuxHost) -> [String] {
    host.interface("eth0")?.addresses.map { $0.address.description } ?? []
  }

  @Test func addressesAndRoutesOfIPv6GoForGood() throws {
    var host = try host()
    try host.addNeighbour("2001:db8::9 dev eth0 lladdr 02:00:00:00:00:09")
    try host.addNeighbour("2001:db8::a dev eth0 none")
    try host.setSysctl("net.ipv6.conf.eth0.disable_ipv6", "1")
    #expect(addresses(host) == ["192.0.2.1"])
    #expect(host.configuration.routing.ipv6.routes(in: .main).isEmpty)
    #expect(!host.configuration.ownAddresses.contains(.v6(0x2001_0db8 << 32, 1)))
    #expect(host.configuration.ownAddresses.contains(.v4(0xc000_0201)))
    #expect(host.configuration.neighbours.count == 1)
    try host.setSysctl("net.ipv6.conf.eth0.disable_ipv6", "0")
    #expect(addresses(host) == ["192.0.2.1"])
    // What every interface has from the start: the route to groups.
    #expect(
      host.configuration.routing.ipv6.routes(in: .local).contains { $0.device == "eth0" && $0.type == .multicast })
  }

  @Test func theSameValueAgainChangesNothing() throws {
    var host = try host()
    let before = host
    try host.setSysctl("net.ipv6.conf.all.disable_ipv6", "0")
    #expect(host == before)
  }

  @Test func nothingIsAddedWhereItIsOff() throws {
    var host = try host()
    try host.setSysctl("net.ipv6.conf.all.disable_ipv6", "1")
    try host.addAddress("2001:db8::2/64", to: "eth0")
    try host.addAddress("192.0.2.2/24", to: "eth0")
    #expect(addresses(host) == ["192.0.2.1", "192.0.2.2"])
    #expect(throws: HostError.self) { try host.addRoute("2001:db8:9::/48 dev eth0") }
    // `all` says what later interfaces get.
    try host.addAddress("2001:db8:1::1/64", to: "eth1")
    #expect(host.interface("eth1")?.addresses.isEmpty == true)
    #expect(host.configuration.routing.ipv6.routes(in: .local).isEmpty)
    try host.setSysctl("net.ipv6.conf.all.disable_ipv6", "0")
    try host.addAddress("2001:db8:1::1/64", to: "eth1")
    #expect(host.interface("eth1")?.addresses.count == 1)
    #expect(host.configuration.routing.ipv6.routes(in: .local).count == 4)
  }

  @Test func learnedNeighboursAreForgotten() {
    var cache = NeighbourCache()
    let here = Neighbour(address: .v6(1, 1), device: "eth0")
    let there = Neighbour(address: .v6(1, 1), device: "eth1")
    cache.learn(here, [1])
    cache.learn(there, [2])
    cache.forget(on: "eth0")
    #expect(cache[here] == nil)
    #expect(cache[there] == [2])
  }
}
