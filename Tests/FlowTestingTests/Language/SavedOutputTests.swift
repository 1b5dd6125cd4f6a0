// Hosts that are described by what `ip addr`, `ip route`, `ip rule` and `sysctl -a` print on them.

@testable import FlowTesting
import NetfilterModel
import Simulator
import Testing

@Suite struct SavedOutputTests {
  static let addr = """
    1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
        link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
        inet 127.0.0.1/8 scope host lo
           valid_lft forever preferred_lft forever
        inet6 ::1/128 scope host noprefixroute\u{20}
           valid_lft forever preferred_lft forever
    2: wan: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc fq_codel state UP group default qlen 1000
        link/ether 52:54:00:12:34:56 brd ff:ff:ff:ff:ff:ff
        altname enp1s0
        inet 203.0.113.2/24 brd 203.0.113.255 scope global dynamic wan
           valid_lft 86052sec preferred_lft 86052sec
        inet6 fe80::5054:ff:fe12:3456/64 scope link\u{20}
           valid_lft forever preferred_lft forever
    3: lan@if7: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
        link/ether 52:54:00:12:34:57 brd ff:ff:ff:ff:ff:ff link-netnsid 0
        inet 192.168.1.1/24 brd 192.168.1.255 scope global lan
           valid_lft forever preferred_lft forever
    4: off: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default qlen 1000
        link/ether 52:54:00:12:34:58 brd ff:ff:ff:ff:ff:ff
        inet 198.18.0.1/24 scope global off
    5: tun0: <POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> mtu 1420 qdisc fq_codel state UNKNOWN group default qlen 500
        link/none\u{20}
        inet 10.8.0.1 peer 10.8.0.2/32 scope global tun0

    """
  static let route = """
    default via 203.0.113.1 dev wan proto dhcp src 203.0.113.2 metric 100\u{20}
    10.0.0.0/8 via 192.168.1.254 dev lan linkdown\u{20}
    192.168.1.0/24 dev lan proto kernel scope link src 192.168.1.1\u{20}
    203.0.113.0/24 dev wan proto kernel scope link src 203.0.113.2 metric 100\u{20}
    blackhole 198.51.100.0/24\u{20}
    172.16.0.0/12 via 192.168.1.253 dev lan table 100
    fe80::/64 dev wan proto kernel metric 256 pref medium

    """
  static let rule = """
    0:\tfrom all lookup local
    99:\tfrom all fwmark 0x1 lookup 100
    100:\tfrom all iif off [detached] lookup 100
    32766:\tfrom all lookup main
    32767:\tfrom all lookup default

    """
  static let sysctl = """
    kernel.hostname = gw
    net.ipv4.conf.all.forwarding = 1
    net.ipv4.conf.all.rp_filter = 0
    net.ipv4.conf.lan.forwarding = 0
    net.ipv4.conf.wan.forwarding = 1
    net.ipv4.ip_forward = 1
    net.ipv4.ip_local_port_range = 32768\t60999
    net.ipv4.tcp_congestion_control = cubic
    net.netfilter.nf_conntrack_count = 17
    net.netfilter.nf_conntrack_udp_timeout = 7
    sysctl: permission denied on key 'net.core.bpf_jit_harden'

    """
  static let files = ["addr": addr, "route": route, "rule": rule, "sysctl": sysctl]
  static let imports = "import addr addr\nimport route route\nimport rule rule\nimport sysctl sysctl\n"

  func describe(_ text: String, _ files: [String: String] = files) -> DescribedHost {
    HostText.describe(text, file: "h.flow") { files[$0] }
  }

  @Test func aHostSaysWhatItIs() throws {
    let described = describe(Self.imports)
    #expect(
      described.diagnostics.map(\.message) == [
        "of 9 settings 6 are used; without effect here: 3 (`net.ipv4.ip_local_port_range` …)"
      ])
    #expect(described.diagnostics.map(\.severity) == [.note])
    let host = try #require(described.host)
    #expect(host.interfaces.map(\.name) == ["lo", "wan", "lan", "off", "tun0"])
    #expect(host.interfaces.map(\.mtu) == [65536, 1400, 1500, 1500, 1420])
    #expect(host.interfaces.map(\.isUp) == [true, true, true, false, true])
    #expect(host.interface("wan")?.mac == [0x52, 0x54, 0, 0x12, 0x34, 0x56])
    #expect(host.interface("lo")?.addresses.count == 1)
    #expect(host.interface("wan")?.addresses.map(\.address.description) == ["203.0.113.2", "fe80::5054:ff:fe12:3456"])
    #expect(host.configuration.conntrack.udpTimeout == 7)
  }

  /// Where packets go with all of it.
  @Test(arguments: [
    ("local udp 203.0.113.2:1 > 8.8.8.8:53", "send out wan"),
    ("local udp 192.168.1.1:1 > 10.1.2.3:53", "send out lan"),
    ("local udp 10.8.0.1:1 > 10.8.0.2:53", "send out tun0"),
    ("local udp 203.0.113.2:1 > 198.51.100.7:53", "drop"),
    ("local udp 203.0.113.2:1 > 172.16.0.1:53", "send out wan"),
    ("local udp 203.0.113.2:1 > 172.16.0.1:53 mark=1", "send out lan"),
    // Forwarding is on, but not for what comes in on lan: one interface's own value comes after the general ones.
    ("in on wan udp 192.0.2.7:1 > 192.168.1.5:53", "forward out lan"),
    ("in on lan udp 192.168.1.5:1 > 192.0.2.7:53", "drop because ip-forward"),
    ("in on off udp 198.18.0.7:1 > 198.18.0.1:53", "drop because interface-down"),
  ])
  func packetsGoAsThere(_ packet: String, _ verdict: String) throws {
    let text = "\(Self.imports)test \"t\"\n\(packet) => \(verdict)\nend\n"
    let suite = FlowSuite(text, file: "h.flow") { Self.files[$0] }
    let test = try #require(suite.tests.first)
    guard case .passed = suite.run(test) else {
      Issue.record("\(DiagnosticRenderer().render(suite.diagnostics)) \(suite.run(test))")
      return
    }
  }

  @Test(arguments: [
    ("addr", "eth0 is up", "addr:1:1: error: this is not the output of `ip addr`"),
    ("addr", "lo UNKNOWN 127.0.0.1/8\neth0 UP 192.0.2.2/24", "addr:1:1: error: this is not the output of `ip addr`"),
    ("addr", "2: eth0: <UP>\n  inet nothing/8", "addr:2:1: error: the address cannot be read"),
    ("route", "\ndefault via nowhere", "route:2:1: error: `nowhere` is not an address"),
    (
      "route",
      "default proto static\n\tnexthop via 203.0.113.1 dev wan weight 1\n\tnexthop via 203.0.113.3 dev wan weight 1",
      "route:2:1: error: routes with several next hops are not modelled"
    ),
    ("rule", "from all lookup main", "rule:1:1: error: the line has no priority"),
    (
      "rule", "5:\tfrom all lookup main suppress_prefixlength 0",
      "rule:1:1: error: `suppress_prefixlength` is not known in a routing rule"
    ),
    ("sysctl", "net.ipv4.ip_forward 1", "sysctl:1:1: error: the line has no `=`"),
    ("sysctl", "net.ipv4.ip_forward = yes", "sysctl:1:1: warning: `net.ipv4.ip_forward` is a number, not `yes`"),
    (
      "sysctl", "net.netfilter.nf_conntrack_tcp_loose = 2",
      "sysctl:1:1: warning: `net.netfilter.nf_conntrack_tcp_loose` cannot be `2`"
    ),
    (
      "sysctl", "net.netfilter.nf_conntrack_dccp_loose = 1\nnet.ipv4.conf.ppp0.rp_filter = 1\nnet.sctp.x = 2",
      "h.flow:1:1: note: of 3 settings 0 are used; not known: 2 (`net.netfilter.nf_conntrack_dccp_loose` …), "
        + "of interfaces that the host does not have: 1 (`net.ipv4.conf.ppp0.rp_filter`)"
    ),
    ("addr", "2: @", "addr:1:1: error: `@` is not an interface"),
    ("addr", "2: @:", "addr:1:1: error: `@:` is not an interface"),
    ("addr", "2: :", "addr:1:1: error: `:` is not an interface"),
    ("addr", ": eth0: <UP>\n inet", "addr:2:1: error: the address cannot be read"),
    ("addr", "2: a/b: <UP>", "addr:1:1: error: `a/b:` is not an interface"),
    ("addr", "2: abcdefghijklmnop: <UP>", "addr:1:1: error: `abcdefghijklmnop:` is not an interface"),
    ("addr", "2: eth0: <UP> mtu", "addr:1:1: error: `` is not an MTU"),
    ("addr", "2: eth0: <UP> mtu 99999999999999999999", "addr:1:1: error: `99999999999999999999` is not an MTU"),
    ("addr", "2: eth0: <UP>\n link/ether x", "addr:2:1: error: `x` is not an Ethernet address"),
    ("addr", "2: eth0: <UP>\n inet 10.0.0.1 peer", "addr:2:1: error: the peer's address cannot be read"),
    (
      "addr", "2: v0@if3: <UP> mtu 1500 qdisc noqueue master br0 state UP",
      "addr:1:1: note: an interface belongs to another (`v0` to `br0`)"
    ),
    (
      "route", "10.0.0.0/8 dev lo hoplimit lock 3 rto_min lock 5ms features ecn quickack 1",
      "route:1:1: warning: `hoplimit` of a route is not simulated"
    ),
    ("route", "8.0.0.0/8 encap ip id 3 dst 10.0.0.7 dev lo", "route:1:1: error: `encap` is not known in a route"),
    ("route", "10.0.0.0/8 dev lo table vpn", "route:1:1: error: `vpn` is not a routing table"),
    ("rule", "5:\tfrom all goto 32766", "rule:1:1: error: `goto` is not known in a routing rule"),
    ("rule", "0:\tfrom all lookup local", "rule:1:1: warning: the output has no rule `32766: from all lookup main`"),
  ])
  func whatIsWrongHasItsPlace(_ output: String, _ text: String, _ expected: String) {
    let rendered = DiagnosticRenderer().render(describe("import \(output) \(output)\n", [output: text]).diagnostics)
    #expect(rendered.hasPrefix(expected), "\(rendered)")
    #expect(rendered.components(separatedBy: "error: ").count <= 2, "\(rendered)")
  }

  /// What `ip addr` and `ip route` print of a host with a second address, a peer, an own broadcast address, `noprefixroute`, a
  /// label, and an interface that is down.
  static let kinds = """
    2: v1@v0: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default qlen 1000
        inet 10.8.0.1/24 scope global v1:0
    4: br0: <BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN group default qlen 1000
        inet 10.0.0.1/24 scope global br0
        inet 10.0.0.9 peer 10.7.0.0/24 scope global br0
        inet 10.5.0.1/24 brd 10.5.0.77 scope global br0
        inet 10.6.0.1/24 scope global noprefixroute br0
        inet 10.0.0.2/24 scope global secondary br0
    """
  /// With the routes of `ip route` on it.
  static let kindsRoute = """
    10.0.0.0/24 dev br0 proto kernel scope link src 10.0.0.1 linkdown
    10.5.0.0/24 dev br0 proto kernel scope link src 10.5.0.1 linkdown
    10.7.0.0/24 dev br0 proto kernel scope link src 10.0.0.9 linkdown
    1.2.3.0/24 via 10.0.0.7 dev br0 dead linkdown
    3.0.0.0/8 via 10.0.0.7 dev br0 linkdown realm 3 mtu lock 1400 advmss 1300 features ecn rto_min lock 5ms quickack 1
    7.7.7.7 via 9.9.9.9 dev br0 onlink linkdown
    throw 4.0.0.0/8
    prohibit 5.0.0.0/8
    unreachable 6.0.0.0/8 metric 7

    """

  @Test(arguments: [
    ("local udp 10.0.0.1:1 > 10.8.0.9:53", "drop because no-route"),
    ("local udp 10.0.0.1:1 > 10.8.0.1:53", "deliver"),
    ("local udp 10.0.0.1:1 > 10.6.0.9:53", "drop because no-route"),
    ("local udp 10.0.0.1:1 > 10.7.0.9:53", "send out br0"),
    ("local udp 10.0.0.1:1 > 1.2.3.4:53", "drop because no-route"),
    ("local udp 10.0.0.1:1 > 3.2.3.4:53", "send out br0"),
    ("local udp 10.0.0.1:1 > 7.7.7.7:53", "send out br0"),
    ("local udp 10.0.0.1:1 > 5.7.7.7:53", "drop"),
    ("in on br0 udp 10.5.0.9:1 > 10.5.0.77:53", "deliver"),
    ("in on br0 udp 10.5.0.9:1 > 10.5.0.255:53", "deliver"),
    ("in on br0 udp 10.7.0.9:1 > 10.7.0.255:53", "deliver"),
  ])
  func addressesOfEveryKind(_ packet: String, _ verdict: String) throws {
    let text = "import addr addr\nimport route route\ntest \"t\"\n\(packet) => \(verdict)\nend\n"
    let files = ["addr": Self.kinds, "route": Self.kindsRoute]
    let suite = FlowSuite(text, file: "h.flow") { files[$0] }
    let test = try #require(suite.tests.first)
    guard case .passed = suite.run(test), suite.diagnostics.isEmpty else {
      Issue.record("\(DiagnosticRenderer().render(suite.diagnostics)) \(suite.run(test))")
      return
    }
  }

  @Test(arguments: [
    ("import adr addr", "h.flow:1:8: error: `adr` cannot be imported", "did you mean `addr`?"),
    ("import addr", "h.flow:1:12: error: the path of a file is missing", ""),
    ("import addr none", "h.flow:1:1: error: cannot read the file `none`", ""),
    ("assume -m geoip yes no maybe", "h.flow:1:8: error: the assumption has no answer", "write `yes` or `no`"),
    ("assume yes", "h.flow:1:8: error: the assumption has no answer", ""),
  ])
  func wrongLines(_ line: String, _ expected: String, _ help: String) {
    let rendered = DiagnosticRenderer().render(describe(line + "\n").diagnostics)
    #expect(rendered.hasPrefix(expected), "\(rendered)")
    #expect(help.isEmpty || rendered.contains(help), "\(rendered)")
  }

  @Test func mutatedOutputNeverTraps() {
    var random = SplitMix(state: 11)
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
