// The measurements: what the walk of a packet costs, what the loading of rules costs, and what a long test costs.

import Dispatch
import FlowTesting
import Foundation
import NetfilterModel
import Simulator

func report(_ name: String, _ value: Double, _ unit: String) {
  print("\(name)\t\(String(format: "%.2f", value))\t\(unit)")
}

/// Nanoseconds that a block takes.
func nanoseconds(_ block: () throws -> Void) rethrows -> Double {
  let start = DispatchTime.now().uptimeNanoseconds
  try block()
  return Double(DispatchTime.now().uptimeNanoseconds - start)
}

/// The smallest of several runs.
func smallest(runs: Int = 7, _ block: () throws -> Void) rethrows -> Double {
  var best = Double.infinity
  for _ in 0..<runs { best = min(best, try nanoseconds(block)) }
  return best
}

/// A router with a private network on eth1 and the internet on eth0.
func router(_ rules: String) throws -> LinuxHost {
  var host = LinuxHost(name: "bench")
  host.addAddress(InterfaceAddress(.v4(0xcb00_7101), prefixLength: 24), to: "eth0")
  host.addAddress(InterfaceAddress(.v4(0xc0a8_0101), prefixLength: 24), to: "eth1")
  try host.addRoute("default via 203.0.113.254")
  try host.setSysctl("net.ipv4.ip_forward", "1")
  try host.load(try Ruleset(parsing: rules, file: "bench"))
  return host
}

/// A UDP packet with a right header checksum and no transport checksum.
func udp(from source: UInt32, _ sourcePort: UInt16, to destination: UInt32, _ port: UInt16) -> Packet {
  var bytes = [UInt8](repeating: 0, count: 32)
  bytes.setUInt32(0x4500_0020, at: 0)
  bytes.setUInt32(0x4011_0000, at: 8)
  bytes.setUInt32(source, at: 12)
  bytes.setUInt32(destination, at: 16)
  bytes.setUInt16(sourcePort, at: 20)
  bytes.setUInt16(port, at: 22)
  bytes.setUInt16(12, at: 24)
  bytes.setIPv4Checksum(length: 20)
  return Packet(bytes: bytes)
}

func rules(_ chain: String, _ shape: (Int) -> String, count: Int) -> String {
  (0..<count).map { "-A \(chain) \(shape($0)) -j DROP\n" }.joined()
}

// MARK: What a rule costs that does not match

/// The shapes of rules; none fits the packets here. `compare.py` gives the kernel the same.
let shapes: [(name: String, rule: @Sendable (Int) -> String)] = [
  ("source", { "-s 10.\($0 / 65536).\($0 / 256 % 256).\($0 % 256)/32" }),
  ("port", { "-p udp -m udp --dport \(1024 + $0 % 30000)" }),
  ("multiport", { "-p udp -m multiport --dports \(1024 + $0 % 30000),\(1025 + $0 % 30000),7,9" }),
  ("ctstate", { _ in "-m conntrack --ctstate INVALID" }),
]

/// Shapes in an order that no branch predictor learns, and rules of several conditions; measured here alone.
let mixedShapes: [(name: String, rule: @Sendable (Int) -> String)] = [
  (
    "mixed",
    { number in
      // splitmix64: the same order in every run.
      var mixed = UInt64(number) &* 0x9e37_79b9_7f4a_7c15
      mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
      return shapes[Int((mixed ^ (mixed >> 31)) % UInt64(shapes.count))].rule(number)
    }
  ),
  (
    "three conditions",
    { "-p udp -m conntrack --ctstate NEW -m udp --dport \(1024 + $0 % 30000) -m comment --comment web" }
  ),
]

func measureRules() throws {
  let packet = udp(from: 0xcb00_7105, 40000, to: 0xc0a8_0105, 53)
  var observer = SilentObserver()
  for shape in shapes + mixedShapes {
    let one =
      ["ctstate", "mixed", "three conditions"].contains(shape.name)
      ? rules("FORWARD", { _ in "-m conntrack --ctstate INVALID" }, count: 1) : ""
    var base = try router("*filter\n\(one)COMMIT\n")
    for count in [100, 1000, 10000] {
      var host = try router("*filter\n\(rules("FORWARD", shape.rule, count: count))COMMIT\n")
      let repeats = max(10, 200_000 / count)
      var with = Double.infinity
      var without = Double.infinity
      for _ in 0..<7 {
        with = min(with, nanoseconds { for _ in 0..<repeats { host.walk(packet, input: "eth0", observer: &observer) } })
        without = min(
          without, nanoseconds { for _ in 0..<repeats { base.walk(packet, input: "eth0", observer: &observer) } })
      }
      report("rule \(shape.name) \(count)", (with - without) / Double(repeats * count), "ns")
    }
  }
  var empty = try router("*filter\nCOMMIT\n")
  let fixed = smallest { for _ in 0..<100_000 { empty.walk(packet, input: "eth0", observer: &observer) } }
  report("forwarded packet, no rules", fixed / 100_000, "ns")
}

// MARK: A NAT host

/// Two hundred rules that none of the packets matches, then those that let them through.
func natRules() -> String {
  var text = "*nat\n-A POSTROUTING -s 192.168.1.0/24 -o eth0 -j MASQUERADE\nCOMMIT\n*filter\n:FORWARD DROP [0:0]\n"
  for number in 0..<100 {
    text += "-A FORWARD -s 10.0.0.\(number)/32 -j DROP\n"
    text += "-A FORWARD -p tcp -m tcp --dport \(2000 + number) -j ACCEPT\n"
  }
  text += "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
  return text + "-A FORWARD -i eth1 -o eth0 -j ACCEPT\nCOMMIT\n"
}

func measureNAT() throws {
  let count = 20_000
  var observer = SilentObserver()
  let opening = (0..<count).map { (index: Int) -> Packet in
    let source = 0xc0a8_0102 + UInt32(index % 200)
    let port = UInt16(1024 + index / 200)
    return udp(from: source, port, to: 0xc633_6400 + UInt32(index % 251), 53)
  }
  var new = Double.infinity
  for _ in 0..<5 {
    var host = try router(natRules())
    new = min(new, nanoseconds { for packet in opening { host.walk(packet, input: "eth1", observer: &observer) } })
  }
  report("NAT host, new connections", Double(count) / new * 1e9, "packets/s")
  var host = try router(natRules())
  let flow = opening[0]
  let answer = udp(from: 0xc633_6400, 53, to: 0xcb00_7101, 1024)
  host.walk(flow, input: "eth1", observer: &observer)
  let established = smallest {
    for _ in 0..<(count / 2) {
      host.walk(flow, input: "eth1", observer: &observer)
      host.walk(answer, input: "eth0", observer: &observer)
    }
  }
  report("NAT host, established flow", Double(count) / established * 1e9, "packets/s")
}

// MARK: Loading

/// Ten thousand rules of four shapes.
func ruleFile(count: Int) -> String {
  let shape = { (index: Int) -> String in
    let address = "10.\(index / 65536).\(index / 256 % 256).\(index % 256)/32"
    switch index % 4 {
    case 0: return "-A FORWARD -s \(address) -j DROP\n"
    case 1: return "-A FORWARD -s \(address) -p tcp -m tcp --dport \(1024 + index) -j ACCEPT\n"
    case 2: return "-A FORWARD -p tcp -m multiport --dports \(1024 + index),7,9 -j DROP\n"
    default: return "-A FORWARD -d \(address) -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
    }
  }
  return "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
    + (0..<count).map(shape).joined() + "COMMIT\n"
}

func measureLoading() throws {
  let text = ruleFile(count: 10_000)
  let parse = try smallest { _ = try Ruleset(parsing: text, file: "bench") }
  report("parse 10000 rules", parse / 1e6, "ms")
  let ruleset = try Ruleset(parsing: text, file: "bench")
  let load = try smallest {
    var host = LinuxHost(name: "bench")
    try host.load(ruleset)
  }
  report("load 10000 rules", (parse + load) / 1e6, "ms")
  let save = smallest { _ = SavePrinter().print(ruleset) }
  report("save 10000 rules", save / 1e6, "ms")
}

// MARK: For callgrind

/// Walks packets and prints nothing, so that an instruction counter sees them alone: `forward`, `nat`, `nat-new`, or the
/// name of a shape of rules; `count` packets.
func walkOnly(_ what: String, count: Int) throws {
  var observer = SilentObserver()
  let flow = udp(from: 0xc0a8_0102, 1024, to: 0xc633_6400, 53)
  let answer = udp(from: 0xc633_6400, 53, to: 0xcb00_7101, 1024)
  switch what {
  case "forward":
    var host = try router("*filter\nCOMMIT\n")
    let packet = udp(from: 0xcb00_7105, 40000, to: 0xc0a8_0105, 53)
    for _ in 0..<count { host.walk(packet, input: "eth0", observer: &observer) }
  case "nat":
    var host = try router(natRules())
    for _ in 0..<count / 2 {
      host.walk(flow, input: "eth1", observer: &observer)
      host.walk(answer, input: "eth0", observer: &observer)
    }
  case "nat-new":
    var host = try router(natRules())
    for index in 0..<count {
      let packet = udp(
        from: 0xc0a8_0102 + UInt32(index % 200), UInt16(1024 + index / 200), to: 0xc633_6400 + UInt32(index % 251), 53)
      host.walk(packet, input: "eth1", observer: &observer)
    }
  default:
    guard let shape = (shapes + mixedShapes).first(where: { $0.name == what }) else { return }
    var host = try router("*filter\n\(rules("FORWARD", shape.rule, count: 1000))COMMIT\n")
    let packet = udp(from: 0xcb00_7105, 40000, to: 0xc0a8_0105, 53)
    for _ in 0..<count { host.walk(packet, input: "eth0", observer: &observer) }
  }
}

// MARK: Tests with undecided matches

/// A test of many steps behind two matches that nothing can decide; `port` gives the source port of a step.
func undecidedTest(count: Int, port: (Int) -> Int) -> FlowSuite {
  let rules = """
    *filter
    :INPUT DROP [0:0]
    -A INPUT -p tcp -m statistic --mode random --probability 0.5 -j ACCEPT
    -A INPUT -p tcp -m statistic --mode random --probability 0.5 -j ACCEPT
    -A INPUT -p tcp -m conntrack --ctstate NEW -m tcp --dport 22 -j ACCEPT
    COMMIT

    """
  let steps = (0..<count).map { "in on wan tcp 203.0.113.7:\(port($0)) > 203.0.113.2:22 => deliver\n" }.joined()
  return FlowSuite("iface wan 203.0.113.2/24\nrules v4 r\ntest \"t\"\n\(steps)end\n", file: "bench") {
    $0 == "r" ? rules : nil
  }
}

func measureFlowTests() {
  for (name, count, port) in [
    ("one step", 1, { _ in 5000 }), ("700 steps", 700, { _ in 5000 }), ("5000 steps", 5000, { _ in 5000 }),
    ("700 flows", 700, { 5000 + $0 }), ("5000 flows", 5000, { 5000 + $0 }),
  ] as [(String, Int, (Int) -> Int)] {
    let suite = undecidedTest(count: count, port: port)
    let time = smallest(runs: count > 1000 ? 1 : 3) {
      for test in suite.tests {
        if case .failed(let failure) = suite.run(test) { print("failed: \(failure.message)") }
      }
    }
    report("test behind two undecided matches, \(name)", time / 1e6, "ms")
  }
}
