// The groups of interfaces, as `iface` and saved output say them.

import FlowTesting
import NetfilterModel
import Simulator
import Testing

@Suite struct InterfaceGroupTests {
  static let link = """
    1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000
        link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc fq_codel state UP mode DEFAULT group 5 qlen 1000
        link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
    3: eth1@if4: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN mode DEFAULT group 4294967295 qlen 1000
        link/[1] 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff

    """

  private func host(_ text: String, link: String = InterfaceGroupTests.link) -> (LinuxHost?, [Diagnostic]) {
    let described = HostText.describe(text, file: "h.flow") { $0 == "link" ? link : nil }
    return (described.host, described.diagnostics)
  }

  @Test func savedOutputHasThem() throws {
    let host = try #require(host("iface eth0 192.0.2.1/24\nimport link link\n").0)
    let first = try #require(host.interface("eth0"))
    #expect(first.group == 5 && first.mtu == 1400 && first.addresses.count == 1)
    #expect(first.mac == [2, 0, 0, 0, 0, 1])
    let second = try #require(host.interface("eth1"))
    #expect(second.group == .max && !second.isUp && second.mac == [2, 0, 0, 0, 0, 2])
  }

  @Test func aNameThatTheHostGaveIsAsked() {
    let named = Self.link.replacing("group 5", with: "group uplinks")
    let problems = host("import link link\n", link: named).1
    #expect(problems.contains { $0.id == .badImport && $0.message.contains("`uplinks`") })
  }

  @Test func linesHaveThem() throws {
    let rules = "*filter\n-A INPUT -m devgroup --src-group 7 -j DROP\nCOMMIT\n"
    for (group, isDropped) in [("group 7", true), ("group 8", false), ("", false), ("group default", false)] {
      let text = "iface eth0 192.0.2.1/24 \(group)\n"
      var host = try #require(host(text).0)
      try host.load(try Ruleset(parsing: rules, file: "rules"))
      let walk = try host.walk("in on eth0 tcp 192.0.2.9:4000 > 192.0.2.1:22")
      #expect((walk.verdict != .deliver) == isDropped, "\(group)")
    }
  }

  @Test(arguments: ["group", "group x", "group -1", "group 4294967296", "group uplinks"])
  func whatIsNoGroupIsRefused(_ words: String) {
    #expect(host("iface eth0 192.0.2.1/24 \(words)\n").0 == nil)
  }
}
