// Routes for certain sources alone, as they are written. What the kernel does with them is recorded in
// Fixtures/random/edges6.jsonl.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct RouteSourcesTests {
  @Test func sourcesAreReadAsIproute2ReadsThem() throws {
    #expect(try Route.parse("2001:db8::/32 from fd00:b::7/64 dev eth0").route.sources?.mask.prefixLength == 64)
    #expect(try Route.parse("2001:db8::/32 from fd00:b::7 dev eth0").route.sources?.mask.prefixLength == 128)
    for word in ["default", "any", "all", "::/0"] {
      #expect(try Route.parse("2001:db8::/32 from \(word) dev eth0").route.sources == nil)
    }
    // The source says of which family the default route is.
    #expect(try Route.parse("default from fd00::/8 dev eth0").route.destination.address.family == .ipv6)
  }

  @Test(arguments: [
    ("10.0.0.0/8 from 192.0.2.1 dev eth0", "the kernel takes no notice of `from` in a route of IPv4"),
    ("10.0.0.0/8 from default dev eth0", "the kernel takes no notice of `from` in a route of IPv4"),
    ("2001:db8::/32 from 192.0.2.1 dev eth0", "`from` is not of the route's family"),
    ("2001:db8::/32 from wlan dev eth0", "`wlan` is not an address or network"),
  ])
  func whatIsNoSourceIsRefused(_ text: String, _ message: String) {
    let error = #expect(throws: HostError.self) { try Route.parse(text) }
    #expect(error?.message == message)
  }

  @Test func routesOfOtherSourcesAreOthers() throws {
    var table = RoutingTable()
    let route = try Route.parse("2001:db8::/32 from fd00:b::/32 dev eth0").route
    table.add(route)
    var other = route
    other.sources = nil
    #expect(table.hasRoute(route))
    #expect(!table.hasRoute(other))
    table.remove { _ in false }
    #expect(table.lookup(FlowKey(destination: .v6(0x2001_0db8 << 32, 1), source: .any(.ipv6))) == nil)
    table.remove { _ in true }
    #expect(table.routes.isEmpty)
  }
}
