// Tracking of everything but TCP, the table itself, and the listing.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct ConntrackTests {
  /// The lines that `conntrack -L -o extended` printed for these packets on Linux 6.18, with counters on.
  @Test func listing() {
    var tracker = Tracker()
    tracker.settings.acct = true
    tracker.pass(Make.udp(3))
    tracker.pass(Make.udp(3, reply: true))
    tracker.pass(Make.icmp(type: 8))
    tracker.pass(Make.ip(Make.client, Make.server, 50, Array("12345678".utf8)))
    tracker.pass(Make.ip(Make.client, Make.server, 33, [UInt8](repeating: 9, count: 28)))
    tracker.pass(Make.ip(Make.client, Make.server, 47, [0x20, 1, 0x88, 0x0b, 0x31, 0x32, 0x33, 0x34, 0, 0, 0, 0]))
    let original = "src=10.0.0.2 dst=192.0.2.9"
    let reply = "src=192.0.2.9 dst=10.0.0.2"
    let none = "packets=0 bytes=0 mark=0 use=1"
    #expect(
      tracker.listing == [
        "ipv4     2 dccp     33 600 \(original) sport=0 dport=0 packets=1 bytes=48 [UNREPLIED] \(reply) sport=0 dport=0 \(none)",
        "ipv4     2 gre      47 30 \(original) srckey=0x0 dstkey=0x3334 packets=1 bytes=32 [UNREPLIED] \(reply) "
          + "srckey=0x3334 dstkey=0x0 \(none)",
        "ipv4     2 icmp     1 30 \(original) type=8 code=0 id=7 packets=1 bytes=28 [UNREPLIED] \(reply) "
          + "type=0 code=0 id=7 \(none)",
        "ipv4     2 udp      17 30 \(original) sport=3 dport=53 packets=1 bytes=29 \(reply) sport=53 dport=3 "
          + "packets=1 bytes=29 mark=0 use=1",
        "ipv4     2 unknown  50 600 \(original) packets=1 bytes=28 [UNREPLIED] \(reply) \(none)",
      ])
  }

  @Test func udpStreams() {
    var tracker = Tracker()
    #expect(tracker.pass(Make.udp(3)) == .new)
    #expect(tracker.pass(Make.udp(3)) == .new)
    #expect(tracker.pass(Make.udp(3, reply: true)) == .establishedReply)
    tracker.wait(2)
    tracker.pass(Make.udp(3))
    #expect(tracker.listing.first?.contains(" 30 src") == true)
    tracker.wait(0.1)
    #expect(tracker.pass(Make.udp(3)) == .established)
    #expect(tracker.listing.first?.contains(" 120 src") == true)
    #expect(tracker.listing.first?.contains("[ASSURED]") == true)
    tracker.wait(119)
    #expect(tracker.listing.count == 1)
    tracker.wait(1)
    #expect(tracker.listing == [])
    #expect(tracker.pass(Make.udp(3)) == .new)
  }

  @Test(arguments: [UInt16(0), 7, 10])
  func udpLengths(_ length: UInt16) {
    var tracker = Tracker()
    #expect(tracker.pass(Make.udp(3, length: length)) == ConnectionState.none)
  }

  @Test func icmpQueries() {
    var tracker = Tracker()
    for type in [UInt8(8), 13, 15, 17] { #expect(tracker.pass(Make.icmp(type: type)) == .new) }
    #expect(tracker.pass(Make.icmp(from: Make.server, to: Make.client, type: 0)) == .establishedReply)
    #expect(tracker.pass(Make.icmp(type: 8)) == .established)
    for type in [UInt8(0), 14, 16, 18, 9, 10, 1, 2, 19, 255] {
      #expect(tracker.pass(Make.icmp(type: type, id: 99)) == ConnectionState.none, "type \(type)")
    }
  }

  @Test func icmpErrors() {
    var tracker = Tracker()
    let inner = Make.udp(3, data: [1, 2, 3])
    func error(_ type: UInt8, to: UInt32 = Make.client, _ quoted: [UInt8]) -> ConnectionState? {
      tracker.pass(Make.icmp(from: 0xc000_024d, to: to, type: type, code: 1, id: 0, data: quoted))
    }
    #expect(error(3, inner) == ConnectionState.none)
    tracker.pass(inner)
    for type in [UInt8(3), 4, 5, 11, 12] { #expect(error(type, inner) == .relatedReply) }
    #expect(error(3, Array(inner.prefix(24))) == .relatedReply)
    #expect(error(3, Array(inner.prefix(23))) == ConnectionState.none)
    // Not to the sender of the quoted packet.
    #expect(error(3, to: Make.server, inner) == ConnectionState.none)
    var fragment = inner
    fragment.setUInt16(1, at: 6)
    #expect(error(3, fragment) == ConnectionState.none)
    tracker.pass(Make.udp(3, reply: true))
    #expect(error(3, to: Make.server, Make.udp(3, reply: true)) == .related)
    // Errors neither answer a connection nor keep it alive.
    tracker.wait(31)
    #expect(error(3, inner) == ConnectionState.none)
  }

  @Test func fragmentsAndStrangeHeaders() {
    var tracker = Tracker()
    var bytes = Make.udp(3)
    bytes = Make.ip(Make.client, Make.server, 17, Array(bytes[20...]), fragment: 1)
    #expect(tracker.pass(bytes) == ConnectionState.none)
    #expect(tracker.pass(Make.ip(Make.client, Make.server, 17, [0, 1, 0])) == ConnectionState.none)
    // Enhanced GRE that does not carry PPP.
    #expect(tracker.pass(Make.ip(Make.client, Make.server, 47, [0x20, 1, 8, 0, 0, 0, 0, 1])) == ConnectionState.none)
  }

  @Test func sctpHandshake() {
    var tracker = Tracker()
    tracker.settings.checksum = false
    func pass(reply: Bool, tag: UInt32, _ type: UInt8, _ value: [UInt8] = []) -> ConnectionState? {
      var bytes: [UInt8] = reply ? [0, 22, 0, 5] : [0, 5, 0, 22]
      bytes += [UInt8](repeating: 0, count: 8) + [type, 0, 0, UInt8(4 + value.count)] + value
      bytes.setUInt32(tag, at: 4)
      let (from, to) = reply ? (Make.server, Make.client) : (Make.client, Make.server)
      return tracker.pass(Make.ip(from, to, 132, bytes))
    }
    func initiation(_ tag: UInt8) -> [UInt8] { [0, 0, 0, tag] + [UInt8](repeating: 0, count: 12) }
    #expect(pass(reply: false, tag: 0, 1, initiation(2)) == .new)
    #expect(tracker.summary(5) == "10 CLOSED")
    #expect(pass(reply: true, tag: 3, 2, initiation(1)) == ConnectionState.none)
    #expect(pass(reply: true, tag: 2, 2, initiation(1)) == .establishedReply)
    #expect(tracker.summary(5) == "3 COOKIE_WAIT")
    #expect(pass(reply: false, tag: 1, 10) == .established)
    #expect(pass(reply: true, tag: 2, 11) == .establishedReply)
    #expect(tracker.summary(5) == "210 ESTABLISHED ASSURED")
    #expect(pass(reply: false, tag: 1, 7) == .established)
    #expect(pass(reply: true, tag: 2, 8) == .establishedReply)
    #expect(tracker.summary(5) == "3 SHUTDOWN_ACK_SENT ASSURED")
    #expect(pass(reply: false, tag: 1, 14) == .established)
    #expect(tracker.summary(5) == "10 CLOSED ASSURED")
  }

  @Test func sctpChecksum() throws {
    // A SHUTDOWN ACK whose CRC32c the kernel accepted.
    var packet = try #require(
      Packet(hex: "45000024000100004084ae4ac00002090a000002001600020000b227f68f5c7508000004"))
    var tracker = Tracker()
    #expect(tracker.pass(packet.bytes) == .new)
    packet.bytes.setByte(0, at: 28)
    tracker = Tracker()
    #expect(tracker.pass(packet.bytes) == ConnectionState.none)
  }

  @Test func packetsThatStayAsTheyAre() {
    var tracker = Tracker()
    guard var untracked = Tracker.context(Make.udp(3)), var looped = Tracker.context(Make.udp(3)) else {
      Issue.record("no header")
      return
    }
    untracked.state = .untracked
    #expect(tracker.track(&untracked) == .accept)
    #expect(untracked.state == .untracked && untracked.connection == nil)
    #expect(tracker.track(&looped) == .accept)
    let connection = looped.connection
    #expect(tracker.confirm(&looped) == .accept)
    #expect(tracker.track(&looped) == .accept)
    #expect(looped.connection == connection && connection != nil && looped.state == .new)
    #expect(tracker.confirm(&looped) == .accept)
  }

  /// Tracking is on only where something loaded needs it.
  @Test(arguments: [("*filter\nCOMMIT\n", false), ("*filter\n-A INPUT -m conntrack --ctstate NEW\nCOMMIT\n", true)])
  func trackingIsOnWhereRulesNeedIt(_ rules: String, _ isOn: Bool) throws {
    var host = LinuxHost()
    try host.addAddress("192.0.2.9/24", to: "eth0")
    try host.load(Ruleset(parsing: rules, file: "r"))
    let walk = host.receive(Packet(bytes: Make.udp(4)), on: "eth0")
    let states = walk.events.compactMap { event -> ConnectionState? in
      if case .tracked(let state, _) = event { state } else { nil }
    }
    #expect(states == (isOn ? [.new] : []))
    #expect(host.connections.count == (isOn ? 1 : 0))
  }

  @Test func aFullTableDrops() {
    var tracker = Tracker()
    tracker.settings.maximum = 2
    #expect(tracker.pass(Make.udp(1)) == .new)
    #expect(tracker.pass(Make.udp(2)) == .new)
    #expect(tracker.pass(Make.udp(3)) == nil)
    #expect(tracker.pass(Make.udp(2)) == .new)
    tracker.wait(30)
    #expect(tracker.pass(Make.udp(3)) == .new)
  }

  @Test func translatedTuples() throws {
    var tracker = Tracker()
    var first = try #require(Tracker.context(Make.udp(3)))
    #expect(tracker.track(&first) == .accept)
    let id = try #require(first.connection)
    var reply = tracker.table[id].reply
    reply.destination = .v4(0xc000_0201)
    func isTaken(except id: ConnectionID, after nanoseconds: UInt64 = 0) -> Bool {
      tracker.table.isTaken(reply, except: id, now: tracker.now + nanoseconds)
    }
    #expect(isTaken(except: id) == false)
    tracker.table[id].reply = reply
    #expect(tracker.confirm(&first) == .accept)
    #expect(tracker.table.find(reply, now: tracker.now)?.direction == .reply)
    #expect(isTaken(except: id) == false)
    let other = tracker.table.make(
      original: ConnectionTuple(
        source: .v4(1), destination: .v4(2), sourceKey: 3, destinationKey: 53, protocolNumber: .udp),
      reply: reply, hasCounters: false)
    #expect(isTaken(except: other))
    tracker.table[other].original = tracker.table[id].original
    #expect(isTaken(except: other) == false)
    #expect(isTaken(except: other, after: 31_000_000_000) == false)
    #expect(tracker.table.count == 0)
  }

  @Test func clashes() {
    // Two packets of one flow on their way at the same time: UDP joins the connection that won, TCP is dropped.
    for (bytes, verdict) in [
      (Make.udp(3), Verdict.accept), (Make.tcp(3, Flag.syn, seq: 1), .drop), (Make.icmp(type: 8), .drop),
    ] {
      var tracker = Tracker()
      guard var first = Tracker.context(bytes), var second = Tracker.context(bytes) else { continue }
      #expect(tracker.track(&first) == .accept)
      #expect(tracker.track(&second) == .accept)
      #expect(first.connection != second.connection)
      #expect(tracker.confirm(&first) == .accept)
      #expect(tracker.confirm(&second) == verdict)
      #expect(tracker.listing.count == 1)
      if verdict == .accept { #expect(first.connection == second.connection) }
    }
  }

  @Test func aClashOfTheOriginalTupleOnly() {
    var tracker = Tracker()
    guard var first = Tracker.context(Make.udp(3)), var second = Tracker.context(Make.udp(3)) else { return }
    #expect(tracker.track(&first) == .accept && tracker.track(&second) == .accept)
    guard let loser = second.connection else { return }
    tracker.table[loser].reply.destination = .v4(0xc000_0201)
    let reply = tracker.table[loser].reply
    #expect(tracker.confirm(&first) == .accept)
    #expect(tracker.confirm(&second) == .accept)
    #expect(tracker.listing.count == 1)
    #expect(tracker.table.find(reply, now: tracker.now)?.id == loser)
    tracker.wait(1)
    #expect(tracker.table.find(reply, now: tracker.now) == nil)
    #expect(tracker.listing.count == 1)
  }

  @Test func answersOfREJECT() {
    var tracker = Tracker()
    guard var packet = Tracker.context(Make.udp(1)) else { return }
    #expect(ConnectionTable.attachment(of: packet).0 == nil)
    #expect(tracker.track(&packet) == .accept)
    #expect(packet.connection != nil)
    #expect(ConnectionTable.attachment(of: packet).0 == packet.connection)
    #expect(ConnectionTable.attachment(of: packet).1 == .relatedReply)
    packet.state = .establishedReply
    #expect(ConnectionTable.attachment(of: packet).1 == .related)
  }

  @Test func sysctls() {
    var settings = ConntrackSettings()
    let accepted = [
      ("net.netfilter.nf_conntrack_udp_timeout", "5"), ("nf_conntrack_tcp_timeout_syn_sent", "6"),
      ("sctp_timeout_established", " 7\n"), ("net.nf_conntrack_max", "8"), ("tcp_loose", "0"), ("log_invalid", "1"),
    ]
    for (key, value) in accepted {
      let set = settings.set(key, value)
      #expect(set, "\(key)")
    }
    #expect(settings.udpTimeout == 5 && settings.tcpTimeout(.synSent) == 6 && settings.maximum == 8)
    #expect(settings.sctpTimeout(.established) == 7 && !settings.tcpLoose)
    for (key, value) in [
      ("tcp_loose", "2"), ("udp_timeout", "-1"), ("udp_timeout", "8589935"), ("count", "1"), ("nothing", "1"),
      ("udp_timeout", ""), ("tcp_max_retrans", "256"),
    ] {
      let set = settings.set(key, value)
      #expect(!set, "\(key) \(value)")
    }
  }
}
