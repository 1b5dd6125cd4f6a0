// A full connection table: what each packet costs that would begin a connection.

import NetfilterModel
import Simulator

/// Fills tables of the kernel's default size, one with connections that may be evicted, one with assured ones alone.
func measureFullTable() throws {
  let size = 262_144
  var hosts = [try router(openRules(masquerades: false)), try router(openRules(masquerades: false))]
  var observer = SilentObserver()
  for side in 0..<2 {
    try hosts[side].setSysctl("net.netfilter.nf_conntrack_udp_timeout", "86400")
    try hosts[side].setSysctl("net.netfilter.nf_conntrack_udp_timeout_stream", "86400")
    for number in 0..<size { hosts[side].walk(opening(number), input: "eth1", observer: &observer) }
    guard side == 1 else { continue }
    for number in 0..<size { hosts[side].walk(answer(to: number), input: "eth0", observer: &observer) }
    hosts[side].wait(nanoseconds: 3_000_000_000)
    for number in 0..<size { hosts[side].walk(opening(number), input: "eth1", observer: &observer) }
  }
  let count = 5000
  var next = [size, size]
  let samples = Samples.alternating(2, runs: 15) { side in
    nanoseconds {
      for _ in 0..<count {
        hosts[side].walk(opening(next[side]), input: "eth1", observer: &observer)
        next[side] += 1
      }
    } / Double(count)
  }
  samples[0].report("full table, one is evicted", "ns")
  samples[1].report("full table, all are assured", "ns")
}

/// The answer to `opening(number)` where nothing is translated.
private func answer(to number: Int) -> Packet {
  udp(
    from: 0xc633_0000 | UInt32(number & 0xffff), 53,
    to: 0xc0a8_0000 | UInt32(number >> 14 & 0xff) << 8 | 2, UInt16(1024 + number & 0x3fff))
}
