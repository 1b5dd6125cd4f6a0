// What targets do to the bytes of a packet, against recordings of the kernel.
//
// Fixtures/targets/edits.txt has a line for each packet that Linux 6.18 forwarded through mangle POSTROUTING:
// target and options | MTU forward,back | packet as the rule saw it | packet that left, or DROP.
// HOOKWALK_EDITS names another file in this form.

import Foundation
import NetfilterModel
import Testing

@Suite struct PacketEditTests {
  @Test func editsAreTheKernels() throws {
    let path = ProcessInfo.processInfo.environment["HOOKWALK_EDITS"].map { URL(fileURLWithPath: $0) }
    let text = try Fixtures.text(path ?? Fixtures.folder("targets").appendingPathComponent("edits.txt"))
    var count = 0
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      try #require(parts.count == 4)
      let condition =
        parts[0].hasPrefix("TCPMSS")
        ? "-p tcp -m tcp --tcp-flags SYN SYN " : (parts[0].contains("-tcp-") ? "-p tcp " : "")
      let isTCP = parts[0].hasPrefix("TCPOPT")
      let target = try #require(
        parsedTarget("-A POSTROUTING \(isTCP ? "-p tcp " : condition)-j \(parts[0])", table: .mangle), "\(parts[0])")
      let services = TargetServices()
      let sizes = parts[1].split(separator: ",").compactMap { Int($0) }
      if sizes.count == 2 { services.mtu = (sizes[0], sizes[1]) }
      let packet = try #require(Packet(hex: parts[2]))
      var context = PacketContext(
        packet: packet, header: try #require(IPHeader(packet.bytes)), hook: .postrouting, table: .mangle,
        input: "a", output: "b", connection: nil, state: .none, services: services)
      let result = target.apply(&context)
      let expected: TargetResult = parts[3] == "DROP" ? .drop : .next
      #expect(result == expected, "\(line)")
      if result == .next {
        #expect(context.packet.hex == parts[3], "\(line)")
        #expect(context.header == IPHeader(context.packet.bytes), "the header is stale: \(line)")
      }
      count += 1
    }
    #expect(count > 100)
  }
}
