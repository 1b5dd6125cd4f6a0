// Neighbours in the flow language: what is written about them, and what a test says when one is not found.

@testable import FlowTesting
import NetfilterModel
import Simulator
import Testing

@Suite struct FlowNeighbourTests {
  static let setup = """
    iface wan 2001:db8:1::1/64 mac 02:00:00:00:10:01
    iface lan 2001:db8:2::1/64 mac 02:00:00:00:20:01
    route default via 2001:db8:1::fe dev wan
    sysctl net.ipv6.conf.all.forwarding = 1
    rules v6 gw.rules

    """
  static let dropping = "*filter\n:INPUT DROP\n-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT\nCOMMIT\n"
  static let open = "*filter\n:FORWARD ACCEPT\nCOMMIT\n"

  func failures(_ text: String, rules: String) -> [String] {
    let suite = FlowSuite(Self.setup + text, file: "gw.flow") { $0 == "gw.rules" ? rules : nil }
    #expect(suite.isRunnable, "\(DiagnosticRenderer().render(suite.diagnostics))")
    return suite.tests.compactMap { if case .failed(let failure) = suite.run($0) { "\(failure)" } else { nil } }
  }

  @Test(arguments: [
    (open, "local udp [2001:db8:1::1]:5 > [2001:db8:9::9]:53 => send out wan"),
    (open, "in on lan udp [2001:db8:2::7]:5 > [2001:db8:9::9]:53 => forward out wan"),
    (open, "in on wan udp [2001:db8:9::9]:5 > [2001:db8:2::dead]:53 => drop because no-neighbour"),
    (open, "in on wan udp [2001:db8:9::9]:5 > [2001:db8:2::d]:53 => forward out lan"),
    (dropping, "local udp [2001:db8:1::1]:5 > [2001:db8:9::9]:53 => drop because no-neighbour"),
    (dropping, "in on wan udp [2001:db8:9::9]:5 > [2001:db8:2::d]:53 => forward out lan"),
    (dropping, "in on wan udp [2001:db8:9::9]:5 > [2001:db8:2::7]:53 => drop because no-neighbour"),
    // `reply` answers the packet, not the solicitation before it.
    (
      open,
      "in on lan udp [2001:db8:2::7]:5 > [2001:db8:9::9]:53 => forward out wan\nreply => forward out lan as [2001:db8:9::9]:53 > [2001:db8:2::7]:5"
    ),
    (open, "local udp [2001:db8:1::1]:5 > [2001:db8:9::9]:53 => send out wan\nreply => deliver"),
  ])
  func endsOfPackets(_ rules: String, _ steps: String) {
    let neighbours =
      "neighbour 2001:db8:2::dead dev lan none\nneighbour 2001:db8:2::d dev lan lladdr 02:00:00:00:00:0d nud permanent\n"
    #expect(failures(neighbours + "test \"t\"\n\(steps)\nend\n", rules: rules) == [])
  }

  @Test func theRuleIsNamedThatDroppedTheAdvertisement() throws {
    let text = "test \"t\"\nlocal udp [2001:db8:1::1]:5 > [2001:db8:9::9]:53 => send out wan\nend\n"
    let suite = FlowSuite(Self.setup + text, file: "gw.flow") { $0 == "gw.rules" ? Self.dropping : nil }
    guard let test = suite.tests.first, case .failed(let failure) = suite.run(test) else {
      Issue.record("the test passed")
      return
    }
    let decided = try #require(failure.explanation.decidedBy)
    #expect(decided.text == "filter/INPUT policy DROP")
    #expect(decided.location == "gw.rules:2")
    #expect(
      decided.note
        == "2001:db8:1::fe on wan is not found (asked 3 times): its advertisement was dropped by filter/INPUT policy")
  }

  /// An Ethernet interface has the link-local address that the kernel would give it, unless one is written or imported.
  @Test(arguments: [
    ("iface a 2001:db8::1/64 mac 02:00:00:00:10:01", "fe80::ff:fe00:1001"),
    ("iface a 2001:db8::1/64 mac 00:1a:2b:3c:4d:5e", "fe80::21a:2bff:fe3c:4d5e"),
    ("iface a 2001:db8::1/64 fe80::5/64 mac 02:00:00:00:10:01", "fe80::5"),
    ("iface a 2001:db8::1/64", nil), ("iface a 192.0.2.1/24 mac 02:00:00:00:10:01", nil),
    ("iface a 2001:db8::1/64 mac 02:00:00:00:10:01 down", nil),
  ])
  func linkLocalAddresses(_ line: String, _ expected: String?) throws {
    let host = try #require(HostText.describe(line + "\n", file: "h.flow") { _ in nil }.host)
    let own = host.interface("a")?.addresses.map(\.address).filter(\.isLinkLocal) ?? []
    #expect(own == [expected.flatMap { IPAddress($0) }].compactMap { $0 })
  }

  @Test func importedAddressesAreAllThereIs() throws {
    let output = """
      2: a: <UP> mtu 1500
          link/ether 02:00:00:00:10:01 brd ff:ff:ff:ff:ff:ff
          inet6 2001:db8::1/64 scope global

      """
    let host = try #require(HostText.describe("import addr a.txt\n", file: "h.flow") { _ in output }.host)
    #expect(host.interface("a")?.mac != nil && host.interface("a")?.addresses.count == 1)
  }

  @Test(arguments: [
    ("neighbour 2001:db8:2::5 dev lan", "6:11: error: what is known of the neighbour is missing"),
    ("neighbour 192.0.2.5 dev lan none", "6:11: error: `192.0.2.5` is not the IPv6 address of a neighbour"),
    ("neighbour 2001:db8:2::5 dev lam none", "6:1: error: there is no interface `lam`"),
    ("neighbour", "6:10: error: an address, `dev`, an interface"),
    ("neighbor x", "6:1: error: `neighbor` is not a keyword"),
  ])
  func linesThatAreWrong(_ line: String, _ expected: String) {
    let described = HostText.describe(Self.setup + line + "\n", file: "h.flow") {
      $0 == "gw.rules" ? Self.open : nil
    }
    let text = DiagnosticRenderer().render(described.diagnostics)
    #expect(text.hasPrefix("h.flow:" + expected), "\(text)")
  }
}
