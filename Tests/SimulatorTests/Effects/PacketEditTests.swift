// What targets do to the bytes of a packet, against recordings of the kernel.
//
// Fixtures/targets/edits.txt has a line for each packet that Linux 6.18 forwarded through mangle POSTROUTING:
// target and options | MTU forward,back | packet as the rule saw it | packet that left, or DROP.
// HOOKWALK_EDITS names another file in this form. A router forwards each packet on its whole way: it arrives with a TTL
// one higher than the rule sees, and its MTUs are those of the interfaces.

import Foundation
import NetfilterModel
import Testing

@testable import Simulator

@Suite struct PacketEditTests {
  static func lines() throws -> [[String]] {
    let file =
      ProcessInfo.processInfo.environment["HOOKWALK_EDITS"].map { URL(fileURLWithPath: $0) }
      ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Fixtures/targets/edits.txt").standardizedFileURL
    return String(decoding: try Data(contentsOf: file), as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// The rule that the kernel was given for a target.
  static func rule(_ target: String) -> String {
    let condition =
      if target.hasPrefix("TCPMSS") {
        "-p tcp -m tcp --tcp-flags SYN SYN "
      } else if target.hasPrefix("TCPOPT") || target.contains("-tcp-") {
        "-p tcp "
      } else {
        ""
      }
    return "-A POSTROUTING \(condition)-j \(target)"
  }

  @Test func editsAreTheKernels() throws {
    var count = 0
    for parts in try Self.lines() {
      try #require(parts.count == 4)
      let sizes = parts[1].split(separator: ",").compactMap { Int($0) }
      var world = try EffectWorld(
        [Self.rule(parts[0])], mtu: sizes.count == 2 ? (sizes[0], sizes[1]) : (1500, 1500))
      var arriving = try #require(Packet(hex: parts[2]))
      let seen = try #require(IPHeader(arriving.bytes))
      IPv4Header.setTTL(seen.ttl + 1, in: &arriving.bytes, at: 0)
      IPv4Header.updateChecksum(of: &arriving.bytes, length: seen.transportOffset)
      let walk = world.host.receive(arriving, on: "a")
      let place = RulePlace(table: .mangle, chain: "POSTROUTING", kind: .rule, number: 1)
      // The rule sees what the kernel's rule saw.
      if let hit = walk.ruleHits.first(where: { $0.place == place }) {
        #expect(hit.packet.hex == parts[2], "\(parts)")
      }
      if parts[3] == "DROP" {
        let isDropped = walk.disposition == .dropped(by: place) || walk.disposition == .discarded(.hotDrop)
        #expect(isDropped, "\(parts) \(walk.disposition)")
      } else {
        #expect(
          walk.emitted == [EmittedPacket(output: "b", packet: walk.emitted.first?.packet ?? arriving)], "\(parts)")
        #expect(walk.emitted.first?.packet.hex == parts[3], "\(parts) \(walk.disposition)")
      }
      count += 1
    }
    #expect(count > 100)
  }

  /// A changed packet's decoded header is that of its bytes, also behind the rule.
  @Test func headersAreNotStale() throws {
    for parts in try Self.lines() {
      var world = try EffectWorld([Self.rule(parts[0])])
      var flight = try world.flight(try #require(Packet(hex: parts[2])), at: .postrouting, .mangle)
      guard try world.walk(&flight).verdict == .accept else { continue }
      #expect(flight.context.header == IPHeader(flight.context.packet.bytes), "\(parts)")
    }
  }
}
