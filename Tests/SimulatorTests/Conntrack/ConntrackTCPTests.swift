// TCP tracking; every expectation is what Linux 6.18 answered to the same segments.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct ConntrackTCPTests {
  typealias F = Flag

  private func open(_ tracker: inout Tracker, _ port: UInt16) {
    tracker.pass(Make.tcp(port, F.syn, seq: 100))
    tracker.pass(Make.tcp(port, reply: true, F.syn | F.ack, seq: 5000, ack: 101))
    tracker.pass(Make.tcp(port, F.ack, seq: 101, ack: 5001))
  }

  @Test func handshakeAndClose() {
    var tracker = Tracker()
    #expect(tracker.pass(Make.tcp(1, F.syn, seq: 100)) == .new)
    #expect(tracker.summary(1) == "120 SYN_SENT")
    #expect(tracker.pass(Make.tcp(1, reply: true, F.syn | F.ack, seq: 5000, ack: 101)) == .establishedReply)
    #expect(tracker.summary(1) == "60 SYN_RECV")
    #expect(tracker.pass(Make.tcp(1, F.ack, seq: 101, ack: 5001)) == .established)
    #expect(tracker.summary(1) == "432000 ESTABLISHED ASSURED")
    tracker.pass(Make.tcp(1, F.ack | F.psh, seq: 101, ack: 5001, data: [1, 2, 3]))
    #expect(tracker.summary(1) == "300 ESTABLISHED ASSURED")
    tracker.pass(Make.tcp(1, reply: true, F.ack, seq: 5001, ack: 104))
    #expect(tracker.summary(1) == "432000 ESTABLISHED ASSURED")
    tracker.pass(Make.tcp(1, F.fin | F.ack, seq: 104, ack: 5001))
    #expect(tracker.summary(1) == "120 FIN_WAIT ASSURED")
    tracker.pass(Make.tcp(1, reply: true, F.ack, seq: 5001, ack: 105))
    #expect(tracker.summary(1) == "60 CLOSE_WAIT ASSURED")
    tracker.pass(Make.tcp(1, reply: true, F.fin | F.ack, seq: 5001, ack: 105))
    #expect(tracker.summary(1) == "30 LAST_ACK ASSURED")
    tracker.pass(Make.tcp(1, F.ack, seq: 105, ack: 5002))
    #expect(tracker.summary(1) == "120 TIME_WAIT ASSURED")
    // A SYN on it opens a new connection in its place.
    #expect(tracker.pass(Make.tcp(1, F.syn, seq: 9000)) == .new)
    #expect(tracker.summary(1) == "120 SYN_SENT")
    #expect(tracker.table.connections.map(\.serial) == [2])
  }

  @Test(arguments: [
    (ConnectionDirection.original, TCPSegmentKind.syn, TCPConnectionState.none, TCPTransition.to(.synSent)),
    (.original, .syn, .established, .ignore), (.original, .syn, .timeWait, .to(.synSent)),
    (.original, .synAck, .synSent, .invalid), (.original, .synAck, .synRecv, .to(.synRecv)),
    (.original, .ack, .none, .to(.established)), (.original, .ack, .synSent, .invalid),
    (.original, .fin, .finWait, .to(.lastAck)), (.original, .rst, .none, .invalid),
    (.reply, .syn, .synSent, .to(.synSent2)), (.reply, .syn, .timeWait, .to(.synSent)),
    (.reply, .synAck, .established, .ignore), (.reply, .ack, .synSent, .ignore),
    (.reply, .ack, .synRecv, .to(.synRecv)), (.reply, .rst, .synSent2, .to(.close)),
    (.reply, .none, .established, .invalid),
  ])
  func stateTable(
    _ direction: ConnectionDirection, _ kind: TCPSegmentKind, _ state: TCPConnectionState, _ expected: TCPTransition
  ) {
    #expect(TCPStateTable.transition(direction, kind, state) == expected)
  }

  @Test(arguments: [0, F.fin, F.syn | F.fin, F.syn | F.rst, F.fin | F.rst | F.ack, F.psh, F.urg])
  func flagsThatDoNotGoTogether(_ flags: UInt8) {
    var tracker = Tracker()
    open(&tracker, 1)
    #expect(tracker.pass(Make.tcp(1, flags, seq: 101, ack: 5001)) == ConnectionState.none)
  }

  @Test func malformedSegments() {
    var tracker = Tracker()
    var bad = Make.tcp(1, F.syn, seq: 1)
    bad.setUInt16(bad.uint16(at: 36) ^ 5, at: 36)
    #expect(tracker.pass(bad) == ConnectionState.none)
    // On the way out, and with the sysctl off, nobody looks at the checksum.
    #expect(tracker.pass(bad, hook: .output) == .new)
    tracker.table.flush()
    let set = tracker.settings.set("checksum", "0")
    #expect(set)
    #expect(tracker.pass(bad) == .new)
    #expect(tracker.pass(Make.ip(Make.client, Make.server, 6, [0, 1, 0, 80, 0, 0, 0])) == ConnectionState.none)
    var long = Make.tcp(2, F.syn, seq: 1)
    long.setByte(0xf0, at: 32)
    #expect(tracker.pass(long) == ConnectionState.none)
  }

  @Test func pickUpInTheMiddle() {
    var tracker = Tracker()
    #expect(tracker.pass(Make.tcp(1, F.ack, seq: 101, ack: 501)) == .new)
    #expect(tracker.summary(1) == "300 ESTABLISHED")
    #expect(tracker.pass(Make.tcp(1, reply: true, F.ack, seq: 501, ack: 101)) == .establishedReply)
    #expect(tracker.pass(Make.tcp(1, F.ack, seq: 101, ack: 501)) == .established)
    #expect(tracker.summary(1) == "432000 ESTABLISHED ASSURED")
    #expect(tracker.pass(Make.tcp(2, F.fin | F.ack, seq: 1, ack: 1)) == ConnectionState.none)
    tracker.settings.tcpLoose = false
    #expect(tracker.pass(Make.tcp(3, F.ack, seq: 101, ack: 501)) == ConnectionState.none)
  }

  @Test func windows() {
    var tracker = Tracker()
    open(&tracker, 1)
    // Ahead of the window of 1000 bytes; the acknowledgement of what was never sent; a copy from long ago, let pass.
    #expect(tracker.pass(Make.tcp(1, F.ack, seq: 70_000, ack: 5001)) == ConnectionState.none)
    #expect(tracker.pass(Make.tcp(1, F.ack, seq: 101, ack: 5002)) == ConnectionState.none)
    tracker.wait(10)
    #expect(tracker.pass(Make.tcp(1, F.ack, seq: UInt32(bitPattern: -5000), ack: 5001)) == .established)
    #expect(tracker.summary(1) == "431990 ESTABLISHED ASSURED")
    tracker.settings.tcpBeLiberal = true
    #expect(tracker.pass(Make.tcp(1, F.ack, seq: 70_000, ack: 5001)) == .established)
  }

  @Test func windowScale() {
    func tracking(_ server: [UInt8]) -> TCPTracking? {
      var tracker = Tracker()
      tracker.pass(Make.tcp(1, F.syn, seq: 100, options: [3, 3, 7, 4, 2, 0, 0, 0]))
      tracker.pass(Make.tcp(1, reply: true, F.syn | F.ack, seq: 5000, ack: 101, options: server))
      guard case .tcp(let tracking)? = tracker.table.connections.first?.tracking else { return nil }
      return tracking
    }
    // Both sides must want it, and more than 14 counts as 14.
    #expect(tracking([3, 3, 15, 1]).map { [$0.original.scale, $0.reply.scale] } == [7, 14])
    #expect(tracking([]).map { [$0.original.scale, $0.reply.scale] } == [0, 0])
    #expect(
      tracking([])?.original.flags == TCPPeer.windowScale | TCPPeer.sackPermitted)
  }

  @Test func selectiveAcknowledgement() {
    var tracker = Tracker()
    tracker.pass(Make.tcp(1, F.syn, seq: 100, options: [4, 2, 1, 1]))
    tracker.pass(Make.tcp(1, reply: true, F.syn | F.ack, seq: 5000, ack: 101, options: [4, 2, 1, 1]))
    tracker.pass(Make.tcp(1, F.ack, seq: 101, ack: 5001))
    // The block acknowledges up to 6001, which the server never sent.
    let block: [UInt8] = [1, 1, 5, 10, 0, 0, 0x17, 0, 0, 0, 0x17, 0x71]
    #expect(tracker.pass(Make.tcp(1, F.ack, seq: 101, ack: 5001, options: block)) == ConnectionState.none)
  }

  @Test func resets() {
    var tracker = Tracker()
    open(&tracker, 1)
    // Before what was acknowledged; not exactly there, which leaves the state alone; exactly there.
    #expect(tracker.pass(Make.tcp(1, reply: true, F.rst, seq: 5000)) == ConnectionState.none)
    #expect(tracker.pass(Make.tcp(1, reply: true, F.rst, seq: 5005)) == .establishedReply)
    #expect(tracker.summary(1) == "10 ESTABLISHED ASSURED")
    #expect(tracker.pass(Make.tcp(1, reply: true, F.rst, seq: 5001)) == .establishedReply)
    #expect(tracker.summary(1) == "10 CLOSE ASSURED")
    // An RST that answers the very first SYN ends the entry at once.
    tracker.pass(Make.tcp(2, F.syn, seq: 100))
    #expect(tracker.pass(Make.tcp(2, reply: true, F.rst | F.ack, seq: 0, ack: 101)) == .establishedReply)
    #expect(tracker.summary(2) == nil)
  }

  @Test func resetThatAnswersAnIgnoredSYN() {
    var tracker = Tracker()
    for (port, reply) in [(UInt16(1), true), (2, false)] {
      open(&tracker, port)
      #expect(tracker.pass(Make.tcp(port, F.syn, seq: 777_000)) == .established)
      tracker.pass(Make.tcp(port, reply: reply, F.rst | F.ack, seq: 900_000, ack: 777_001))
    }
    #expect(tracker.summary(1) == "10 CLOSE ASSURED")
    // From the same side it is nothing but an RST outside the window.
    #expect(tracker.summary(2) == "432000 ESTABLISHED ASSURED")
  }

  @Test func synchronizesAgain() {
    var tracker = Tracker()
    open(&tracker, 1)
    tracker.pass(Make.tcp(1, F.syn, seq: 777_000))
    #expect(
      tracker.pass(Make.tcp(1, reply: true, F.syn | F.ack, seq: 20_000, ack: 777_001)) == .establishedReply)
    #expect(tracker.summary(1) == "60 SYN_RECV ASSURED")
    #expect(tracker.pass(Make.tcp(1, F.ack, seq: 777_001, ack: 20_001)) == .established)
    #expect(tracker.summary(1) == "432000 ESTABLISHED ASSURED")
  }

  @Test func simultaneousOpen() {
    var tracker = Tracker()
    tracker.pass(Make.tcp(1, F.syn, seq: 100))
    tracker.pass(Make.tcp(1, reply: true, F.syn, seq: 5000))
    #expect(tracker.summary(1) == "120 SYN_SENT2")
    tracker.pass(Make.tcp(1, reply: true, F.syn | F.ack, seq: 5000, ack: 101))
    tracker.pass(Make.tcp(1, F.syn | F.ack, seq: 100, ack: 5001))
    #expect(tracker.summary(1) == "60 SYN_RECV")
    tracker.pass(Make.tcp(1, reply: true, F.ack, seq: 5001, ack: 101))
    #expect(tracker.summary(1) == "432000 ESTABLISHED ASSURED")
  }

  @Test func challengeACK() {
    var tracker = Tracker()
    open(&tracker, 1)
    tracker.pass(Make.tcp(1, F.fin | F.ack, seq: 101, ack: 5001))
    tracker.pass(Make.tcp(1, reply: true, F.fin | F.ack, seq: 5001, ack: 102))
    #expect(tracker.summary(1) == "30 LAST_ACK ASSURED")
    tracker.pass(Make.tcp(1, F.syn, seq: 777_000))
    #expect(tracker.pass(Make.tcp(1, reply: true, F.ack, seq: 5002, ack: 102)) == .establishedReply)
    #expect(tracker.summary(1) == "30 LAST_ACK ASSURED")
    tracker.pass(Make.tcp(1, reply: true, F.ack, seq: 5002, ack: 102))
    #expect(tracker.summary(1) == "120 TIME_WAIT ASSURED")
  }

  @Test func retransmissionsShortenTheTimeout() {
    var tracker = Tracker()
    open(&tracker, 1)
    let segment = Make.tcp(1, F.ack, seq: 101, ack: 5001)
    for _ in 0..<2 { tracker.pass(segment) }
    #expect(tracker.summary(1) == "432000 ESTABLISHED ASSURED")
    tracker.pass(segment)
    #expect(tracker.summary(1) == "300 ESTABLISHED ASSURED")
    // A SYN sent again does not keep its entry alive.
    tracker.pass(Make.tcp(2, F.syn, seq: 1))
    tracker.wait(50)
    tracker.pass(Make.tcp(2, F.syn, seq: 1))
    #expect(tracker.summary(2) == "70 SYN_SENT")
  }

  @Test func rejectCloses() throws {
    var tracker = Tracker()
    open(&tracker, 1)
    let connection = try #require(tracker.table.connections.first)
    let id = try #require(tracker.table.find(connection.original, now: tracker.now)?.id)
    tracker.table.setClosing(id, tracker.settings, now: tracker.now)
    #expect(tracker.summary(1) == "10 CLOSE ASSURED")
  }
}
