// Hosts of both families that are described by what `ip` printed on Linux 6.18.

@testable import FlowTesting
import NetfilterModel
@testable import Simulator
import Testing

@Suite struct IPv6SavedOutputTests {
  static let addr = """
    1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
        link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
        inet 127.0.0.1/8 scope host lo
           valid_lft forever preferred_lft forever
        inet6 ::1/128 scope host noprefixroute\u{20}
           valid_lft forever preferred_lft forever
    2: wan@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
        link/ether 3a:2b:65:af:1f:f6 brd ff:ff:ff:ff:ff:ff
        inet 192.0.2.1/24 scope global wan
           valid_lft forever preferred_lft forever
        inet6 2001:db8:3:0:cf1d:1ec3:b2a6:7df8/64 scope global temporary dynamic\u{20}
           valid_lft 604800sec preferred_lft 86181sec
        inet6 2001:db8:3::2/64 scope global dynamic mngtmpaddr noprefixroute\u{20}
           valid_lft 2591000sec preferred_lft 604000sec
        inet6 2001:db8::9/64 scope global deprecated\u{20}
           valid_lft forever preferred_lft 0sec
        inet6 2001:db8::66/64 scope global dadfailed tentative\u{20}
           valid_lft forever preferred_lft forever
        inet6 2001:db8::2/64 scope global\u{20}
           valid_lft forever preferred_lft forever
        inet6 fe80::382b:65ff:feaf:1ff6/64 scope link proto kernel_ll\u{20}
           valid_lft forever preferred_lft forever
    3: lan: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
        link/ether 3a:2b:65:af:1f:f7 brd ff:ff:ff:ff:ff:ff
        inet6 2001:db8:1::1/64 metric 50 scope global\u{20}
        inet6 fd00::1 peer fd00::2/128 scope global\u{20}

    """
  static let route = """
    2001:db8:1::/64 dev lan proto kernel metric 50 pref medium
    2001:db8::/64 dev wan proto kernel metric 256 pref medium
    prohibit 2001:db8:beef::/48 dev lo metric 1024 pref medium
    blackhole 2001:db8:cafe::/48 dev lo metric 1024 pref medium
    unreachable 2001:db8:dead::/48 dev lo metric 1024 pref medium
    throw 2001:db8:face::/48 dev lo metric 1024 pref medium
    fe80::/64 dev wan proto kernel metric 256 pref medium
    default via fe80::1 dev wan proto ra metric 1024 expires 97sec hoplimit 64 pref high
    2001:db8:99::/48 dev lan metric 1024 table 100 pref medium
    local ::1 dev lo table local proto kernel metric 0 pref medium
    anycast 2001:db8:: dev wan table local proto kernel metric 0 pref medium
    local 2001:db8::2 dev wan table local proto kernel metric 0 pref medium
    local fe80::382b:65ff:feaf:1ff6 dev wan table local proto kernel metric 0 pref medium
    multicast ff00::/8 dev wan table local proto kernel metric 256 pref medium

    """
  static let rule = """
    0:\tfrom all lookup local
    32764:\tfrom 2001:db8::/64 lookup 101
    32765:\tfrom all fwmark 0x1 lookup 100
    32766:\tfrom all lookup main

    """
  static let sysctl = """
    net.ipv6.conf.all.forwarding = 1
    net.ipv6.conf.default.forwarding = 1
    net.ipv6.conf.default.hop_limit = 64
    net.ipv6.conf.eth7.forwarding = 1
    net.ipv6.conf.wan.forwarding = 1
    net.ipv6.conf.wan.use_tempaddr = 2
    net.ipv6.conf.wan.stable_secret = 2001:db8::1
    net.ipv6.icmp.ratemask = 0-1,3-127

    """
  static let files = ["addr": addr, "route": route, "rule": rule, "sysctl": sysctl]
  static let imports = "import addr addr\nimport route route\nimport rule v6 rule\nimport sysctl sysctl\n"

  func describe(_ text: String, _ files: [String: String] = Self.files) -> DescribedHost {
    HostText.describe(text, file: "h.flow") { files[$0] }
  }

  @Test func everyLineIsReadOrSaid() throws {
    let described = describe(Self.imports)
    let notes = described.diagnostics.map {
      "\($0.range.file):\($0.range.line): \($0.severity.rawValue): \($0.message)"
    }
    #expect(
      notes == [
        "route:8: warning: `hoplimit` of a route is not simulated",
        "h.flow:4: note: of 8 settings 6 are used; without effect here: 1 (`net.ipv6.conf.wan.stable_secret`), of "
          + "interfaces that the host does not have: 1 (`net.ipv6.conf.eth7.forwarding`)",
      ], "\(notes)")
    let host = try #require(described.host)
    let wan = try #require(host.interface("wan"))
    // In the order in which they were added, which `ip addr` turns round.
    #expect(
      wan.addresses.map { $0.address.description } == [
        "192.0.2.1", "fe80::382b:65ff:feaf:1ff6", "2001:db8::2", "2001:db8::66", "2001:db8::9", "2001:db8:3::2",
        "2001:db8:3:0:cf1d:1ec3:b2a6:7df8",
      ])
    #expect(wan.addresses.map { $0.isTentative } == [false, false, false, true, false, false, false])
    #expect(wan.addresses.map { $0.isDeprecated } == [false, false, false, false, true, false, false])
    #expect(wan.addresses.map { $0.isTemporary } == [false, false, false, false, false, false, true])
    #expect(!wan.addresses[5].hasPrefixRoute && wan.addresses[4].hasPrefixRoute)
    let routes = host.configuration.routing.ipv6.routes(in: .main).filter { $0.device == "lan" }
    #expect(
      Set(routes.map { "\($0.destination.address) \($0.metric)" })
        == ["2001:db8:1:: 50", "fd00::1 256", "fd00::2 256"])
  }

  @Test(arguments: [
    ("local udp [2001:db8::2]:1 > [2001:db9::1]:53", "send out wan"),
    ("local udp [2001:db8::2]:1 > [fd00::2]:53", "drop because no-neighbour"),
    ("local udp [2001:db8::2]:1 > [2001:db8:dead::1]:53", "drop because unreachable"),
    ("local udp [2001:db8::2]:1 > [2001:db8:cafe::1]:53", "drop because blackhole"),
    ("local udp [2001:db8::2]:1 > [2001:db8:beef::1]:53", "drop because prohibit"),
    ("local udp [2001:db8::2]:1 > [fe80::99%wan]:53", "send out wan"),
    ("local udp [2001:db8::2]:1 > [2001:db8:99::1]:53", "send out wan"),
    ("local udp [2001:db8::2]:1 > [2001:db8:99::1]:53 mark=1", "drop because no-neighbour"),
    ("local udp 192.0.2.1:1 > 192.0.2.9:53 mark=1", "send out wan"),
    ("in on lan udp [2001:db8:1::5]:1 > [2001:db9::1]:53", "forward out wan"),
    ("in on wan udp [2001:db9::5]:1 > [2001:db8::2]:53", "deliver"),
    ("in on wan udp [fe80::99%wan]:1 > [fe80::382b:65ff:feaf:1ff6%wan]:53", "deliver"),
  ])
  func packetsGoWhereTheOutputSays(_ packet: String, _ verdict: String) throws {
    let suite = FlowSuite(Self.imports + "test \"t\"\n\(packet) => \(verdict)\nend\n", file: "h.flow") {
      Self.files[$0]
    }
    let test = try #require(suite.tests.first)
    guard case .passed = suite.run(test) else {
      Issue.record("\(DiagnosticRenderer().render(suite.diagnostics)) \(suite.run(test))")
      return
    }
  }

  @Test func anInterfaceWithoutIPv6IsSaid() {
    let text = DiagnosticRenderer().render(
      describe("import sysctl sysctl\n", ["sysctl": "net.ipv6.conf.lo.disable_ipv6 = 1\n"]).diagnostics)
    #expect(text.contains("sysctl:1:1: warning: `net.ipv6.conf.lo.disable_ipv6` turns IPv6 off"), "\(text)")
  }

  @Test func aRuleListWithoutItsFamilyIsNotTakenInSilence() {
    let text = DiagnosticRenderer().render(describe("import addr addr\nimport rule rule\n").diagnostics)
    #expect(text.contains("rule:1:1: warning: the output has no rule `32767: from all lookup default`"), "\(text)")
    #expect(text.contains("write `import rule v6 PATH`"))
    let named = DiagnosticRenderer().render(describe("import addr addr\nimport rule v4 rule\n").diagnostics)
    #expect(named.contains("error: the rule has addresses of both families"), "\(named)")
  }

  @Test func aDefaultRouteMayNameItsFamily() throws {
    let old = ["route": "default dev wan proto static metric 5\n", "addr": Self.addr]
    let described = describe("import addr addr\nimport route v6 route\n", old)
    let host = try #require(described.host)
    #expect(
      host.configuration.routing.ipv6.routes(in: .main).contains { $0.metric == 5 && $0.destination.address.isZero })
    #expect(host.configuration.routing.ipv4.routes(in: .main).allSatisfy { $0.destination.mask.prefixLength != 0 })
  }

  @Test(arguments: [
    "2001:db8:77::/48 metric 1024 pref medium\n\tnexthop via 2001:db8::7 dev wan weight 1 \n",
    "default from 2001:db8:1::/64 via fe80::1 dev wan metric 1024 pref medium\n",
  ])
  func whatIsNotModelledIsAnError(_ route: String) {
    let described = describe("import addr addr\nimport route route\n", ["addr": Self.addr, "route": route])
    #expect(described.host == nil && described.diagnostics.contains { $0.severity == .error })
  }

  @Test func mutatedOutputNeverTraps() {
    var random = SplitMix(state: 12)
    var made = 0
    let names = Self.files.keys.sorted()
    for round in 0..<600 {
      var files = Self.files
      let name = names[round % names.count]
      files[name] = String(decoding: MutationTests.mutate(Array((files[name] ?? "").utf8), &random), as: UTF8.self)
      let described = describe(Self.imports, files)
      _ = DiagnosticRenderer().render(described.diagnostics)
      if described.host != nil { made += 1 }
    }
    #expect(made > 50)
  }
}
