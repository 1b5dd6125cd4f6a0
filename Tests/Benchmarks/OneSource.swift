// One source with many connections behind NAT: what each new one costs.

import NetfilterModel
import Simulator

/// How many flows the source has, and whether they go out of one port to many destinations or out of many ports to one.
private struct SourceShape {
  var flows: Int
  var hasOnePort: Bool

  var name: String { "one NAT source, \(flows) flows of \(hasOnePort ? "one port" : "many ports")" }

  func packet(_ number: Int) -> Packet {
    hasOnePort
      ? udp(from: 0xc0a8_0102, 5000, to: 0xc600_0000 + UInt32(number), 53)
      : udp(from: 0xc0a8_0102, UInt16(1024 + number), to: 0xc633_6407, 53)
  }
}

/// Reports nanoseconds of a new connection, over all connections of the source.
func measureOneSource() throws {
  let shapes = [10_000, 40_000, 60_000].flatMap { flows in
    [true, false].map { SourceShape(flows: flows, hasOnePort: $0) }
  }
  var observer = SilentObserver()
  let samples = try Samples.alternating(shapes.count, runs: 5) { side in
    var host = try router(openRules(masquerades: true))
    let shape = shapes[side]
    let packets = (0..<shape.flows).map { shape.packet($0) }
    return nanoseconds { for packet in packets { host.walk(packet, input: "eth1", observer: &observer) } }
      / Double(shape.flows)
  }
  for (shape, samples) in zip(shapes, samples) { samples.report(shape.name, "ns") }
}
