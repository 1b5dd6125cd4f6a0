// Why a rule did not match: exactly the conditions that fail, as the rule saw the packet, and asking changes nothing.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct RuleMissTests {
  static func host(_ rules: String) throws -> LinuxHost {
    var host = LinuxHost(name: "gateway")
    try host.addAddress("10.0.0.1/24", to: "eth0")
    try host.addAddress("192.168.1.1/24", to: "eth1")
    try host.setSysctl("net.ipv4.ip_forward", "1")
    try host.load(Ruleset(parsing: rules, file: "r"))
    return host
  }

  /// Why the rules did not match, in the order in which they were asked.
  static func misses(_ walk: Walk, on host: LinuxHost) -> [String] {
    let index = RuleIndex(host)
    var cursor = WalkCursor()
    return walk.steps.compactMap { step in
      cursor.take(step)
      guard case .ruleMissed(let place, let miss) = step.event else { return nil }
      return "\(place.chain)#\(place.number) " + miss.text(index.rule(place), cursor.position)
    }
  }

  /// Why a rule of FORWARD does not match a UDP packet from 10.0.0.2:4000 to 192.168.1.9:53.
  static func miss(_ rule: String, tables: String = "") throws -> String? {
    var host = try host("\(tables)*filter\n-A FORWARD \(rule)\nCOMMIT\n")
    let walk = host.receive(
      NATTests.udp(address(10, 0, 0, 2), 4000, address(192, 168, 1, 9), 53), on: "eth0")
    return misses(walk, on: host).last
  }

  @Test(arguments: [
    // Of a match with two options only the failing one is named.
    (
      "-m iprange --src-range 10.0.0.1-10.0.0.9 --dst-range 10.0.0.1-10.0.0.9 -j DROP",
      "failed only on --dst-range 10.0.0.1-10.0.0.9: the packet goes to 192.168.1.9"
    ),
    (
      "-m iprange --src-range 10.9.0.1-10.9.0.9 --dst-range 192.168.1.1-192.168.1.9 -j DROP",
      "failed only on --src-range 10.9.0.1-10.9.0.9: the packet is from 10.0.0.2"
    ),
    (
      "-m conntrack --ctstate NEW --ctorigdstport 5 -j DROP",
      "failed only on --ctorigdstport 5: the connection has 53"
    ),
    (
      "-m conntrack --ctstate ESTABLISHED --ctorigdstport 53", "failed only on --ctstate ESTABLISHED: the packet is NEW"
    ),
    // The rule sees the TTL after the host has counted it down.
    ("-m ttl --ttl-eq 64 -j DROP", "failed only on --ttl-eq 64: the packet has TTL 63"),
    ("-p udp --dport 53 -m ttl --ttl-gt 63", "failed only on --ttl-gt 63: the packet has TTL 63"),
    // Two that fail are both there, and neither is the only one.
    (
      "-s 10.0.0.7/32 -p udp --sport 4000 --dport 80",
      "failed on -s 10.0.0.7/32: the packet is from 10.0.0.2; --dport 80: the packet has 53"
    ),
    (
      "-i eth1 -p udp ! --dport 53 -j DROP",
      "failed on -i eth1: the packet came in on eth0; ! --dport 53: the packet has 53"
    ),
    (
      "-m mark --mark 1 -m geoip --src-cc KR",
      "failed on --mark 0x1: the packet has mark 0x0; undecided: -m geoip --src-cc KR"
    ),
  ])
  func exactlyWhatFailsIsNamed(_ rule: String, _ text: String) throws {
    #expect(try Self.miss(rule) == "FORWARD#1 \(text)")
  }

  @Test(arguments: [
    (
      "-p udp --dport 53",
      "failed only on --dport 53: the packet has 5353 (destination NAT changed the port from 53 to 5353)"
    ),
    // It would not have held before either: the translation is not to blame.
    ("-p udp --dport 54", "failed only on --dport 54: the packet has 5353"),
    (
      "-d 192.168.1.9/32",
      "failed only on -d 192.168.1.9/32: the packet goes to 192.168.1.10 (destination NAT changed the destination from "
        + "192.168.1.9 to 192.168.1.10)"
    ),
  ])
  func aTranslationThatMadeItFailIsNamed(_ rule: String, _ text: String) throws {
    let nat = "*nat\n-A PREROUTING -p udp -j DNAT --to-destination 192.168.1.10:5353\nCOMMIT\n"
    #expect(try Self.miss(rule, tables: nat) == "FORWARD#1 \(text)")
  }

  /// Rules of which each keeps a state, before and behind a condition that fails.
  static let stateful = [
    "-p udp --dport 80 -m limit --limit 1/min --limit-burst 1",
    "-m limit --limit 1/min --limit-burst 1 -m ttl --ttl-eq 1",
    "-m ttl --ttl-eq 1 -m recent --name a --update --seconds 60", "-m recent --name b --set -m ttl --ttl-eq 1",
    "-m ttl --ttl-eq 1 -m hashlimit --hashlimit-upto 1/min --hashlimit-burst 1 --hashlimit-name h",
    "-m ttl --ttl-eq 1 -m quota --quota 1000", "-m quota --quota 30 -m ttl --ttl-eq 1",
    "-m ttl --ttl-eq 1 -m statistic --mode nth --every 2 --packet 0",
    "-m statistic --mode nth --every 3 --packet 2 -m ttl --ttl-eq 1",
    "-m ttl --ttl-eq 1 -m statistic --mode random --probability 0.5",
  ]

  /// What a packet is asked behind the condition that fails leaves no trace: whoever watches, the host is the same.
  @Test(arguments: stateful) func askingChangesNothing(_ rule: String) throws {
    var silent = try Self.host("*filter\n-A FORWARD \(rule) -j DROP\n-A FORWARD \(rule) -j LOG\nCOMMIT\n")
    silent.seedRandom(7)
    var explained = silent
    let packet = NATTests.udp(address(10, 0, 0, 2), 4000, address(192, 168, 1, 9), 53)
    var missed = 0
    for _ in 0..<4 {
      silent.walk(packet, input: "eth0")
      let walk = explained.receive(packet, on: "eth0")
      missed += Self.misses(walk, on: explained).count
      #expect(walk.disposition == .forwarded("eth1"))
      #expect(explained == silent)
      silent.wait(nanoseconds: 1_000_000_000)
      explained.wait(nanoseconds: 1_000_000_000)
    }
    #expect(missed == 8)
  }

  /// The bucket of a limit behind a condition that fails stays full, and one that is empty is named as it was when it was asked.
  @Test func theLimitsBucketIsAsItWas() throws {
    let rules = "*filter\n-A FORWARD -p udp --dport 80 -m limit --limit 1/hour --limit-burst 1 -j DROP\nCOMMIT\n"
    var host = try Self.host(rules)
    let bucket = host.state.tables.ipv4[Int(TableKind.filter.rawValue)].states
    func receive(_ port: UInt16) -> Walk {
      host.receive(NATTests.udp(address(10, 0, 0, 2), 4000, address(192, 168, 1, 9), port), on: "eth0")
    }
    for _ in 0..<3 {
      let walk = receive(53)
      #expect(Self.misses(walk, on: host) == ["FORWARD#1 failed only on --dport 80: the packet has 53"])
    }
    #expect(host.state.tables.ipv4[Int(TableKind.filter.rawValue)].states == bucket)
    // The one packet that it lets through is still there; then it is used up.
    #expect(
      receive(80).disposition == .dropped(by: RulePlace(table: .filter, chain: "FORWARD", kind: .rule, number: 1)))
    var walk = receive(80)
    #expect(Self.misses(walk, on: host) == ["FORWARD#1 failed only on --limit 1/hour: the limit is used up"])
    walk = receive(53)
    #expect(
      Self.misses(walk, on: host) == [
        "FORWARD#1 failed on --dport 80: the packet has 53; --limit 1/hour: the limit is used up"
      ])
  }

  /// A limit that held is not held to be used up because the rule has asked it: the conditions are asked as the rule asked them.
  @Test func aStateIsAskedAsItWasBefore() throws {
    var host = try Self.host(
      "*filter\n-A FORWARD -m limit --limit 1/hour --limit-burst 1 -m ttl --ttl-eq 1 -j DROP\nCOMMIT\n")
    let packet = NATTests.udp(address(10, 0, 0, 2), 4000, address(192, 168, 1, 9), 53)
    var walk = host.receive(packet, on: "eth0")
    #expect(Self.misses(walk, on: host) == ["FORWARD#1 failed only on --ttl-eq 1: the packet has TTL 63"])
    walk = host.receive(packet, on: "eth0")
    #expect(
      Self.misses(walk, on: host) == [
        "FORWARD#1 failed on --limit 1/hour: the limit is used up; --ttl-eq 1: the packet has TTL 63"
      ])
  }
}
