// What a trace as text costs: the recorded walk of a packet, and its report.

import FlowTesting
import NetfilterModel
import Simulator

/// Traces of packets as text.
enum TraceBenchmark {
  /// A host and packets that walk it in turn.
  struct Kind {
    var name: String
    var rules: String
    /// Each packet with the interface on which it arrives.
    var packets: @Sendable (Int) -> (Packet, InterfaceName)
    var explains = false
  }

  /// A gateway as people have them: all tables, user chains, comments, a port forward.
  static let gateway = """
    *raw
    :PREROUTING ACCEPT [0:0]
    COMMIT
    *mangle
    :FORWARD ACCEPT [0:0]
    -A FORWARD -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
    COMMIT
    *nat
    :PREROUTING ACCEPT [0:0]
    :port-forwards - [0:0]
    -A PREROUTING -d 203.0.113.1/32 -j port-forwards
    -A POSTROUTING -o eth0 -j MASQUERADE
    -A port-forwards -p udp -m multiport --dports 53,443 -m comment --comment web -j DNAT --to-destination 192.168.1.10
    COMMIT
    *filter
    :FORWARD DROP [0:0]
    :lan - [0:0]
    -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
    -A FORWARD -o eth1 -j lan
    -A lan -s 10.0.0.0/8 -j DROP
    -A lan -m conntrack --ctstate DNAT -m comment --comment "what is forwarded from outside" -j ACCEPT
    COMMIT

    """

  static let kinds = [
    Kind(name: "forward", rules: "*filter\nCOMMIT\n") { _ in
      (udp(from: 0xcb00_7105, 40000, to: 0xc0a8_0105, 53), "eth0")
    },
    Kind(name: "nat", rules: natRules()) { number in
      number % 2 == 0
        ? (udp(from: 0xc0a8_0102, 1024, to: 0xc633_6400, 53), "eth1")
        : (udp(from: 0xc633_6400, 53, to: 0xcb00_7101, 1024), "eth0")
    },
    Kind(name: "gateway", rules: gateway, packets: portForward),
    Kind(name: "gateway-explained", rules: gateway, packets: portForward, explains: true),
  ]

  /// The first packet of a connection of its own into the port forward.
  @Sendable private static func portForward(_ number: Int) -> (Packet, InterfaceName) {
    (udp(from: 0xc633_6400 + UInt32(number % 250), UInt16(1024 + number / 250 % 60000), to: 0xcb00_7101, 53), "eth0")
  }

  /// Traces `count` packets of a kind; returns how many bytes the texts have.
  @discardableResult
  static func trace(_ kind: Kind, on host: inout LinuxHost, from start: Int = 0, count: Int) -> Int {
    let report = TextReport(explains: kind.explains)
    var bytes = 0
    for number in start..<start + count {
      let (packet, input) = kind.packets(number)
      let walk = kind.explains ? host.receive(packet, on: input) : host.record(packet, input: input)
      bytes += report.render(walk, on: host).utf8.count
    }
    return bytes
  }

  /// Traces packets and prints nothing, for an instruction counter.
  static func traceOnly(_ name: String, count: Int) throws {
    guard let kind = kinds.first(where: { $0.name == name }) else { return }
    var host = try router(kind.rules)
    trace(kind, on: &host, count: count)
  }

  /// Prints the median of several samples for each kind, the kinds alternating, with the smallest and the largest.
  static func measure(samples: Int = 15, count: Int = 1000) throws {
    var hosts = try kinds.map { try router($0.rules) }
    var times = [[Double]](repeating: [], count: kinds.count)
    var bytes = [Int](repeating: 0, count: kinds.count)
    for sample in 0..<samples {
      for (place, kind) in kinds.enumerated() {
        times[place].append(
          nanoseconds { bytes[place] = trace(kind, on: &hosts[place], from: sample * count, count: count) })
      }
    }
    for (place, kind) in kinds.enumerated() {
      let sorted = times[place].sorted().map { $0 / Double(count) / 1000 }
      report("trace as text, \(kind.name), \(bytes[place] / count) bytes: median", sorted[sorted.count / 2], "us")
      report("trace as text, \(kind.name): smallest", sorted[0], "us")
      report("trace as text, \(kind.name): largest", sorted[sorted.count - 1], "us")
    }
  }
}
