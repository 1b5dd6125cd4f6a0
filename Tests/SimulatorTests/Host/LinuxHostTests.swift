// A host is a value: a copy goes its own way, and two that have gone through the same are equal.

import NetfilterModel
import Testing

@testable import Simulator

/// Something that a host goes through, and the part of its state that it changes.
struct HostChange: CustomTestStringConvertible, Sendable {
  var testDescription: String
  /// What is done.
  var apply: @Sendable (inout LinuxHost) -> Void
  /// Whether the part that it is about is the same in both.
  var isSame: @Sendable (HostState, HostState) -> Bool

  init(
    _ name: String, _ apply: @escaping @Sendable (inout LinuxHost) -> Void,
    _ isSame: @escaping @Sendable (HostState, HostState) -> Bool
  ) {
    testDescription = name
    self.apply = apply
    self.isSame = isSame
  }

  /// A packet that comes in on eth0.
  static func packet(
    _ name: String, _ bytes: [UInt8], _ isSame: @escaping @Sendable (HostState, HostState) -> Bool
  ) -> HostChange {
    HostChange(name, { $0.walk(Packet(bytes: bytes), input: "eth0") }, isSame)
  }
}

@Suite struct LinuxHostTests {
  static let rules = """
    *nat
    -A POSTROUTING -o eth1 -j SNAT --to-source 198.51.100.1 --random-fully
    COMMIT
    *filter
    :INPUT DROP [0:0]
    -A INPUT -p udp --dport 53 -m limit --limit 1/min --limit-burst 2 -j ACCEPT
    -A INPUT -p udp --dport 54 -m recent --name seen --set -j ACCEPT
    -A INPUT -p udp --dport 55 -m hashlimit --hashlimit-upto 1/min --hashlimit-burst 1 --hashlimit-name h -j ACCEPT
    -A INPUT -p udp --dport 56 -m quota --quota 29 -j ACCEPT
    -A INPUT -p udp --dport 57 -m statistic --mode nth --every 2 --packet 0 -j ACCEPT
    -A INPUT -p udp -j REJECT
    COMMIT

    """

  static func host() throws -> LinuxHost {
    var host = LinuxHost(name: "h")
    try host.addAddress("192.0.2.9/24", to: "eth0")
    try host.addAddress("198.51.100.1/24", to: "eth1")
    try host.addRoute("10.0.0.0/8 dev eth0")
    try host.setSysctl("net.ipv4.ip_forward", "1")
    try host.load(Ruleset(parsing: rules, file: "r"))
    return host
  }

  /// A UDP packet from a client to a port of the host.
  static func udp(_ port: UInt16) -> [UInt8] {
    NATTests.udp(.v4(Make.client), 4000, .v4(Make.server), port).bytes
  }

  /// The states of the conditions of the filter table.
  static func conditions(_ state: HostState) -> [MatchState] {
    state.tables.ipv4[Int(TableKind.filter.rawValue)].states
  }

  static let changes: [HostChange] = [
    .packet("a limit", udp(53)) { conditions($0) == conditions($1) },
    .packet("a list of recent sources", udp(54)) { $0.memory == $1.memory },
    .packet("a table of hashlimit", udp(55)) { $0.memory == $1.memory },
    .packet("a quota", udp(56)) { conditions($0) == conditions($1) },
    .packet("every second packet", udp(57)) { conditions($0) == conditions($1) },
    .packet("a connection", udp(53)) { $0.connections == $1.connections },
    .packet("the counters", udp(99)) { $0.tables == $1.tables },
    .packet("the limit of ICMP errors", udp(99)) { $0.icmpLimiter == $1.icmpLimiter },
    .packet("fragments", Make.ip(Make.client, Make.server, 17, [UInt8](repeating: 1, count: 16), fragment: 0x2000)) {
      $0.fragments == $1.fragments
    },
    .packet("the sources of NAT", NATTests.udp(.v4(Make.client), 1, address(198, 51, 100, 7), 1).bytes) {
      $0.connections == $1.connections
    },
    .packet("chance", NATTests.udp(.v4(Make.client), 1, address(198, 51, 100, 7), 1).bytes) {
      $0.memory.random == $1.memory.random
    },
    HostChange(
      "the last identification",
      { $0.walk(Packet(bytes: Make.ip(Make.server, Make.client, 99, [1], id: 0)), input: nil) },
      { $0.identification == $1.identification }),
    HostChange("the clock", { $0.wait(nanoseconds: 1) }, { $0.memory.now == $1.memory.now }),
  ]

  @Test(arguments: changes) func aCopyGoesItsOwnWay(_ change: HostChange) throws {
    let host = try Self.host()
    let before = host
    var copy = host
    #expect(copy == host)
    change.apply(&copy)
    #expect(!change.isSame(copy.state, host.state))
    #expect(copy != host)
    // What the copy went through is nothing to the host, and the same again leads to the same.
    #expect(host == before)
    var again = host
    change.apply(&again)
    #expect(again == copy)
    #expect(again.state == copy.state)
    #expect(again.state.hashValue == copy.state.hashValue)
  }

  @Test func hostsThatHaveGoneThroughAllOfItAreEqual() throws {
    var (left, right) = (try Self.host(), try Self.host())
    // Each has compiled its rules for itself; programs are the same only where they are shared.
    #expect(left != right && left.state == right.state)
    right = left
    for change in Self.changes { change.apply(&left) }
    #expect(left != right)
    for change in Self.changes { change.apply(&right) }
    #expect(left == right)
    #expect(left.connectionListing == right.connectionListing)
    #expect(left.connectionListing.count == left.connections.count && left.connections.count > 3)
  }

  /// What is used up in a copy is not used up in the host.
  @Test(arguments: [(UInt16(53), 2), (55, 1), (56, 1)]) func aCopyUsesUpItsOwn(_ port: UInt16, _ count: Int) throws {
    var host = try Self.host()
    var copy = host
    let packet = Packet(bytes: Self.udp(port))
    func isDelivered(_ host: inout LinuxHost) -> Bool { host.walk(packet, input: "eth0") == .delivered }
    for _ in 0..<count { #expect(isDelivered(&copy)) }
    #expect(isDelivered(&copy) == false)
    #expect(isDelivered(&host))
  }

  @Test func configurationsCountToo() throws {
    let host = try Self.host()
    var other = host
    try other.setSysctl("net.ipv4.ip_forward", "0")
    #expect(other != host && other.state == host.state)
    other = host
    other.stack = .answers
    #expect(other != host)
    other = host
    try other.addRoute("default via 198.51.100.2")
    #expect(other != host)
    other = host
    try other.load(Ruleset(parsing: Self.rules, file: "r"))
    #expect(other != host)
  }

  /// No rule and no packet asks the counters, so that they do not tell hosts apart for what comes next.
  @Test func countersAloneDoNotCountForWhatComesNext() throws {
    var host = LinuxHost()
    try host.addAddress("192.0.2.9/24", to: "eth0")
    try host.load(Ruleset(parsing: "*filter\n-A INPUT -p udp -j ACCEPT\nCOMMIT\n", file: "r"))
    var copy = host
    copy.walk(Packet(bytes: Self.udp(53)), input: "eth0")
    #expect(copy != host)
    #expect(copy.isLike(host))
    copy.wait(nanoseconds: 1)
    #expect(!copy.isLike(host))
  }
}
