// Settings, routes and interfaces that a person typed: what has no effect is an error, or said.

@testable import FlowTesting
import NetfilterModel
import Simulator
import Testing

@Suite struct HostSettingsTests {
  static let host = "iface eth0 192.0.2.1/24\niface eth0.7 198.51.100.1/24\niface off 198.18.0.1/24 down\n"

  func rendered(_ line: String) -> String {
    DiagnosticRenderer().render(HostText.describe(Self.host + line + "\n", file: "h.flow") { _ in nil }.diagnostics)
  }

  @Test(arguments: [
    (
      "net.ipv4.ip_forwrad = 1", "4:8: error: the kernel has no setting `net.ipv4.ip_forwrad`", "`net.ipv4.ip_forward`?"
    ),
    ("net.ipv4.ip_forward = yes", "4:30: error: `net.ipv4.ip_forward` is a number, not `yes`", "^~~"),
    ("net.ipv4.ip_forward=1x", "4:28: error: `net.ipv4.ip_forward` is a number, not `1x`", "^~"),
    ("net.ipv4.ip_forward = 2147483648", "4:30: error: `net.ipv4.ip_forward` cannot be `2147483648`", "-2147483648 to"),
    ("net.ipv4.ip_default_ttl = 0", "4:34: error: `net.ipv4.ip_default_ttl` cannot be `0`", "it takes 1 to 255"),
    ("net.ipv4.fwmark_reflect = 256", "4:34: error: `net.ipv4.fwmark_reflect` cannot be `256`", "0 to 255"),
    ("net.ipv4.icmp_ratelimit = -1", "4:34: error: `net.ipv4.icmp_ratelimit` cannot be `-1`", "0 to 2147483647"),
    ("net.ipv4.conf.eth1.rp_filter = 1", "4:8: error: there is no interface `eth1`", "did you mean `eth0`?"),
    ("net.ipv4.conf.eth0.rp_filer = 1", "4:8: error: the kernel has no", "`net.ipv4.conf.eth0.rp_filter`?"),
    ("net.ipv4.conf.abcdefghijklmnop.rp_filter = 1", "4:8: error: there is no interface `abcdefghijklmnop`", ""),
    ("net.ipv4.neigh.ppp0.gc_stale_time = 1", "4:8: note: `net.ipv4.neigh.ppp0.gc_stale_time` has no effect here", ""),
    (
      "net.ipv4.tcp_syncookies = 1",
      "4:8: note: `net.ipv4.tcp_syncookies` has no effect here: the simulation does not ask for it", ""
    ),
    ("net.ipv6.conf.all.dad_transmits = 1", "4:8: note: `net.ipv6.conf.all.dad_transmits` has no effect here", ""),
    ("net.netfilter.nf_conntrack_count = 1", "4:8: error: `net.netfilter.nf_conntrack_count` can only be read", ""),
    (
      "net.netfilter.nf_conntrack_tcp_loose = 2", "4:47: error: `net.netfilter.nf_conntrack_tcp_loose` cannot be",
      "0 to 1"
    ),
    ("net.netfilter.nf_conntrack_udp_timeout = -1", "4:49: error: a negative timeout, 198 days", "0 to 8589934"),
    (
      "net.netfilter.nf_conntrack_log_invalid = 1", "4:8: note: `net.netfilter.nf_conntrack_log_invalid` has no effect",
      ""
    ),
    ("kernel.hostname = x", "4:8: error: `kernel.hostname` is not a setting of the network", "leave it out"),
    (
      "net.ipv4.conf.default.rp_filter = 1", "4:8: note: `net.ipv4.conf.default.rp_filter` is for interfaces",
      "for `all`"
    ),
    (
      "net.ipv6.conf.default.forwarding = 1",
      "4:8: note: `net.ipv6.conf.default.forwarding` is for interfaces that are",
      "or for `all`"
    ),
    (
      "net.ipv6.conf.default.hop_limit = 9", "4:8: note: `net.ipv6.conf.default.hop_limit` is for interfaces",
      "set it for an interface\n"
    ),
    ("net.ipv6.conf.all.hop_limit = 9", "4:8: note: `net.ipv6.conf.all.hop_limit` has no effect here", ""),
    ("net.ipv6.conf.all.mc_forwarding = 1", "4:8: error: `net.ipv6.conf.all.mc_forwarding` can only be read", ""),
    ("net.ipv6.conf.eth0.hop_limit = 0", "4:39: error: `net.ipv6.conf.eth0.hop_limit` cannot be `0`", "1 to 255"),
    ("net.ipv6.conf.eth1.forwarding = 1", "4:8: error: there is no interface `eth1`", "did you mean `eth0`?"),
    ("net.ipv6.conf.eth0.forwrding = 1", "4:8: error: the kernel has no", "`net.ipv6.conf.eth0.forwarding`?"),
    ("net.ipv6.conf.all.disable_ipv6 = 0", "4:8: note: `net.ipv6.conf.all.disable_ipv6` has no effect here", ""),
    (
      "net.ipv6.conf.eth0.disable_ipv6 = 1", "4:8: warning: `net.ipv6.conf.eth0.disable_ipv6` turns IPv6 off, which is",
      "addresses and routes of IPv6"
    ),
    ("net.ipv6.bindv6only = 1", "4:8: note: `net.ipv6.bindv6only` has no effect here", ""),
    ("net.ipv4.ip_forward =", "4:8: error: a setting is written as `KEY = VALUE`", ""),
    ("= 1", "4:8: error: a setting is written as `KEY = VALUE`", ""),
  ])
  func aSettingWithoutEffectIsSaid(_ setting: String, _ expected: String, _ help: String) {
    let text = rendered("sysctl " + setting)
    #expect(text.hasPrefix("h.flow:" + expected), "\(text)")
    #expect(help.isEmpty || text.contains(help), "\(text)")
  }

  @Test(arguments: [
    "net.ipv4.ip_forward = 0x1", "net.ipv4.ip_forward = 010", "net.ipv4.ip_forward = -1", "net.ipv4.ip_forward = 1 2",
    "net.ipv4.conf.eth0/7.rp_filter = 1", "net/ipv4/conf/eth0.7/rp_filter = 1", "net.ipv4.conf.eth0.7.rp_filter = 1",
    "net.ipv6.conf.all.forwarding = 1", "net.ipv6.conf.eth0/7.force_forwarding = 1", "net.ipv6.icmp.ratelimit = 0",
    "net/ipv6/conf/eth0.7/use_tempaddr = 2", "net.ipv6.max_hbh_opts_number = -1",
    "net.ipv4.icmp_ratemask = -1", "net.nf_conntrack_max = 0", "\"net.ipv4.ip_forward = 1\"",
  ])
  func whatTheKernelTakesIsTaken(_ setting: String) { #expect(rendered("sysctl " + setting) == "") }

  @Test func aSettingMayStandBeforeItsInterface() {
    let text = "sysctl net.ipv4.conf.wan.rp_filter = 1\niface wan 192.0.2.1/24\n"
    #expect(HostText.describe(text, file: "h.flow") { _ in nil }.diagnostics == [])
  }

  @Test(arguments: [
    ("route 10.0.0.1/8 via 192.0.2.9", "`10.0.0.1/8` is an address inside a network", "the network is 10.0.0.0/8"),
    ("route blackhole 10.0.0.0/8 dev eth0", "a `blackhole` route takes neither `via` nor `dev`", ""),
    ("route 10.0.0.0/8 dev eth0 src 9.9.9.9", "`src 9.9.9.9` is not an address of the host", ""),
    ("route 10.0.0.0/8 via 9.9.9.9 dev eth0", "the next hop `9.9.9.9` is in no network of `eth0`", "onlink"),
    ("route 10.0.0.0/8 via 192.0.2.9 dev eth0.7", "the next hop `192.0.2.9` is in no network of `eth0.7`", ""),
    (
      "route default via 192.0.2.9\nroute 10.0.0.0/8 via 8.8.8.8", "the next hop `8.8.8.8` is not reachable on any", ""
    ),
    ("route 10.0.0.0/8 dev off", "the interface `off` is down", ""),
    ("route 10.0.0.0/8 dev ehh0", "there is no interface `ehh0`", "did you mean `eth0`?"),
    ("route 10.0.0.0/8 dev eth0 tos 1", "`tos 1` has bits of ECN", ""),
    ("route 10.0.0.0/8 dev eth0 scope bogus", "`bogus` is not a scope", ""),
    ("route 10.0.0.0/8 dev eth0 hoplimit 3", "`hoplimit` of a route is not simulated", ""),
    ("route 10.0.0.0/8 dev eth0 dead", "`dead` says that the kernel does not use the route", ""),
    ("route 10.0.0.0/8 dev abcdefghijklmnop", "`abcdefghijklmnop` cannot be the name of an interface", ""),
    ("route 10.0.0.0/8 dev eth0 table vpn", "`vpn` is not a routing table", "ip -N"),
    ("rule tos 1 lookup 100", "`tos 1` has bits of ECN", ""),
    ("rule iif nope lookup 100", "there is no interface `nope`", ""),
    ("rule oif abcdefghijklmnop lookup 100", "`abcdefghijklmnop` cannot be the name of an interface", ""),
    ("iface eth0 203.0.113.1/24", "the interface `eth0` is described twice", ""),
    ("route -4 blackhole 10.0.0.0/8 dev eth0", "a `blackhole` route takes neither", ""),
    ("route -6 10.0.0.0/8 dev eth0", "the destination is no IPv6 network", ""),
    ("route 2001:db8::/32 from 2001:db8:1::/48 dev eth0", "`from`", "rule -6 from PREFIX table N"),
    ("route default via fe80::1", "the next hop `fe80::1` is link-local", "via fe80::1 dev INTERFACE"),
    ("rule -4 from 2001:db8::/32 lookup 7", "addresses of both families", ""),
    ("iface eth9 temporary", "`temporary` stands behind the address", ""),
    ("iface eth9 203.0.113.1/24 temporary", "an IPv4 address is never `temporary`", ""),
    ("iface eth9 ff02::1/64", "`ff02::1/64` cannot be the address of an interface", ""),
    ("iface eth9 2001:db8::1/129", "`2001:db8::1/129` is not an address of an interface", "2001:db8::1/64"),
    ("iface eth9 2001:db8::1/64 mtu 1279", "an interface with an MTU below 1280 bytes has no IPv6 addresses", ""),
    ("import addr v6 file", "the output of `ip addr` names its families itself", "leave `v6` out"),
    ("import rule v6", "the path of a file is missing", ""),
    ("iface eth9 203.0.113.1/24 203.0.113.1/24", "the interface has this address already", ""),
  ])
  func aRouteWithoutEffectIsSaid(_ line: String, _ expected: String, _ help: String) {
    let text = rendered(line)
    #expect(text.contains(expected), "\(text)")
    #expect(help.isEmpty || text.contains(help), "\(text)")
  }

  @Test func anOnLinkNextHopNeedsNoNetwork() {
    #expect(rendered("route 10.0.0.0/8 via 9.9.9.9 dev eth0 onlink") == "")
  }
}
