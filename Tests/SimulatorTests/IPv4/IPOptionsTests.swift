// IPv4 options against the kernel: what each hook saw, what left, and what was said about malformed ones.

import NetfilterModel
import Testing

@testable import Simulator

@Suite struct IPOptionsTests {
  static let mangle =
    "*mangle\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n"
  static let filter =
    "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
  static let tracking = "-A FORWARD -m conntrack --ctstate INVALID -j DROP\n"
  static let rejecting = "-A FORWARD -p tcp -j REJECT --reject-with tcp-reset\n-A FORWARD -j REJECT\nCOMMIT\n"

  static func host(rules: String, acceptsSourceRoutes: Bool, clock: UInt64?) throws -> LinuxHost {
    var host = LinuxHost(stack: .answers)
    host.addAddress(try #require(InterfaceAddress("10.0.0.1/24")), to: "eth0")
    host.addAddress(try #require(InterfaceAddress("10.1.0.1/24")), to: "eth1")
    try host.addRoute("172.16.0.0/16 via 10.1.0.2")
    try host.setSysctl("net.ipv4.ip_forward", "1")
    if acceptsSourceRoutes { try host.setSysctl("net.ipv4.conf.all.accept_source_route", "1") }
    let text =
      switch rules {
      case "reject": mangle + filter + rejecting
      case "conntrack": mangle + filter + tracking + rejecting
      default: mangle
      }
    let result = RestoreParser.parse(text, file: "rules", family: .ipv4, counters: .ignored)
    #expect(result.diagnostics.isEmpty)
    try host.load(result.ruleset)
    if let clock {
      host.wallClock = clock / 1000
      host.wait(nanoseconds: clock % 1000 * 1_000_000)
    }
    return host
  }

  /// What each hook saw and what left; the identification and header checksum of the host's own packets are masked.
  static func steps(_ walk: Walk) -> [String] {
    var steps: [String] = []
    for hit in walk.ruleHits where hit.place.table == .mangle {
      steps.append("\(hit.place.chain) \(masked(hit.packet))")
    }
    for packet in walk.emitted { steps.append("\(packet.output) \(masked(packet.packet))") }
    return steps
  }

  static func masked(_ packet: Packet) -> String {
    var packet = packet
    if packet.bytes.uint16(at: 4) != 7 {
      packet.bytes.setUInt16(0, at: 4)
      packet.bytes.setUInt16(0, at: 10)
    }
    return packet.hex
  }

  @Test func optionsAreTreatedAsByTheKernel() throws {
    for item in Recorded.options {
      var host = try Self.host(rules: item.rules, acceptsSourceRoutes: item.acceptsSourceRoutes, clock: item.clock)
      let packet = try #require(Packet(hex: item.packet))
      let walk = item.isLocal ? host.send(packet) : host.receive(packet, on: "eth0")
      #expect(Self.steps(walk) == item.steps, "\(item.name)")
    }
    #expect(Recorded.options.count == 59)
    #expect(Recorded.options.filter { $0.clock != nil }.count == 6)
  }

  @Test func anUnknownTimeLeavesThePacketUndecided() throws {
    for item in Recorded.options where item.clock != nil {
      var host = try Self.host(rules: item.rules, acceptsSourceRoutes: true, clock: nil)
      let walk = host.receive(try #require(Packet(hex: item.packet)), on: "eth0")
      guard case .unknown(nil, let reason) = walk.disposition else {
        Issue.record("\(item.name): \(walk.disposition)")
        continue
      }
      #expect(reason.contains("timestamp"))
    }
  }

  @Test func malformedOptionsHaveACauseOfTheirOwn() throws {
    let item = try #require(Recorded.options.first { $0.name == "length beyond the header" })
    var host = try Self.host(rules: "plain", acceptsSourceRoutes: true, clock: nil)
    let walk = host.receive(try #require(Packet(hex: item.packet)), on: "eth0")
    #expect(walk.disposition == .discarded(.ipOptions))
  }

  /// Whatever the bytes are, options are walked without a trap, and answers have whole options.
  @Test func randomOptionsDoNoHarm() {
    var state: UInt64 = 7
    func next() -> UInt8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 40)
    }
    let kinds: [UInt8] = [0, 1, 7, 68, 130, 131, 134, 136, 137, 148]
    let surroundings = IPOptions.Surroundings(
      ownAddress: { .v4(0x0a00_0001) }, isUnicast: { $0.v4Bits & 1 == 0 }, timeOfDay: 5)
    var echoed = 0
    for _ in 0..<20_000 {
      let length = Int(next() % 11) * 4
      var bytes = [UInt8](repeating: 0, count: 20)
      bytes[0] = 0x45 + UInt8(length / 4)
      while bytes.count < 20 + length {
        bytes.append(next() & 1 == 0 ? kinds[Int(next()) % kinds.count] : next() % 45)
      }
      var options = IPOptions()
      _ = options.compile(&bytes, end: bytes.count, surroundings)
      #expect(bytes.count == 20 + length)
      guard let echo = EchoedOptions(bytes, options, isUnicast: surroundings.isUnicast) else { continue }
      let filled = echo.filled(source: .v4(0x0a00_0001), timeOfDay: 5)
      #expect(filled.map { $0.count <= 40 && $0.count % 4 == 0 } == true)
      if !echo.bytes.isEmpty { echoed += 1 }
    }
    #expect(echoed > 500)
  }
}
