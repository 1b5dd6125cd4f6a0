// What neither rules nor packets say: it is undecided, and decided where the host says what it is.

import Foundation
import NetfilterModel
import Testing

@testable import Simulator

@Suite struct OutsideTests {
  /// A host with one address on eth0 and the rules of a table.
  static func host(_ rules: String, table: String = "filter") throws -> LinuxHost {
    var host = LinuxHost()
    host.addInterface(Interface("eth0"))
    try host.addAddress("10.0.0.1/24", to: "eth0")
    try host.load(try Ruleset(parsing: "*\(table)\n\(rules)\nCOMMIT\n", file: "rules"))
    return host
  }

  /// TCP from 10.0.0.2 to the host.
  static func tcp(_ flags: TCPFlags = [.syn]) -> Packet {
    let (source, destination) = (IPAddress.v4(0x0a00_0002), IPAddress.v4(0x0a00_0001))
    var payload = TCPHeader.make(sourcePort: 1000, destinationPort: 80, flags: flags)
    TransportChecksum.update(&payload, from: 0, .tcp, source: source, destination: destination)
    return Packet(
      bytes: IPv4Header.make(
        payloadLength: payload.count, ttl: 64, protocolNumber: .tcp, source: source, destination: destination) + payload
    )
  }

  static func isUnknown(_ disposition: Disposition) -> Bool {
    if case .unknown = disposition { return true }
    return false
  }

  /// Fixtures/time/kernel.txt: seconds since 1970 | rule | whether the kernel's packet matched it.
  @Test func timesAreTheKernels() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Fixtures/time/kernel.txt").standardizedFileURL
    var count = [0, 0]
    for line in String(decoding: try Data(contentsOf: file), as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: "|")
      try #require(parts.count == 3)
      var host = try Self.host("\(parts[1]) -j DROP")
      host.wallClock = UInt64(parts[0])
      let isDropped =
        host.receive(Self.tcp(), on: "eth0").disposition
        == .dropped(by: RulePlace(table: .filter, chain: "INPUT", kind: .rule, number: 1))
      #expect(isDropped == (parts[2] == "1"), "\(line)")
      count[isDropped ? 1 : 0] += 1
    }
    #expect(count[0] > 50 && count[1] > 50)
  }

  @Test func withoutAClockTheTimeIsUndecided() throws {
    var host = try Self.host("-A INPUT -m time --datestart 2030 -j DROP")
    #expect(Self.isUnknown(host.receive(Self.tcp(), on: "eth0").disposition))
  }

  @Test(arguments: ["cpu --cpu 0", "socket", "osf --genre Linux"])
  func whatOnlyTheHostKnowsIsUndecided(_ match: String) throws {
    var host = try Self.host("-A INPUT -p tcp -m \(match) -j DROP")
    #expect(Self.isUnknown(host.receive(Self.tcp(), on: "eth0").disposition))
  }

  @Test func aHostWithoutSocketsDecides() throws {
    var host = try Self.host("-A INPUT -m socket -j DROP")
    host.facts.hasNoSockets = true
    #expect(host.receive(Self.tcp(), on: "eth0").disposition == .delivered)
    host = try Self.host("-A PREROUTING -p tcp -j TPROXY --on-port 80", table: "mangle")
    #expect(Self.isUnknown(host.receive(Self.tcp(), on: "eth0").disposition))
    host.facts.hasNoSockets = true
    let place = RulePlace(table: .mangle, chain: "PREROUTING", kind: .rule, number: 1)
    #expect(host.receive(Self.tcp(), on: "eth0").disposition == .dropped(by: place))
  }

  @Test func realmsAreKnownWhereNoRouteHasOne() throws {
    var host = try Self.host("-A INPUT -m realm ! --realm 0 -j DROP")
    #expect(host.receive(Self.tcp(), on: "eth0").disposition == .delivered)
    try host.addRoute("10.9.0.0/16 via 10.0.0.9 realm 5")
    #expect(Self.isUnknown(host.receive(Self.tcp(), on: "eth0").disposition))
  }

  @Test func handshakesAreTaken() throws {
    let place = RulePlace(table: .filter, chain: "INPUT", kind: .rule, number: 1)
    for (flags, isTaken) in [(TCPFlags.syn, true), (.ack, true), ([.syn, .ack], false), (.rst, false)] {
      var host = try Self.host("-A INPUT -p tcp -j SYNPROXY")
      let walk = host.receive(Self.tcp(flags), on: "eth0")
      #expect(walk.disposition == (isTaken ? .dropped(by: place) : .delivered), "\(flags)")
    }
  }

  @Test func whoSharesAnEstimatorSharesItsTimes() throws {
    let made = "-A INPUT -j RATEEST --rateest-name a --rateest-interval 250ms --rateest-ewmalog 1s"
    let asked = "-A INPUT -m rateest --rateest a --rateest-lt --rateest-pps 1"
    var host = try Self.host("\(made)\n\(asked) -j DROP")
    #expect(Self.isUnknown(host.receive(Self.tcp(), on: "eth0").disposition))
    #expect(throws: (any Error).self) { _ = try Self.host("\(asked) -j DROP\n\(made)") }
    #expect(throws: (any Error).self) { _ = try Self.host("\(made)\n\(made.replacing("1s", with: "2s"))") }
  }

  @Test func aCopyCausesNoCopies() throws {
    var host = try Self.host(
      "-A OUTPUT -j TEE --gateway 10.0.0.9\n-A POSTROUTING -j TEE --gateway 10.0.0.9", table: "mangle")
    var packet = Self.tcp()
    IPv4Header.setSource(.v4(0x0a00_0001), in: &packet.bytes, at: 0)
    let walk = host.send(packet)
    // One for each of the two rules; the packet itself stays on the host.
    #expect(walk.emitted.count == 2)
    #expect(walk.emitted.allSatisfy { $0.output == "eth0" })
  }
}
