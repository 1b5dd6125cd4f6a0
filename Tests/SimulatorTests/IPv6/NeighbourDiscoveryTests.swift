// Neighbour discovery on Ethernet, where no kernel is needed to say what must be: who belongs to whom, what is not known, what
// is bounded. What a kernel did is in Fixtures/random/neighbours.jsonl.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct NeighbourDiscoveryTests {
  static let own = IPAddress("2001:db8:1::1") ?? .any(.ipv6)
  static let near = IPAddress("2001:db8:1::9") ?? .any(.ipv6)
  static let far = IPAddress("2001:db8:2::9") ?? .any(.ipv6)
  static let open = "*filter\nCOMMIT\n"

  static func router(_ rules: String = open, settings: [String: String] = [:]) throws -> LinuxHost {
    var host = LinuxHost(name: "router")
    for (name, mac, network) in [("eth0", UInt8(0x10), "1"), ("eth1", 0x20, "2")] {
      host.addInterface(Interface(InterfaceName(name), mac: [2, 0, 0, 0, mac, 1]))
      try host.addAddress("2001:db8:\(network)::1/64", to: InterfaceName(name))
      try host.addAddress("fe80::\(network)/64", to: InterfaceName(name))
    }
    try host.setSysctl("net.ipv6.conf.all.forwarding", "1")
    for (key, value) in settings { try host.setSysctl(key, value) }
    try host.load(Ruleset(parsing: rules, file: "r", family: .ipv6))
    return host
  }

  static func udp(_ source: IPAddress, _ destination: IPAddress, size: Int = 8) -> Packet {
    var segment = UDPHeader.make(sourcePort: 4000, destinationPort: 53, payloadLength: size)
    segment += [UInt8](repeating: 1, count: size)
    TransportChecksum.update(&segment, from: 0, .udp, source: source, destination: destination)
    return Packet(
      bytes: IPv6Header.make(
        payloadLength: segment.count, nextHeader: .udp, hopLimit: 64, source: source, destination: destination)
        + segment)
  }

  @Test func theSearchBelongsToThePacketThatWaits() throws {
    var host = try Self.router()
    let walk = host.send(Self.udp(Self.own, Self.near))
    #expect(
      PacketIdentityTests.packets(walk) == [
        "0 sent 2001:db8:1::1 > 2001:db8:1::9", "1 of 0 discovery 2001:db8:1::1 > ff02::1:ff00:9",
        "2 of 1 received 2001:db8:1::9 > 2001:db8:1::1",
      ])
    #expect(PacketIdentityTests.isWhole(walk))
    #expect(walk.disposition == .sent("eth0"))
    #expect(walk.emitted.map(\.packet.bytes.count) == [72, 56])
    // It is known from then on, and on no copy that was made before.
    #expect(PacketIdentityTests.packets(host.send(Self.udp(Self.own, Self.near))).count == 1)
  }

  @Test func aCopyKnowsItsOwnNeighbours() throws {
    var host = try Self.router()
    var copy = host
    host.walk(Self.udp(Self.own, Self.near), input: nil)
    #expect(host != copy)
    #expect(PacketIdentityTests.packets(copy.send(Self.udp(Self.own, Self.near))).count == 3)
    copy.state.icmpLimiter = host.state.icmpLimiter
    #expect(host.state.neighbours == copy.state.neighbours)
  }

  @Test func allObserversSeeTheSameEnd() throws {
    for rules in [Self.open, "*filter\n-A INPUT -p icmpv6 -j DROP\nCOMMIT\n"] {
      let host = try Self.router(rules)
      var (first, second, third) = (host, host, host)
      let packet = Self.udp(Self.own, Self.near)
      let silent = first.walk(packet, input: nil)
      #expect(second.record(packet, input: nil).disposition == silent)
      #expect(third.follow(packet, input: nil).passage.end == silent)
      #expect(first == second && second == third)
      #expect(silent == (rules == Self.open ? .sent("eth0") : .discarded(.noNeighbour)))
    }
  }

  @Test func whatIsDroppedIsNamed() throws {
    var host = try Self.router("*filter\n-A INPUT -p icmpv6 --icmpv6-type 136 -j DROP\nCOMMIT\n")
    let walk = host.receive(Self.udp(Self.near, Self.far), on: "eth0")
    #expect(walk.disposition == .discarded(.noNeighbour))
    let outcomes = walk.steps.compactMap { step -> NeighbourOutcome? in
      if case .neighbour(let outcome) = step.event, step.packet.number == 0 { outcome } else { nil }
    }
    #expect(outcomes.count == 1)
    let outcome = try #require(outcomes.first)
    #expect(outcome.address == Self.far && outcome.device == "eth1" && outcome.solicitations == 3)
    #expect(outcome.place?.shortText == "filter/INPUT#1")
    #expect(
      outcome.text
        == "2001:db8:2::9 on eth1 is not found (asked 3 times): its advertisement was dropped by filter/INPUT#1")
    #expect(PacketIdentityTests.isWhole(walk))
  }

  @Test(arguments: [
    ("net.ipv6.neigh.eth0.mcast_solicit", "0", 0), ("net.ipv6.neigh.eth0.mcast_solicit", "1", 1),
    ("net.ipv6.neigh.eth0.mcast_solicit", "5", 5), ("net.ipv6.neigh.eth0.mcast_solicit", "2147483647", 100),
  ])
  func howOftenIsASetting(_ key: String, _ value: String, _ count: Int) throws {
    var host = try Self.router(settings: [key: value])
    try host.addNeighbour("\(Self.near) dev eth0 none")
    let walk = host.send(Self.udp(Self.own, Self.near))
    #expect(walk.emitted.count == count)
    #expect(walk.disposition == .discarded(.noNeighbour))
    // Without a question nobody is told.
    let answers = PacketIdentityTests.packets(walk).filter { $0.contains("answer") }
    #expect(answers.count == (count == 0 ? 0 : 1))
  }

  @Test func aWalkThatSearchesTooMuchIsUnknown() throws {
    var host = try Self.router(settings: ["net.ipv6.neigh.eth0.mcast_solicit": "90"])
    try host.addNeighbour("\(Self.near) dev eth0 none")
    host.limits.consequences = 20
    let walk = host.send(Self.udp(Self.own, Self.near))
    guard case .unknown(_, let reason) = walk.disposition else {
      Issue.record("\(walk.disposition)")
      return
    }
    #expect(reason.contains("more than 20 packets"))
    #expect(PacketIdentityTests.isWhole(walk))
    // Nothing of it waits for the next packet.
    #expect(host.send(Self.udp(Self.own, Self.own)).disposition == .sent(.loopback))
  }

  @Test(arguments: ["-A OUTPUT -p icmpv6 --icmpv6-type 135", "-A INPUT -p icmpv6 --icmpv6-type 136"])
  func whatTheQueueDecidesIsUnknown(_ rule: String) throws {
    var host = try Self.router("*filter\n\(rule) -j NFQUEUE\nCOMMIT\n")
    let walk = host.send(Self.udp(Self.own, Self.near))
    guard case .unknown(let place, let reason) = walk.disposition else {
      Issue.record("\(walk.disposition)")
      return
    }
    #expect(place?.number == 1 && reason.contains("went to a user-space queue"))
    #expect(PacketIdentityTests.isWhole(walk))
  }

  @Test func chanceOnTheWayIsUnknown() throws {
    var host = try Self.router(
      "*filter\n-A INPUT -p icmpv6 -m statistic --mode random --probability 0.5 -j DROP\nCOMMIT\n")
    let walk = host.send(Self.udp(Self.own, Self.near))
    guard case .unknown(let place, _) = walk.disposition else {
      Issue.record("\(walk.disposition)")
      return
    }
    #expect(place?.chain == "INPUT")
  }

  /// Each piece that waits is complained about, and the neighbour is asked for as if it were one packet.
  @Test func piecesWaitTogether() throws {
    var host = try Self.router("*filter\n-A FORWARD -m conntrack --ctstate NEW\nCOMMIT\n")
    try host.addNeighbour("\(Self.far) dev eth1 none")
    try host.addNeighbour("\(Self.near) dev eth0 lladdr 02:00:00:00:00:09")
    let whole = Self.udp(Self.near, Self.far, size: 2000)
    let pieces = IPv6Fragmenter.fragment(whole.bytes, mtu: 1280, origin: nil, identification: 7)
    #expect(pieces.count == 2)
    _ = host.receive(Packet(bytes: pieces[0]), on: "eth0")
    let walk = host.receive(Packet(bytes: pieces[1]), on: "eth0")
    #expect(walk.disposition == .discarded(.noNeighbour))
    let packets = PacketIdentityTests.packets(walk)
    #expect(packets.filter { $0.contains("discovery") }.count == 3)
    #expect(packets.filter { $0.contains("answer") }.count == 2)
    #expect(PacketIdentityTests.isWhole(walk))
  }

  @Test func nothingIsAskedForOnTunnelsAndLoopback() throws {
    var host = LinuxHost()
    try host.addAddress("2001:db8:1::1/64", to: "tun0")
    try host.load(Ruleset(parsing: Self.open, file: "r", family: .ipv6))
    #expect(PacketIdentityTests.packets(host.send(Self.udp(Self.own, Self.near))).count == 1)
    #expect(host.send(Self.udp(Self.own, Self.own)).disposition == .sent(.loopback))
  }

  @Test(arguments: [
    ("", "address is missing"), ("2001:db8::5", "the interface is missing"), ("x dev eth0 none", "is not an address"),
    ("2001:db8::5 dev eth0", "is missing"), ("2001:db8::5 dev eth0 some", "neither `none` nor `lladdr`"),
    ("2001:db8::5 dev eth0 none more", "`more` is not expected"), ("2001:db8::5 dev", "`dev` needs a value"),
    ("192.0.2.5 dev eth0 none", "not the IPv6 address"), ("ff02::1 dev eth0 none", "not the IPv6 address"),
    (":: dev eth0 none", "not the IPv6 address"), ("2001:db8::5 dev eth0 lladdr", "`lladdr` needs a value"),
    ("2001:db8::5 dev eth0 lladdr 02:00", "not an Ethernet address"),
    ("2001:db8::5 dev eth7 none", "no interface `eth7`"),
    ("2001:db8::5 dev eth0 lladdr 02:00:00:00:00:01 nud stale", "`nud` of a neighbour is not simulated"),
    ("2001:db8::5 dev lo none", "`lo` has no Ethernet address"), ("2001:db8::5 dev a/b none", "cannot be the name"),
  ])
  func wordsOfNeighbours(_ text: String, _ message: String) throws {
    var host = try Self.router()
    do {
      try host.addNeighbour(text)
      Issue.record("`\(text)` was taken")
    } catch {
      #expect(error.description.contains(message), "\(error.description)")
    }
  }

  /// No bytes trap, and what is cut off or changed never teaches the host a neighbour that the whole message would not.
  @Test func noBytesTrap() throws {
    let host = try Self.router()
    let mac: [UInt8] = [2, 0, 0, 0, 0, 9]
    let whole = ICMPv6Answers.packet(
      NeighbourHeader.make(.neighbourSolicitation, target: Self.own, .source, mac: mac), source: Self.near,
      destination: Self.own, hopLimit: 255)
    for length in 0...whole.count {
      var bytes = Array(whole.prefix(length))
      IPv6Header.setPayloadLength(UInt16(max(0, length - 40)), in: &bytes, at: 0)
      var copy = host
      copy.walk(Packet(bytes: bytes), input: "eth0")
      #expect((copy.state.neighbours[Neighbour(address: Self.near, device: "eth0")] != nil) == (length == whole.count))
    }
    for place in 40..<whole.count {
      for value in [UInt8(0), 1, 127, 255] {
        var bytes = whole
        bytes[place] = value
        for start in 0...bytes.count {
          if let header = IPHeader(bytes) { _ = NeighbourDiscovery(bytes, header, at: start) }
        }
      }
    }
  }
}
