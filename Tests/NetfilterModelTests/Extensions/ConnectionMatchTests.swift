// -m conntrack, state and connmark against what the kernel answered for eight packets of a scenario with NAT and NOTRACK.

import Testing

@testable import NetfilterModel

/// One packet of the scenario and the conditions that matched it in mangle FORWARD.
struct ConnectionCase: Sendable, CustomTestStringConvertible {
  var name: String
  var state: ConnectionState
  var status: ConnectionStatus?
  var isTranslated = false
  var isICMP = false
  var timeout: UInt64 = 30_000_000_000
  var matched: [String]
  var testDescription: String { name }
}

@Suite struct ConnectionMatchTests {
  static let conditions = [
    "--ctstate NEW", "--ctstate ESTABLISHED", "--ctstate RELATED", "--ctstate INVALID", "--ctstate UNTRACKED",
    "--ctstate SNAT", "--ctstate DNAT", "! --ctstate NEW", "! --ctstate SNAT", "! --ctstate INVALID --ctproto 17",
    "! --ctstate NEW --ctproto 17", "--ctproto 17", "! --ctproto 17", "--ctorigsrc 10.1.1.9", "! --ctorigsrc 10.1.1.9",
    "--ctorigdst 192.168.1.99", "--ctreplsrc 192.168.1.9", "--ctrepldst 192.168.1.1", "--ctorigsrcport 1000",
    "--ctorigdstport 53", "--ctreplsrcport 53", "--ctrepldstport 1000", "--ctdir ORIGINAL", "--ctdir REPLY",
    "--ctstatus NONE", "! --ctstatus NONE", "--ctstatus SEEN_REPLY", "--ctstatus CONFIRMED", "! --ctstatus CONFIRMED",
    "--ctexpire 0", "! --ctexpire 0", "--ctorigdstport 2048", "--ctstate NEW --ctdir REPLY", "connmark --mark 0",
    "connmark ! --mark 0", "state --state INVALID", "state --state UNTRACKED", "state ! --state UNTRACKED",
  ]

  static let udpPorts = ["--ctorigsrcport 1000", "--ctorigdstport 53", "--ctreplsrcport 53", "--ctrepldstport 1000"]
  static let translated =
    [
      "--ctproto 17", "--ctorigsrc 10.1.1.9", "--ctorigdst 192.168.1.99", "--ctreplsrc 192.168.1.9",
      "! --ctstate INVALID --ctproto 17", "! --ctstatus NONE", "connmark --mark 0", "state ! --state UNTRACKED",
    ] + udpPorts
  static let answered =
    translated + [
      "--ctstate SNAT", "--ctstate DNAT", "! --ctstate NEW", "! --ctstate NEW --ctproto 17", "--ctrepldst 192.168.1.1",
      "--ctstatus SEEN_REPLY", "--ctstatus CONFIRMED", "! --ctexpire 0",
    ]
  static let natStatus: ConnectionStatus = [
    .sourceNAT, .destinationNAT, .sourceNATDone, .destinationNATDone, .confirmed, .seenReply,
  ]

  static let cases: [ConnectionCase] = [
    ConnectionCase(
      name: "new, destination translated, not confirmed", state: .new, status: [.destinationNAT, .destinationNATDone],
      matched: translated + [
        "--ctstate NEW", "--ctstate DNAT", "! --ctstate SNAT", "--ctdir ORIGINAL", "! --ctstatus CONFIRMED",
        "--ctexpire 0",
      ]),
    ConnectionCase(
      name: "reply", state: .establishedReply, status: natStatus, isTranslated: true,
      matched: answered + ["--ctstate ESTABLISHED", "--ctdir REPLY"]),
    ConnectionCase(
      name: "original direction, answered", state: .established, status: natStatus, isTranslated: true,
      matched: answered + ["--ctstate ESTABLISHED", "--ctdir ORIGINAL"]),
    ConnectionCase(
      name: "ICMP error about it", state: .relatedReply, status: natStatus, isTranslated: true,
      matched: answered + ["--ctstate RELATED", "--ctdir REPLY"]),
    ConnectionCase(
      name: "TCP with SYN and FIN", state: .none,
      matched: [
        "--ctstate INVALID", "! --ctstate NEW", "! --ctstate SNAT", "! --ctstate NEW --ctproto 17",
        "state --state INVALID", "state ! --state UNTRACKED",
      ]),
    ConnectionCase(
      name: "not tracked", state: .untracked,
      matched: [
        "--ctstate UNTRACKED", "! --ctstate NEW", "! --ctstate SNAT", "! --ctstate INVALID --ctproto 17",
        "! --ctstate NEW --ctproto 17", "state --state UNTRACKED",
      ]),
    ConnectionCase(
      name: "ping, not confirmed", state: .new, status: [.sourceNATDone], isICMP: true,
      matched: [
        "--ctstate NEW", "! --ctstate SNAT", "! --ctproto 17", "! --ctorigsrc 10.1.1.9", "--ctreplsrc 192.168.1.9",
        "--ctdir ORIGINAL", "! --ctstatus NONE", "! --ctstatus CONFIRMED", "--ctexpire 0", "--ctorigdstport 2048",
        "connmark --mark 0", "state ! --state UNTRACKED",
      ]),
  ]

  static func connection(_ example: ConnectionCase) -> Connection? {
    guard let status = example.status else { return nil }
    let server = IPAddress.v4(0xc0a8_0109)
    let client = IPAddress.v4(example.isICMP ? 0x0a01_0105 : 0x0a01_0109)
    let number: ProtocolNumber = example.isICMP ? .icmp : .udp
    var connection = Connection(
      original: ConnectionTuple(
        source: client, destination: example.isICMP ? server : .v4(0xc0a8_0163), sourceKey: example.isICMP ? 7 : 1000,
        destinationKey: example.isICMP ? 8 << 8 : 53, protocolNumber: number),
      reply: ConnectionTuple(
        source: server, destination: example.isTranslated ? .v4(0xc0a8_0101) : client,
        sourceKey: example.isICMP ? 7 : 53, destinationKey: example.isICMP ? 0 : 1000, protocolNumber: number),
      serial: 1)
    connection.status = status
    connection.timeout = example.timeout
    return connection
  }

  @Test(arguments: cases) func matchesAsTheKernelDid(_ example: ConnectionCase) throws {
    var packet = try MatchFixture.packet()
    packet.state = example.state
    for condition in Self.conditions {
      let isBare = condition.hasPrefix("-") || condition.hasPrefix("!")
      var rule = try FixtureRule("-m " + (isBare ? "conntrack " : "") + condition)
      #expect(
        rule.asks(packet, connection: Self.connection(example)) == ConditionResult(example.matched.contains(condition)),
        "\(condition)")
    }
  }

  @Test func expiryCountsWholeSeconds() throws {
    let now: UInt64 = 5_000_000_000
    var example = Self.cases[1]
    for (timeout, seconds) in [(35_000_000_000, 30), (34_999_999_999, 29), (5_000_000_000, 0), (1, 0)]
      as [(UInt64, Int)]
    {
      example.timeout = timeout
      var packet = try MatchFixture.packet()
      packet.state = .established
      var exact = try FixtureRule("-m conntrack --ctexpire \(seconds)")
      #expect(exact.asks(packet, connection: Self.connection(example), now: now) == .holds)
      var other = try FixtureRule("-m conntrack ! --ctexpire \(seconds):\(seconds)")
      #expect(other.asks(packet, connection: Self.connection(example), now: now) == .fails)
    }
  }
}
