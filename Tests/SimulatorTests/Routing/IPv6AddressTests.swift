// Routes and source addresses that the addresses of an IPv6 host bring, as `ip -6 route show table all` and `ip -6 route get` of
// Linux 6.18 showed them for the same addresses in a namespace.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct IPv6AddressTests {
  /// What `ip -6 route show table all` printed, without its preferences.
  static let recorded = """
    2001:db8::3 dev wan proto kernel metric 256
    2001:db8::/64 dev wan proto kernel metric 256
    2001:db8:5::/127 dev wan proto kernel metric 256
    fe80::/64 dev wan proto kernel metric 256
    local ::1 dev lo table local proto kernel metric 0
    anycast 2001:db8:: dev wan table local proto kernel metric 0
    local 2001:db8::2 dev wan table local proto kernel metric 0
    local 2001:db8::3 dev wan table local proto kernel metric 0
    anycast 2001:db8:1:: dev lan table local proto kernel metric 0
    local 2001:db8:1::1 dev lan table local proto kernel metric 0
    local 2001:db8:5::1 dev wan table local proto kernel metric 0
    anycast fe80:: dev wan table local proto kernel metric 0
    local fe80::382b:65ff:feaf:1ff6 dev wan table local proto kernel metric 0
    multicast ff00::/8 dev wan table local proto kernel metric 256
    """

  static func router(forwards: Bool = true) throws -> LinuxHost {
    var host = LinuxHost()
    host.addInterface(Interface("wan", mac: [0x3a, 0x2b, 0x65, 0xaf, 0x1f, 0xf6]))
    var down = Interface("lan", mac: [2, 0, 0, 0, 0, 1])
    down.isUp = false
    host.addInterface(down)
    for address in ["fe80::382b:65ff:feaf:1ff6/64", "2001:db8::2/64", "2001:db8::3/128", "2001:db8:5::1/127"] {
      try host.addAddress(address, to: "wan")
    }
    try host.addAddress("2001:db8:1::1/64", to: "lan")
    if forwards { try host.setSysctl("net.ipv6.conf.all.forwarding", "1") }
    return host
  }

  static func text(_ route: Route) -> String {
    "\(route.type) \(route.destination.address)/\(route.destination.mask.prefixLength ?? 0) \(route.device) \(route.metric)"
  }

  @Test(arguments: [true, false]) func routesAreThoseOfTheKernel(_ forwards: Bool) throws {
    let host = try Self.router(forwards: forwards)
    let known = try Self.recorded.split(separator: "\n").map { try Route.parse(String($0)) }
      .filter { forwards || $0.route.type != .anycast }
    let own = [RoutingTableID.main, .local].flatMap { host.configuration.routing.ipv6.routes(in: $0) }
    #expect(Set(own.map(Self.text)) == Set(known.map { Self.text($0.route) }))
    for entry in known { #expect(host.hasRoute(entry.route, in: entry.table ?? entry.route.usualTable)) }
  }

  @Test func aTentativeAddressHasNoLocalRoute() throws {
    var host = LinuxHost()
    host.addInterface(Interface("wan"))
    var address = try #require(InterfaceAddress("2001:db8::2/64"))
    address.isTentative = true
    host.addAddress(address, to: "wan")
    #expect(host.configuration.routing.ipv6.routes(in: .main).map(Self.text) == ["unicast 2001:db8::/64 wan 256"])
    #expect(!host.configuration.routing.ipv6.routes(in: .local).contains { $0.destination.address == address.address })
    // Only the loopback address is left.
    #expect(host.configuration.ipv6Source(towards: .v6(0x2001_0db8_0000_0000, 9), on: "wan") == .loopback(.ipv6))
  }

  @Test func anAddressMayBringNoRouteOrAnotherMetric() throws {
    var host = LinuxHost()
    host.addInterface(Interface("wan"))
    var quiet = try #require(InterfaceAddress("2001:db8::8/64"))
    quiet.hasPrefixRoute = false
    host.addAddress(quiet, to: "wan")
    #expect(host.configuration.routing.ipv6.routes(in: .main).isEmpty)
    for text in ["2001:db8:1::8/64", "10.0.0.1/8"] {
      var late = try #require(InterfaceAddress(text))
      late.metric = 600
      host.addAddress(late, to: "wan")
      #expect(host.configuration.routing[late.address.family].routes(in: .main).map { $0.metric } == [600])
    }
  }

  /// `ip -6 route get` in a namespace with these addresses, `2001:db8::9` deprecated and `2001:db8:3::77` temporary.
  @Test(arguments: [
    (0, "2001:db8:55::1", "2001:db8:3::2"), (0, "2001:db9::1", "2001:db8:3::2"), (1, "2001:db9::1", "2001:db8:3::2"),
    (2, "2001:db9::1", "2001:db8:3::77"), (3, "2001:db9::1", "2001:db8:3::77"), (-1, "2001:db9::1", "2001:db8:3::2"),
    (0, "2001:db8::1", "2001:db8::2"), (0, "2001:db8::9", "2001:db8::9"), (0, "fe80::77", "fe80::1"),
    (2, "2001:db8:3::1", "2001:db8:3::77"), (0, "2001:db8:3::1", "2001:db8:3::2"),
  ])
  func theSourceIsTheKernels(_ usesTemporary: Int, _ destination: String, _ source: String) throws {
    var host = LinuxHost()
    host.addInterface(Interface("wan"))
    for (text, flag) in [
      ("fe80::1/64", ""), ("2001:db8::2/64", ""), ("2001:db8::9/64", "deprecated"), ("2001:db8:3::2/64", ""),
      ("2001:db8:3::77/64", "temporary"),
    ] {
      var address = try #require(InterfaceAddress(text))
      _ = address.take(flag: flag)
      host.addAddress(address, to: "wan")
    }
    try host.setSysctl("net.ipv6.conf.wan.use_tempaddr", "\(usesTemporary)")
    let target = try #require(IPAddress(destination))
    #expect(host.configuration.ipv6Source(towards: target, on: "wan") == IPAddress(source))
  }

  /// What `ip -6 route add` refused.
  @Test(arguments: [
    ("2001:db8:80::/48 via 2001:dead::7 dev wan", "is in no network of `wan`"),
    ("2001:db8:82::/48 via 2001:db8::2", "is an address of the host itself"),
    ("2001:db8:83::/48 via fe80::1", "is link-local"),
    ("2001:db8:83::/48 via fe80::382b:65ff:feaf:1ff6 dev wan", "is an address of the host itself"),
    ("2001:db8:84::/48 dev lan", "is down"),
    ("2001:db8:85::/48 dev wan src 2001:db8:99::1", "`src 2001:db8:99::1` is not an address of the host"),
    ("2001:db8:86::/48 dev wan tos 0x10", "IPv6 routes have no `tos`"),
    ("2001:db8:78::/48 from 2001:db8:1::/64 via 2001:db8::7", "`from`"),
    ("2001:db8:79::/48 dev wan pref best", "`best` is not a preference"),
    ("2001:db8:79::/48 via 10.0.0.1 dev wan", "not of the route's family"),
    ("10.0.0.0/8 via 2001:db8::7 dev wan", "not of the route's family"),
    ("-6 10.0.0.0/8 dev wan", "the destination is no IPv6 network"),
    ("-6", "the route is empty"),
  ])
  func wrongRoutesAreRefused(_ text: String, _ reason: String) throws {
    var host = try Self.router()
    let error = #expect(throws: HostError.self) { try host.addRoute(text) }
    #expect(error?.description.contains(reason) ?? false, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    "unreachable 2001:db8:dead::/48", "unreachable 2001:db8:dead::/48 dev wan", "-6 default via fe80::1 dev wan",
    "default via fe80::1 dev wan proto ra metric 1024 expires 97sec hoplimit 64 pref medium",
    "2001:db8:79::1/48 via 2001:db8::7", "2001:db8:81::/48 via 2001:dead::7 dev wan onlink",
    "unreachable default dev lo metric 4294967295 error -101 pref medium", "local 2001:db8:89::/48 dev lo",
    "anycast 2001:db8:8a::1 dev wan", "multicast ff05::/16 dev wan", "10.0.0.0/8 via inet6 fe80::1 dev wan",
    "-6 default dev wan table 7",
  ])
  func rightRoutesAreTaken(_ text: String) throws {
    var host = try Self.router()
    try host.addRoute(text)
  }

  @Test func thePreferredRouterOfAMetricIsUsed() throws {
    var host = try Self.router()
    try host.addRoute("default via fe80::98 dev wan pref low")
    try host.addRoute("default via fe80::99 dev wan")
    try host.addRoute("default via fe80::97 dev wan pref high")
    let route = try host.configuration.lookup(
      FlowKey(destination: .v6(0x2001_0db9 << 32, 1), source: .any(.ipv6)))
    #expect(route.gateway?.description == "fe80::97")
  }

  @Test func rulesHaveAFamily() throws {
    #expect(try RoutingRule.parse("fwmark 1 table 7").family == .ipv4)
    #expect(try RoutingRule.parse("-6 fwmark 1 table 7").family == .ipv6)
    #expect(try RoutingRule.parse("from 2001:db8::/64 table 7").family == .ipv6)
    #expect(throws: HostError.self) { try RoutingRule.parse("-4 from 2001:db8::/64 table 7") }
    #expect(throws: HostError.self) { try RoutingRule.parse("from 2001:db8::/64 to 10.0.0.0/8 table 7") }
  }

  /// As Linux 6.18 reads and writes /proc/sys: `all` reaches every interface for two of them alone, `default` none that is there.
  @Test func settingsReachWhatTheKernelLetsThemReach() throws {
    var host = try Self.router(forwards: false)
    let values = { (setting: IPv6InterfaceSetting) in
      ["lo", "wan", "lan"].map { host.configuration.sysctls.ipv6(setting, InterfaceName($0)) }
    }
    try host.setSysctl("net.ipv6.conf.wan.forwarding", "1")
    #expect(values(.forwarding) == [0, 1, 0] && host.configuration.sysctls.ipv6All(.forwarding) == 0)
    try host.setSysctl("net.ipv6.conf.all.forwarding", "1")
    try host.setSysctl("net.ipv6.conf.wan.forwarding", "0")
    // The value that it has already is written to every interface again.
    try host.setSysctl("net.ipv6.conf.all.forwarding", "1")
    #expect(values(.forwarding) == [1, 1, 1])
    try host.setSysctl("net.ipv6.conf.default.forwarding", "0")
    #expect(values(.forwarding) == [1, 1, 1])
    try host.setSysctl("net.ipv6.conf.all.force_forwarding", "1")
    #expect(values(.forceForwarding) == [1, 1, 1])
    try host.setSysctl("net.ipv6.conf.default.hop_limit", "33")
    try host.setSysctl("net.ipv6.conf.all.hop_limit", "3")
    #expect(values(.hopLimit) == [64, 64, 64])
    host.addInterface(Interface("new"))
    let sysctls = host.configuration.sysctls
    #expect(sysctls.ipv6(.hopLimit, "new") == 33 && sysctls.ipv6(.forwarding, "new") == 0)
    #expect(sysctls.ipv6(.forceForwarding, "new") == 0)
  }

  @Test(arguments: [
    ("net.ipv6.conf.wan.hop_limit", 1, 255), ("net.ipv6.conf.wan.force_forwarding", 0, 1),
    ("net.ipv6.conf.wan.forwarding", -2_147_483_648, 2_147_483_647),
    ("net.ipv6.conf.wan.use_tempaddr", -2_147_483_648, 2_147_483_647), ("net.ipv6.icmp.ratelimit", 0, 2_147_483_647),
    ("net.ipv6.icmp.echo_ignore_all", 0, 255), ("net.ipv6.icmp.echo_ignore_multicast", 0, 255),
    ("net.ipv6.fwmark_reflect", 0, 255), ("net.ipv6.max_hbh_opts_number", -2_147_483_648, 2_147_483_647),
    ("net.ipv6.max_dst_opts_length", -2_147_483_648, 2_147_483_647),
  ])
  func valuesAreThoseThatTheKernelTakes(_ key: String, _ least: Int, _ most: Int) throws {
    var host = try Self.router()
    for right in [least, most] {
      let isUsed = try host.setSysctl(key, "\(right)")
      #expect(isUsed)
    }
    for wrong in [least - 1, most + 1] {
      #expect(throws: HostError.self) { try host.setSysctl(key, "\(wrong)") }
    }
  }

  @Test func theRateLimitIsKeptInJiffies() throws {
    var host = LinuxHost()
    #expect(host.configuration.sysctls.ipv6(.rateLimit) == 100)
    try host.setSysctl("net.ipv6.icmp.ratelimit", "1")
    #expect(host.configuration.sysctls.ipv6(.rateLimit) == 4)
    try host.setSysctl("net.ipv6.icmp.ratelimit", "2147483647")
    #expect(host.configuration.sysctls.ipv6(.rateLimit) == 2_147_483_648)
  }
}
