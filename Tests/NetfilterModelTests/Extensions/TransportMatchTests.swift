// What tcp, udp, icmp and multiport do with fragments and truncated headers, and how options are listed.

import Testing

@testable import NetfilterModel

@Suite struct TransportMatchTests {
  static let tcp: [UInt8] = [0, 22, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0x02, 0, 0, 0, 0, 0, 0]
  static func tcp(dataOffset: UInt8, options: [UInt8] = []) -> [UInt8] {
    var bytes = tcp + options
    bytes[12] = dataOffset << 4
    return bytes
  }

  static let cases: [(match: String, number: UInt8, fragment: UInt16, payload: [UInt8], outcome: ConditionResult)] = [
    ("-p tcp -m tcp --sport 22", 6, 0, tcp, .holds),
    ("-p tcp -m tcp --sport 22", 6, 0x2000, tcp, .holds),
    ("-p tcp -m tcp --sport 22", 6, 1, tcp, .drops),
    ("-p tcp -m tcp --sport 22", 6, 2, tcp, .fails),
    ("-p tcp -m tcp ! --sport 22", 6, 2, tcp, .fails),
    ("-p tcp -m tcp --sport 22", 6, 0, Array(tcp.prefix(19)), .drops),
    ("-p tcp -m tcp --tcp-option 2", 6, 0, tcp(dataOffset: 4), .drops),
    ("-p tcp -m tcp ! --tcp-option 2", 6, 0, tcp(dataOffset: 5), .holds),
    ("-p tcp -m tcp --tcp-option 2", 6, 0, tcp(dataOffset: 6), .drops),
    ("-p tcp -m tcp --tcp-option 2", 6, 0, tcp(dataOffset: 6, options: [1, 1, 2, 0]), .holds),
    ("-p tcp -m tcp --tcp-option 2", 6, 0, tcp(dataOffset: 6, options: [5, 4, 2, 0]), .fails),
    ("-p tcp -m tcp --tcp-option 9 --sport 1", 6, 0, tcp(dataOffset: 4), .fails),
    ("-p udp -m udp --sport 1000", 17, 0, [3, 0xe8, 0, 53, 0, 8, 0, 0], .holds),
    ("-p udp -m udp --dport 54:52", 17, 0, [3, 0xe8, 0, 53, 0, 8, 0, 0], .fails),
    ("-p udp -m udp ! --dport 54:52", 17, 0, [3, 0xe8, 0, 53, 0, 8, 0, 0], .holds),
    ("-p udp -m udp --sport 1000", 17, 1, [3, 0xe8, 0, 53, 0, 8, 0, 0], .fails),
    ("-p udp -m udp --sport 1000", 17, 0, [3, 0xe8, 0, 53, 0, 8, 0], .drops),
    ("-p icmp -m icmp --icmp-type any", 1, 0, [13, 0, 0, 0, 0, 0, 0, 0], .holds),
    ("-p icmp -m icmp ! --icmp-type any", 1, 0, [13, 0, 0, 0, 0, 0, 0, 0], .fails),
    ("-p icmp -m icmp --icmp-type any", 1, 0, [13, 0, 0, 0, 0, 0, 0], .drops),
    ("-p icmp -m icmp --icmp-type any", 1, 1, [13, 0, 0, 0, 0, 0, 0, 0], .fails),
    ("-p icmp -m icmp --icmp-type 3/1", 1, 0, [3, 1, 0, 0, 0, 0, 0, 0], .holds),
    ("-p icmp -m icmp --icmp-type 3/1", 1, 0, [3, 2, 0, 0, 0, 0, 0, 0], .fails),
    ("-p udp -m multiport --ports 1,50:60", 17, 0, [3, 0xe8, 0, 53], .holds),
    ("-p udp -m multiport --sports 1,50:60", 17, 0, [3, 0xe8, 0, 53], .fails),
    ("-p udp -m multiport ! --sports 1,50:60", 17, 1, [3, 0xe8, 0, 53], .fails),
    ("-p udp -m multiport --sports 1", 17, 0, [3, 0xe8, 0], .drops),
  ]

  static func match(_ options: String) throws -> Match {
    try #require(try MatchFixture.rule(options, chain: "INPUT").matches.first)
  }

  @Test(arguments: cases.indices) func looksAtHeadersAsTheKernelDoes(_ index: Int) throws {
    let example = Self.cases[index]
    let packet = try MatchFixture.packet(
      fragment: example.fragment, protocolNumber: example.number, payload: example.payload)
    var rule = try FixtureRule(example.match)
    #expect(rule.asks(packet) == example.outcome, "\(example.match)")
  }

  static let listings: [(options: String, names: String, numeric: String)] = [
    ("-p tcp --syn --dport ssh", "tcp dpt:ssh flags:FIN,SYN,RST,ACK/SYN", "tcp dpt:22 flags:0x17/0x02"),
    ("-p tcp -m tcp ! --tcp-flags NONE SYN", "tcp flags:!NONE/SYN", "tcp flags:!0x00/0x02"),
    ("-p tcp -m tcp ! --dport 0:65535", "tcp dpts:!0:65535", "tcp dpts:!0:65535"),
    ("-p udp --sport domain:100 ! --dport :5", "udp spts:domain:100 dpts:!0:5", "udp spts:53:100 dpts:!0:5"),
    ("-p icmp -m icmp ! --icmp-type 3/1", "icmp !host-unreachable", "icmp !type 3 code 1"),
    ("-p icmp -m icmp --icmp-type 8/0", "icmptype 8 code 0", "icmptype 8 code 0"),
    ("-p icmp -m icmp --icmp-type any", "icmp any", "icmptype 255"),
    (
      "-p tcp -m multiport ! --dports 80,443,1000:2000", "multiport dports  !http,https,1000:cisco-sccp",
      "multiport dports  !80,443,1000:2000"
    ),
    (
      "-m conntrack --ctstate NEW ! --ctorigsrc 0.0.0.0/0", "ctstate NEW ! ctorigsrc anywhere",
      "ctstate NEW ! ctorigsrc 0.0.0.0/0"
    ),
    ("-m state ! --state NEW", "! state NEW", "! state NEW"),
    ("-m mark ! --mark 1/0xff", "mark match ! 0x1/0xff", "mark match ! 0x1/0xff"),
    ("-m connmark --mark 1", "connmark match  0x1", "connmark match  0x1"),
    ("-m tos ! --tos Minimize-Delay", "tos match! Minimize-Delay", "tos match!0x10/0x3f"),
    ("-m mac ! --mac-source 0:1:2:A:B:C", "MAC ! 00:01:02:0a:0b:0c", "MAC ! 00:01:02:0a:0b:0c"),
    ("-m limit", "limit: avg 3/hour burst 5", "limit: avg 3/hour burst 5"),
    ("-m comment --comment \"a b\"", "/* a b */", "/* a b */"),
    (
      "-m addrtype ! --src-type LOCAL --limit-iface-in", "ADDRTYPE match src-type !LOCAL limit-in",
      "ADDRTYPE match src-type !LOCAL limit-in"
    ),
    ("-m iprange ! --src-range 1.1.1.1", "source IP range ! 1.1.1.1-1.1.1.1", "source IP range ! 1.1.1.1-1.1.1.1"),
    ("-m ttl ! --ttl-eq 5", "TTL match TTL != 5", "TTL match TTL != 5"),
    ("-m dscp ! --dscp-class EF", "DSCP match !0x2e", "DSCP match !0x2e"),
  ]

  @Test(arguments: listings.indices) func listsAsTheRealToolDoes(_ index: Int) throws {
    let match = try Self.match(Self.listings[index].options)
    #expect(match.listing(ListStyle(numeric: false)) == Self.listings[index].names)
    #expect(match.listing(ListStyle(numeric: true)) == Self.listings[index].numeric)
  }
}
