// Settings as the kernel takes them; the answers are those of Linux 6.18, asked by writing to /proc/sys.

import NetfilterModel
@testable import Simulator
import Testing

@Suite struct KernelSettingTests {
  /// What reading gives after writing a text to `net.ipv4.ip_forward`, a plain int; nil for EINVAL.
  @Test(arguments: [
    ("0", 0), ("2", 2), ("-1", -1), ("0x1", 1), ("0X1", 1), ("010", 8), ("  1", 1), ("1 2", 1), ("1\t7", 1), ("1 x", 1),
    ("2147483647", 2_147_483_647), ("-2147483648", -2_147_483_648),
    ("08", nil), ("yes", nil), ("1x", nil), ("", nil), ("1,2", nil), ("+1", nil), ("--1", nil), ("- 1", nil),
    ("-", nil),
    ("0x", nil), ("0xg", nil), ("2147483648", nil), ("-2147483649", nil), ("4294967296", nil),
    ("00000000000000000000000000001", nil), ("99999999999999999999", nil), ("-9223372036854775808", nil),
  ])
  func aNumberIsReadAsTheKernelReadsIt(_ text: String, _ expected: Int?) {
    let setting = try? KernelSetting("net.ipv4.ip_forward", text)
    #expect(setting?.target == expected.map { .forward($0) }, "\(text)")
  }

  /// The least and the largest value, and one beyond each.
  @Test(arguments: [
    ("net.ipv4.ip_default_ttl", 1, 255), ("net.ipv4.icmp_echo_ignore_all", 0, 1),
    ("net.ipv4.icmp_echo_ignore_broadcasts", 0, 1), ("net.ipv4.icmp_ratelimit", 0, 2_147_483_647),
    ("net.ipv4.icmp_errors_use_inbound_ifaddr", 0, 1), ("net.ipv4.fwmark_reflect", 0, 255),
    ("net.ipv4.ip_forward_update_priority", 0, 1), ("net.netfilter.nf_conntrack_acct", 0, 1),
    ("net.netfilter.nf_conntrack_events", 0, 2), ("net.netfilter.nf_conntrack_log_invalid", 0, 255),
    ("net.netfilter.nf_conntrack_tcp_max_retrans", 0, 255), ("net.nf_conntrack_max", 0, 2_147_483_647),
    ("net.netfilter.nf_conntrack_udp_timeout", 0, 8_589_934),
    ("net.ipv4.conf.all.rp_filter", -2_147_483_648, 2_147_483_647),
  ])
  func aValueBeyondTheRangeIsRefused(_ key: String, _ least: Int, _ largest: Int) {
    for value in [least, largest] { #expect((try? KernelSetting(key, "\(value)")) != nil, "\(key) = \(value)") }
    for value in [least - 1, largest + 1] { #expect((try? KernelSetting(key, "\(value)")) == nil, "\(key) = \(value)") }
  }

  @Test func everySettingThatAWalkAsksForIsOneOfTheKernel() throws {
    for setting in GeneralSetting.allCases {
      #expect(KernelSettingNames.all["net.ipv4.\(setting.rawValue)"] == false, "\(setting)")
      #expect(GeneralSetting.allCases.filter { $0.place == setting.place }.count == 1)
      #expect(setting.range.contains(GeneralSetting.initial[setting.place]))
    }
    for setting in InterfaceSetting.allCases {
      #expect(KernelSettingNames.all["net.ipv4.conf.*.\(setting.rawValue)"] == false, "\(setting)")
    }
    for name in KernelSettingNames.all.keys where ConntrackSettings.range(of: name) != nil {
      var settings = ConntrackSettings()
      let isTaken = settings.set(name, "1")
      #expect(isTaken, "\(name)")
    }
    #expect(KernelSettingNames.all.count > 400)
  }

  func host() throws -> LinuxHost {
    var host = LinuxHost()
    for name in ["d0", "d1"] as [InterfaceName] { host.addInterface(Interface(name)) }
    try host.addAddress("10.9.0.1/24", to: "d1")
    return host
  }

  @Test func aDefaultIsForInterfacesWithoutValuesOfTheirOwn() throws {
    var host = try host()
    try host.setSysctl("net.ipv4.conf.default.rp_filter", "1")
    let values = { (host: LinuxHost) in
      host.interfaces.map { host.configuration.sysctls.conf(.reversePathFilter, $0.name) }
    }
    #expect(values(host) == [0, 1, 0])
    try host.setSysctl("net.ipv4.conf.d0.rp_filter", "0")
    try host.setSysctl("net.ipv4.conf.default.rp_filter", "2")
    #expect(values(host) == [0, 0, 0])
    host.addInterface(Interface("d2"))
    #expect(values(host) == [0, 0, 0, 2])
  }

  @Test func forwardingReachesInterfacesOnlyWhenItChanges() throws {
    var host = try host()
    let forwards = { (host: LinuxHost) in host.interfaces.map { host.configuration.isForwarding($0.name) } }
    try host.setSysctl("net.ipv4.conf.d0.forwarding", "1")
    try host.setSysctl("net.ipv4.ip_forward", "0")
    #expect(forwards(host) == [false, true, false])
    try host.setSysctl("net.ipv4.ip_forward", "1")
    try host.setSysctl("net.ipv4.conf.d0.forwarding", "0")
    try host.setSysctl("net.ipv4.ip_forward", "1")
    #expect(forwards(host) == [true, false, true])
    try host.setSysctl("net.ipv4.conf.all.forwarding", "2")
    #expect(forwards(host) == [true, true, true])
    try host.setSysctl("net.ipv4.conf.default.forwarding", "0")
    #expect(forwards(host) == [true, true, true])
  }

  @Test func aRateLimitIsKeptInJiffies() throws {
    var host = try host()
    for (text, kept) in [("0", 0), ("1", 4), ("4", 4), ("255", 256), ("2147483647", 2_147_483_648)] {
      try host.setSysctl("net.ipv4.icmp_ratelimit", text)
      #expect(host.configuration.sysctls[.rateLimit] == kept)
    }
  }

  @Test func whetherASettingIsUsedIsSaid() throws {
    var host = try host()
    let forward = try host.setSysctl("net.ipv4.ip_forward", "1")
    let sack = try host.setSysctl("net.ipv4.tcp_sack", "1")
    #expect(forward && !sack)
    #expect(throws: HostError("there is no interface `d7`", help: "did you mean `d0`?")) {
      try host.setSysctl("net.ipv4.conf.d7.rp_filter", "1")
    }
    #expect(HostError("a", help: "b").description == "a; b")
  }

  @Test(arguments: [
    ("net.ipv4.conf.eth0/1.rp_filter", "net.ipv4.conf.*.rp_filter", "eth0.1"),
    ("net/ipv4/conf/eth0.1/rp_filter", "net.ipv4.conf.*.rp_filter", "eth0.1"),
    ("net.ipv4.conf.eth0.1.rp_filter", "net.ipv4.conf.*.rp_filter", "eth0.1"),
    ("net/ipv6/neigh/a/b/c", "net.ipv6.neigh.*.c", "a.b"),
    ("net.ipv4.conf.rp_filter", "net.ipv4.conf.rp_filter", nil), ("net.ipv4.ip_forward", "net.ipv4.ip_forward", nil),
    ("", "", nil), ("...", "", nil), ("/", "", nil), ("net", "net", nil),
  ])
  func aNameIsSplitAsSysctlSplitsIt(_ text: String, _ pattern: String, _ interface: String?) {
    #expect(KernelSettingName(text).pattern == pattern)
    #expect(KernelSettingName(text).interface == interface)
  }

  @Test func theLastNumberOfPriorityIsThatOfTheKernel() throws {
    // `ip_fwd_update_priority` is the field's name in the kernel's source, not the setting's.
    #expect((try? KernelSetting("net.ipv4.ip_fwd_update_priority", "0")) == nil)
    var host = try host()
    try host.setSysctl("net.ipv4.ip_forward_update_priority", "0")
    #expect(host.configuration.sysctls[.forwardUpdatesPriority] == 0)
  }

  @Test func addressesGiveTheRoutesOfTheKernel() throws {
    var host = LinuxHost()
    var down = Interface("off")
    down.isUp = false
    host.addInterface(down)
    try host.addAddress("198.18.0.1/24", to: "off")
    var address = try #require(InterfaceAddress("10.5.0.1/24"))
    address.broadcast = .v4(0x0a05_004d)
    address.hasPrefixRoute = false
    host.addAddress(address, to: "on")
    let type = { (text: String) in IPAddress(text).map { host.configuration.localType(of: $0) } }
    #expect(type("198.18.0.1") == .local)
    #expect(type("198.18.0.255") == .unicast)
    #expect(type("10.5.0.1") == .local)
    #expect(type("10.5.0.77") == .broadcast)
    #expect(type("10.5.0.255") == .broadcast)
    let packet = try #require(Packet(hex: "450000140000000040110000" + "0a0500010a050009"))
    let end = host.send(packet).disposition
    #expect(end == .discarded(.noRoute))
  }
}
