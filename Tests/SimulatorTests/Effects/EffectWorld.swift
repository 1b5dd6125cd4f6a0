// A router whose rules' effects on one packet are looked at: interface a, 10.0.0.1/16, and interface b, 10.1.0.1/16.

import NetfilterModel
import Testing

@testable import Simulator

struct EffectWorld {
  var host = LinuxHost(name: "router")
  var observer = RecordingObserver()

  /// Makes the router and loads the rules of one table, without their own `-A CHAIN`.
  init(_ rules: [String] = [], table: TableKind = .mangle, mtu: (forward: Int, back: Int) = (1500, 1500)) throws {
    host.addInterface(Interface("a", mtu: mtu.back))
    host.addInterface(Interface("b", mtu: mtu.forward))
    try host.addAddress("10.0.0.1/16", to: "a")
    try host.addAddress("10.1.0.1/16", to: "b")
    try host.setSysctl("net.ipv4.ip_forward", "1")
    if !rules.isEmpty { try load(rules, table: table) }
  }

  mutating func load(_ rules: [String], table: TableKind) throws {
    let text = "*\(table.name)\n\(rules.joined(separator: "\n"))\nCOMMIT\n"
    try host.load(try Ruleset(parsing: text, file: "rules"))
  }

  /// An IPv4 packet 10.0.0.9 > 10.1.0.9 with right checksums.
  static func packet(_ number: ProtocolNumber, _ payload: [UInt8]) -> Packet {
    let (source, destination) = (IPAddress.v4(0x0a00_0009), IPAddress.v4(0x0a01_0009))
    var payload = payload
    TransportChecksum.update(&payload, from: 0, number, source: source, destination: destination)
    return Packet(
      bytes: IPv4Header.make(
        payloadLength: payload.count, ttl: 64, protocolNumber: number, source: source, destination: destination)
        + payload)
  }

  /// UDP from port 1000 to port 53.
  static let udp = packet(.udp, UDPHeader.make(sourcePort: 1000, destinationPort: 53, payloadLength: 0))
  /// A TCP SYN from port 1000 to port 53.
  static let syn = packet(.tcp, TCPHeader.make(sourcePort: 1000, destinationPort: 53, flags: [.syn]))

  /// A packet at a hook as it is there when a table's turn comes; with its connection when `isTracked`.
  mutating func flight(_ packet: Packet, at hook: Hook, _ table: TableKind, isTracked: Bool = false) throws -> Flight {
    var flight = host.walker.flight(packet, try #require(IPHeader(packet.bytes)), reason: .received, input: "a")
    if isTracked {
      let settings = host.configuration.conntrack
      let verdict = host.walker.state.connections.track(&flight.context, settings, now: host.now)
      try #require(verdict == .accept)
    }
    flight.context.hook = hook
    flight.context.table = table
    if hook == .output || hook == .postrouting { flight.context.input = .none }
    if hook != .prerouting && hook != .input { flight.context.output = "b" }
    return flight
  }

  /// Walks the hook's chain of a table.
  mutating func walk(_ flight: inout Flight) throws -> TableOutcome {
    let program = try #require(host.configuration.program(flight.context.table, .ipv4))
    return host.walker.run(program, &flight, at: flight.context.hook, observer: &observer)
  }
}
