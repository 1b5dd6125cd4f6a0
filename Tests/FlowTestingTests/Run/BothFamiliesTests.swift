// Tests of hosts with both families, in one file.

@testable import FlowTesting
import NetfilterModel
import Simulator
import Testing

@Suite struct BothFamiliesTests {
  static let rules4 = """
    *filter
    :INPUT DROP [0:0]
    -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
    -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
    -A INPUT -p udp -j REJECT --reject-with icmp-host-unreachable
    COMMIT

    """
  static let rules6 = """
    *nat
    -A PREROUTING -i wan -p tcp -m tcp --dport 443 -j DNAT --to-destination [2001:db8:1::10]:8443
    COMMIT
    *filter
    :INPUT DROP [0:0]
    :FORWARD DROP [0:0]
    -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
    -A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type neighbour-solicitation -m hl --hl-eq 255 -j ACCEPT
    -A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type neighbour-advertisement -j ACCEPT
    -A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type echo-request -j ACCEPT
    -A INPUT -m rt --rt-type 0 -j DROP
    -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
    -A INPUT -p udp -j REJECT --reject-with icmp6-adm-prohibited
    -A INPUT -p tcp -j REJECT --reject-with tcp-reset
    -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
    -A FORWARD -d 2001:db8:1::10/128 -p tcp -m tcp --dport 8443 -j ACCEPT
    COMMIT

    """
  static let host = """
    iface wan 203.0.113.2/24 2001:db8::2/64 fe80::2/64 mac 02:00:00:00:00:02
    iface lan 2001:db8:1::1/64 fe80::1/64
    route default via fe80::1 dev wan
    sysctl net.ipv6.conf.all.forwarding = 1
    rules v4 r4
    rules v6 r6
    let server = 2001:db8:1::10

    """
  static let files = ["r4": rules4, "r6": rules6, "empty": "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n"]

  func outcome(_ steps: String) -> String {
    let suite = FlowSuite(Self.host + "test \"t\"\n\(steps)\nend\n", file: "f.flow") { Self.files[$0] }
    guard let test = suite.tests.first, suite.isRunnable else {
      return DiagnosticRenderer().render(suite.diagnostics)
    }
    switch suite.run(test) {
    case .passed: return "passed"
    case .failed(let failure): return failure.message
    default: return "?"
    }
  }

  @Test(arguments: [
    "in on wan tcp 198.51.100.7:1 > 203.0.113.2:22 => deliver\nin on wan tcp [2001:db8::7]:1 > [2001:db8::2]:22 => deliver",
    "in on wan udp 198.51.100.7:1 > 203.0.113.2:9 => reject with icmp-host-unreachable",
    "in on wan udp [2001:db8::7]:1 > [2001:db8::2]:9 => reject with icmp6-adm-prohibited",
    "in on wan udp [2001:db8::7]:1 > [2001:db8::2]:9 => reject with adm-prohibited at filter/INPUT#7",
    "in on wan tcp [2001:db8::7]:1 > [2001:db8::2]:9 => reject with tcp-reset",
    "in on wan tcp [2001:db8::7]:1 > [2001:db8::2]:9 rt=0,0 => drop at filter/INPUT#5",
    // Port forwarding, and the answer that the server gives.
    """
    in on wan tcp [2001:db8::7]:5 > [2001:db8::2]:443 => forward out lan as [2001:db8::7]:5 > [$server]:8443 state NEW
    reply => forward out wan as [2001:db8::2]:443 > [2001:db8::7]:5 state ESTABLISHED
    again [.] data=x => forward out wan
    """,
    // A router on the way says that the packet is too large; IPv4's answer names what the far end saw.
    """
    in on lan tcp [2001:db8:1::10]:5 > [2001:db8:9::1]:80 => drop
    in on wan tcp [2001:db8:9::1]:5 > [2001:db8::2]:443 => forward out lan
    in on lan icmp6 packet-too-big 2001:db8:1::10 > 2001:db8:9::1 mtu=1300 quote => forward out wan state RELATED
    """,
    """
    local udp 203.0.113.2:5 > 203.0.113.9:53 => send out wan
    in on wan icmp fragmentation-needed 198.51.100.9 > 203.0.113.2 mtu=1300 quote => deliver state RELATED
    """,
    // A neighbour asks, and the host's answer leaves.
    """
    in on wan icmp6 neighbour-solicitation fe80::7%wan > ff02::1:ff00:2 target=fe80::2 => deliver state UNTRACKED
    reply => send out wan as fe80::2 > fe80::7
    """,
    "in on wan icmp6 neighbour-solicitation fe80::7 > ff02::1:ff00:2 target=fe80::2 hl=64 => drop at filter/INPUT policy",
    """
    in on wan icmp6 2001:db8::7 > 2001:db8::2 => deliver
    reply => send out wan
    again => send out wan state ESTABLISHED
    """,
    "local udp [fe80::2%wan]:5 > [fe80::7%wan]:53 => send out wan\nreply => deliver as [fe80::7]:53 > [fe80::2]:5",
    "local udp [2001:db8::2]:5 > [2001:db9::7]:53 => send out wan\nreply => deliver\nflush conntrack\n"
      + "in on wan udp [2001:db9::7]:53 > [2001:db8::2]:5 => reject",
    "load rules v6 empty\nin on wan tcp [2001:db8::7]:1 > [2001:db8::2]:9 => deliver\n"
      + "in on wan tcp 198.51.100.7:1 > 203.0.113.2:9 => drop",
    // Both links have the network fe80::/64.
    "local icmp6 fe80::2%wan > fe80::9%wan => send out wan\nlocal icmp6 fe80::1%lan > fe80::9%lan => send out lan",
    // Two pieces of one packet, with extension headers.
    """
    in on wan tcp [2001:db8::7]:1 > [2001:db8::2]:22 dst frag=0+ ipid=7 data=1234 => held
    again frag=24 ipid=7 data=56 => deliver
    """,
  ]) func passes(_ steps: String) { #expect(outcome(steps) == "passed") }

  @Test(arguments: [
    (
      "in on wan udp 198.51.100.7:1 > 203.0.113.2:9 => reject with icmp6-adm-prohibited",
      "expected reject with icmp6-adm-prohibited, got reject with icmp-host-unreachable"
    ),
    (
      "in on wan udp [2001:db8::7]:1 > [2001:db8::2]:9 => reject with icmp-host-unreachable",
      "expected reject with icmp-host-unreachable, got reject with icmp6-adm-prohibited"
    ),
    (
      "in on wan tcp [2001:db8::7]:5 > [2001:db8::2]:443 => forward as [2001:db8::7]:5 > [$server]:443",
      "expected as [2001:db8::7]:5 > [$server]:443, got as [2001:db8::7]:5 > [2001:db8:1::10]:8443"
    ),
    (
      "in on wan udp [2001:db8::7]:1 > [2001:db8::2]:9\nreply df=1 => deliver",
      "the last packet did not arrive anywhere, so nothing answers it"
    ),
    (
      "in on wan icmp6 2001:db8::7 > 2001:db8::2\nreply df=1 => deliver",
      "an IPv6 packet has no `df`: routers never fragment it"
    ),
    ("in on wan tcp 198.51.100.7:1 > 203.0.113.2:22\nreply hbh => deliver", "an IPv4 packet has no extension headers"),
    ("in on wan icmp6 2001:db8::7 > 2001:db8::2\nagain mtu=9 => deliver", "only `icmp6 packet-too-big` and"),
    (
      "in on wan icmp6 2/0 2001:db8::7 > 2001:db8::2 quote => deliver",
      "there is no packet yet that the error could quote"
    ),
    (
      "in on wan tcp [2001:db8::7]:1 > [2001:db8::2]:9\nin on wan icmp6 2 2001:db8::7 > 2001:db8::2 quote => deliver",
      "the last packet did not arrive anywhere, so no error quotes it"
    ),
    (
      "in on wan tcp 198.51.100.7:1 > 203.0.113.2:22\nin on wan icmp6 2 2001:db8::7 > 2001:db8::2 quote => deliver",
      "the last packet is of the other family"
    ),
    (
      "local udp [fe80::2%wann]:5 > [fe80::7]:53 => send",
      "f.flow:9:1: error: there is no interface `wann` [unknown-interface]"
    ),
    ("in on wan icmp6 135 2001:db8::7 > 2001:db8::2\nagain => deliver", "passed"),
    (
      "in on wan icmp6 port-unreachable 2001:db8::7 > 2001:db8::2\nreply => deliver",
      "the last packet did not arrive anywhere"
    ),
  ]) func fails(_ steps: String, _ message: String) {
    #expect(outcome(steps).hasPrefix(message), "\(outcome(steps))")
  }

  @Test func aHostTakesIPv6AsText() throws {
    var host = try #require(HostText.describe(Self.host, file: "h.flow") { Self.files[$0] }.host)
    let first = try host.walk("in on wan tcp [2001:db8::7]:5000 > [2001:db8::2]:443")
    #expect(first.verdict == .forward("lan"))
    let reply = try host.walk("reply")
    #expect(reply.verdict == .forward("wan"))
    let refused = try host.walk("in on wan udp [2001:db8::7]:1 > [2001:db8::2]:9")
    #expect(refused.verdict == .reject(ExpectedAnswer(name: "icmp6-adm-prohibited")))
    #expect(refused.verdict == .reject(ExpectedAnswer(.unreachable(code: 1), .ipv6)))
    #expect(refused.verdict != .reject(ExpectedAnswer(.unreachable(code: 1), .ipv4)))
    #expect(refused.verdict != .reject(ExpectedAnswer(name: "icmp6-port-unreachable")))
    let again = try host.walk("again")
    #expect(again.verdict == .reject(nil))
    #expect(throws: FlowError.self) { try host.walk("local icmp6 ::1 > fe80::7") }
  }

  /// Packets that say themselves where they go need no host.
  @Test(arguments: [
    ("in on wan tcp [2001:db8::7]:5 > [2001:db8::2]:22 deliver", "deliver"),
    ("in on wan tcp [2001:db8::7]:5 > [2001:db9::2]:22 forward out lan", "forward"),
    ("local tcp [2001:db8::7]:5 > [2001:db9::2]:22 out wan", "send"),
    ("local tcp [fe80::7]:5 > [fe80::2]:22 out wan", "send"),
    ("in on wan icmp6 fe80::7 > fe80::2%wan deliver", "deliver"),
    ("in on wan icmp6 neighbour-solicitation fe80::7 > ff02::1:ff00:2 target=fe80::2 deliver", "deliver"),
    ("in on wan icmp6 mld-query fe80::7 > ff02::1 deliver", "deliver"),
  ])
  func anAssumedHostDoesWhatThePacketSays(_ text: String, _ verdict: String) throws {
    guard case .packet(let flow) = try PacketText.step(text).action else { return }
    let assumed = try #require(AssumedHost(for: [flow]))
    var host = assumed.host
    var input: InterfaceName?
    if case .arrival(let name) = flow.origin { input = name }
    let end = host.walk(flow.wholePacket, input: input)
    switch (verdict, end) {
    case ("deliver", .delivered), ("forward", .forwarded("lan")), ("send", .sent("wan")): break
    default: Issue.record("\(end): \(assumed.assumptions)")
    }
  }

  @Test func whatIsAssumedNamesTheFamily() throws {
    let flows = try [
      "in on wan tcp [2001:db8::7]:5 > [2001:db9::2]:22 forward out lan", "in on wan icmp 1.2.3.4 > 1.1.1.1 deliver",
    ]
    .compactMap { text -> FlowPacket? in
      if case .packet(let flow) = try PacketText.step(text).action { flow } else { nil }
    }
    let six = try #require(AssumedHost(for: Array(flows[..<1]))).assumptions
    #expect(six.contains("net.ipv6.conf.all.forwarding = 1") && !six.contains("net.ipv4.ip_forward = 1"), "\(six)")
    #expect(
      six.contains("wan has the address 2001:db8:ffff::1") && six.contains("everything else is reached through lan"))
    let both = try #require(AssumedHost(for: flows)).assumptions
    #expect(both.contains("everything else of IPv4 is reached through lan"), "\(both)")
    #expect(both.contains("everything else of IPv6 is reached through lan") && both.contains("net.ipv4.ip_forward = 1"))
  }
}
