// The lines of the kernel's log, compared byte by byte with those that a kernel wrote.

import NetfilterModel
import Testing

@testable import FlowTesting
@testable import Simulator

/// A packet and the lines that a kernel logged about it.
struct RecordedLog: Sendable, CustomTestStringConvertible {
  /// `tun`, `tap` or `local`.
  var way: String
  /// In hexadecimal, with its Ethernet header where it came over a tap device.
  var packet: String
  var lines: [String] = []

  var testDescription: String { "\(way) \(packet)" }
}

@Suite struct LogLineTests {
  static let interface: InterfaceName = "eth0"

  /// The rules of the mangle table stand at the top of the record.
  static func host(isEthernet: Bool) throws -> LinuxHost {
    let described = HostText.describe(
      """
      iface eth0 \(isEthernet ? "mac 02:00:00:00:00:01 " : "")203.0.113.1/24 2001:db8:1::1/64
      route default dev eth0
      route ::/0 dev eth0
      rules v4 r
      rules v6 r
      """, file: "h"
    ) { _ in
      let rules = ["PREROUTING", "OUTPUT"].flatMap { chain in Recorded.logRules.map { "-A \(chain) \($0)\n" } }
      return "*mangle\n\(rules.joined())COMMIT\n"
    }
    #expect(described.diagnostics == [])
    return try #require(described.host)
  }

  @Test(arguments: Recorded.logs) func theLinesAreTheKernels(_ recorded: RecordedLog) throws {
    var host = try Self.host(isEthernet: recorded.way == "tap")
    var packet = try #require(Packet(hex: recorded.packet))
    let walk: Walk
    switch recorded.way {
    case "local":
      packet.owner = .process(uid: 0, gid: 0)
      walk = host.send(packet)
    case "tap":
      packet.sourceMAC = Array(packet.bytes.dropFirst(6).prefix(6))
      packet.bytes.removeFirst(14)
      walk = host.receive(packet, on: Self.interface)
    default: walk = host.receive(packet, on: Self.interface)
    }
    // Of the trace the first and the last rule were recorded.
    let last = Recorded.logRules.count
    let lines = KernelReport().lines(walk, on: host).filter { line in
      !line.hasPrefix("TRACE: ") || line.contains(":rule:1 ") || line.contains(":\(last) ")
    }
    #expect(lines == recorded.lines)
  }

  /// Every beginning of the recorded packets, taken as a packet of either family, has a line, and a summary, and can be compared.
  @Test func whereverAPacketIsCutOffThereIsALine() throws {
    for recorded in Recorded.logs {
      let whole = try #require(Packet(hex: recorded.packet))
      for length in 0...min(140, whole.bytes.count) {
        let packet = Packet(bytes: Array(whole.bytes.prefix(length)))
        for family in AddressFamily.allCases {
          var text = ""
          LogFields(family: family, bytes: packet.bytes, detail: LogDetail()).write(into: &text)
          #expect(length == 0 ? text == "TRUNCATED" : !text.isEmpty)
        }
        #expect(!PacketSummary.text(packet).isEmpty)
        _ = PacketChange.between(whole, packet)
      }
    }
  }

  @Test func enoughIsRecorded() {
    #expect(Recorded.logs.count > 150)
    #expect(Recorded.logs.allSatisfy { $0.lines.count == 4 })
  }
}
