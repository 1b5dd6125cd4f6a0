// Fifty thousand rules: what a rule costs in a table that no cache of the processor holds.

import NetfilterModel
import Simulator

/// Reports nanoseconds of a rule that does not match, beside the same rules in a small table.
func measureManyRules() throws {
  let packet = udp(from: 0xcb00_7105, 40000, to: 0xc0a8_0105, 53)
  var observer = SilentObserver()
  for shape in shapes {
    let counts = [1000, 50_000]
    var hosts = try counts.map { try router("*filter\n\(rules("FORWARD", shape.rule, count: $0))COMMIT\n") }
    let samples = Samples.alternating(2, runs: 11) { side in
      let repeats = 1_000_000 / counts[side]
      return nanoseconds { for _ in 0..<repeats { hosts[side].walk(packet, input: "eth0", observer: &observer) } }
        / Double(repeats * counts[side])
    }
    for (count, samples) in zip(counts, samples) { samples.report("walk of \(count) rules, \(shape.name)", "ns") }
  }
}
