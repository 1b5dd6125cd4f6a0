// Measures the walk: what each rule that does not match costs, and how many packets a second go through a NAT host.

import Dispatch
import Foundation
import NetfilterModel
import Simulator

/// Nanoseconds that a block takes, the smallest of several runs.
func nanoseconds(runs: Int = 5, _ block: () -> Void) -> Double {
  var best = Double.infinity
  for _ in 0..<runs {
    let start = DispatchTime.now().uptimeNanoseconds
    block()
    best = min(best, Double(DispatchTime.now().uptimeNanoseconds - start))
  }
  return best
}

func host(rules: String) throws -> Simulator.Host {
  let result = RestoreParser.parse(rules, file: "bench", family: .ipv4)
  let host = Simulator.Host(name: "bench")
  host.addAddress(InterfaceAddress(.v4(0xcb00_7101), prefixLength: 24), to: "eth0")
  host.addAddress(InterfaceAddress(.v4(0xc0a8_0101), prefixLength: 24), to: "eth1")
  try host.setSysctl("net.ipv4.ip_forward", "1")
  try host.load(result.ruleset)
  return host
}

// 203.0.113.5:40000 > 192.168.1.5:53, UDP
var udp = Packet(hex: "450000200001000040110000cb007105c0a801059c400035000c000041414141") ?? Packet(bytes: [])
udp.bytes.setUInt16(Checksum.compute(udp.bytes, in: 0..<20), at: 10)

let shapes: [(String, (Int) -> String)] = [
  ("-s", { "-s 10.\($0 / 65536 % 256).\($0 / 256 % 256).\($0 % 256)/32" }),
  ("udp --dport", { "-p udp -m udp --dport \(1024 + $0 % 60000)" }),
  ("multiport", { "-p udp -m multiport --dports \(1024 + $0 % 60000),\(1025 + $0 % 60000),7,9" }),
  ("ctstate", { _ in "-m conntrack --ctstate INVALID" }),
]
for (name, rule) in shapes {
  for count in [100, 1000, 10000] {
    let text = "*filter\n" + (0..<count).map { "-A FORWARD \(rule($0)) -j DROP\n" }.joined() + "COMMIT\n"
    let full = try host(rules: text)
    let empty = try host(
      rules: "*filter\n" + (name == "ctstate" ? "-A FORWARD -m conntrack --ctstate INVALID -j DROP\n" : "") + "COMMIT\n"
    )
    var observer = SilentObserver()
    let repeats = max(1, 200_000 / count)
    let with: Double = nanoseconds { for _ in 0..<repeats { full.walk(udp, input: "eth0", observer: &observer) } }
    let without: Double = nanoseconds { for _ in 0..<repeats { empty.walk(udp, input: "eth0", observer: &observer) } }
    print(
      name, count,
      String(
        format: "%.2f ns a rule, %.0f ns a packet without rules", (with - without) / Double(repeats * count),
        without / Double(repeats)))
  }
}
