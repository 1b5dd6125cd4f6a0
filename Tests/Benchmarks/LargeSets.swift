// Sets of a thousand and of a hundred thousand networks: what reading them costs, and what a packet costs that asks one.

import NetfilterModel
import Simulator

/// The text of a hash:net with a number of different networks of the lengths that lists of countries have.
func setFile(count: Int) -> String {
  var text = "create geo hash:net hashsize 65536 maxelem 200000\n"
  let lengths: [UInt32] = [16, 18, 19, 20, 21, 22, 23, 24, 24, 24, 24, 24, 25, 26, 28, 32]
  var state: UInt64 = 1
  var seen: Set<UInt64> = []
  while seen.count < count {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let length = lengths[Int(state >> 60)]
    let address = (UInt32(truncatingIfNeeded: state >> 28) >> (32 - length)) << (32 - length)
    if address == 0 || !seen.insert(UInt64(address) << 8 | UInt64(length)).inserted { continue }
    text += "add geo \(IPAddress.v4(address))/\(length)\n"
  }
  return text
}

/// Reports nanoseconds of an entry that is read, and of a packet that a rule with a set sees, from senders all over.
func measureLargeSets() throws {
  let counts = [1000, 100_000]
  let texts = counts.map { Array(setFile(count: $0).utf8) }
  for (count, text) in zip(counts, texts) {
    let time = smallest(runs: 5) { _ = SetFileParser.parse(text, file: "bench") }
    report("reading of \(count) networks of a set", time / Double(count), "ns")
  }
  var hosts = try texts.map { text in
    var host = try router("*filter\nCOMMIT\n")
    host.sets = SetFileParser.parse(text, file: "bench").sets
    try host.load(try Ruleset(parsing: "*filter\n-A FORWARD -m set --match-set geo src -j DROP\nCOMMIT\n"))
    return host
  }
  let packets = (0..<4096).map { number in
    udp(
      from: UInt32(truncatingIfNeeded: (UInt64(number) &* 0x9e37_79b9_7f4a_7c15) >> 20) | 1, 40000, to: 0xc0a8_0105, 53)
  }
  var observer = SilentObserver()
  let samples = Samples.alternating(2, runs: 21) { side in
    nanoseconds {
      for packet in packets { hosts[side].walk(packet, input: "eth0", observer: &observer) }
    } / Double(packets.count)
  }
  for (count, samples) in zip(counts, samples) { samples.report("packet against \(count) networks of a set", "ns") }
}
