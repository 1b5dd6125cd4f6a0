// What the walk costs for IPv6 beside IPv4: the same host, rules and packets in both families, measured in turn.

import NetfilterModel
import Simulator

/// The same router, rules and packets in one family.
struct FamilyBench {
  var name: String
  var family: AddressFamily
  /// Whether destination options stand before the UDP header.
  var hasExtension = false

  static let all = [
    FamilyBench(name: "IPv4", family: .ipv4), FamilyBench(name: "IPv6", family: .ipv6),
    FamilyBench(name: "IPv6 with destination options", family: .ipv6, hasExtension: true),
  ]

  /// A router with a private network on eth1 and the internet on eth0.
  func router(_ rules: String) throws -> LinuxHost {
    var host = LinuxHost(name: "bench")
    let isIPv4 = family == .ipv4
    for (text, name) in [
      (isIPv4 ? "203.0.113.1/24" : "2001:db8:113::1/64", "eth0"), (isIPv4 ? "192.168.1.1/24" : "fd00:1::1/64", "eth1"),
    ] {
      guard let address = InterfaceAddress(text) else { continue }
      host.addAddress(address, to: InterfaceName(name))
    }
    try host.addRoute(isIPv4 ? "default via 203.0.113.254" : "default via 2001:db8:113::254")
    try host.setSysctl(isIPv4 ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding", "1")
    try host.load(try Ruleset(parsing: rules, file: "bench", family: family))
    return host
  }

  /// An address inside, by a number below 65,536.
  func inside(_ number: Int) -> IPAddress {
    family == .ipv4 ? .v4(0xc0a8_0100 + UInt32(number)) : .v6(0xfd00_0001_0000_0000, UInt64(number))
  }

  /// An address outside, by a number below 65,536.
  func outside(_ number: Int) -> IPAddress {
    family == .ipv4 ? .v4(0xc633_6400 + UInt32(number)) : .v6(0x2001_0db8_0064_0000, UInt64(number))
  }

  /// The address of the router on eth0.
  var routerAddress: IPAddress { family == .ipv4 ? .v4(0xcb00_7101) : .v6(0x2001_0db8_0113_0000, 1) }

  /// A UDP packet of 4 bytes with right checksums.
  func udp(_ source: IPAddress, _ sourcePort: UInt16, _ destination: IPAddress, _ port: UInt16) -> Packet {
    var datagram = UDPHeader.make(sourcePort: sourcePort, destinationPort: port, payloadLength: 4)
    datagram += [0, 0, 0, 0]
    TransportChecksum.update(&datagram, from: 0, .udp, source: source, destination: destination)
    if family == .ipv4 {
      return Packet(
        bytes: IPv4Header.make(
          payloadLength: datagram.count, identification: 0, ttl: 64, protocolNumber: .udp, source: source,
          destination: destination) + datagram)
    }
    // Padding of 6 bytes (RFC 8200 §4.2).
    let options: [UInt8] = hasExtension ? [17, 0, 1, 4, 0, 0, 0, 0] : []
    return Packet(
      bytes: IPv6Header.make(
        payloadLength: options.count + datagram.count, nextHeader: hasExtension ? .ipv6DestinationOptions : .udp,
        hopLimit: 64, source: source, destination: destination) + options + datagram)
  }

  /// The shapes of rules that none of the packets fits.
  static let shapes = ["source", "port", "multiport", "ctstate"]

  func rules(_ shape: String, count: Int) -> String {
    (0..<count).map { number in
      let condition =
        switch shape {
        case "source" where family == .ipv4:
          "-s 10.\(number / 65536).\(number / 256 % 256).\(number % 256)/32"
        case "source": "-s fd00:2::\(String(number, radix: 16))/128"
        case "port": "-p udp -m udp --dport \(1024 + number % 30000)"
        case "multiport": "-p udp -m multiport --dports \(1024 + number % 30000),\(1025 + number % 30000),7,9"
        default: "-m conntrack --ctstate INVALID"
        }
      return "-A FORWARD \(condition) -j DROP\n"
    }.joined()
  }

  /// Two hundred rules that none of the packets matches, then those that let them through.
  var natRules: String {
    let (inside, other) = family == .ipv4 ? ("192.168.1.0/24", "10.0.0.") : ("fd00:1::/64", "fd00:2::")
    var text = "*nat\n-A POSTROUTING -s \(inside) -o eth0 -j MASQUERADE\nCOMMIT\n*filter\n:FORWARD DROP [0:0]\n"
    for number in 0..<100 {
      text += "-A FORWARD -s \(other)\(number) -j DROP\n"
      text += "-A FORWARD -p tcp -m tcp --dport \(2000 + number) -j ACCEPT\n"
    }
    text += "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
    return text + "-A FORWARD -i eth1 -o eth0 -j ACCEPT\nCOMMIT\n"
  }

  /// Prepares a kind of measurement: a host and the packets that walk it in turn.
  func kind(_ name: String) throws -> (host: LinuxHost, packets: [(Packet, InterfaceName)]) {
    let known: [(Packet, InterfaceName)] = [
      (udp(inside(2), 1024, outside(0), 53), "eth1"),
      (udp(outside(0), 53, routerAddress, 1024), "eth0"),
    ]
    switch name {
    case "forward, no rules": return (try router("*filter\nCOMMIT\n"), [known[0]])
    case "forward, established":
      let rules = "*filter\n-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT\nCOMMIT\n"
      return (try router(rules), [known[0], (udp(outside(0), 53, inside(2), 1024), "eth0")])
    case "NAT, established": return (try router(natRules), known)
    default:
      return (
        try router(natRules),
        (0..<20_000).map { (udp(inside(2 + $0 % 200), UInt16(1024 + $0 / 200), outside($0 % 251), 53), "eth1") }
      )
    }
  }

  static let kinds = ["forward, no rules", "forward, established", "NAT, established", "NAT, new connections"]

  /// Walks packets of a kind, in turn, and prints nothing, for an instruction counter: `IPv4`, `IPv6` or `IPv6-options`, a kind's or a
  /// shape's name, and how many.
  static func walkOnly(_ side: String, _ what: String, count: Int) throws {
    let sides = ["IPv4": 0, "IPv6": 1, "IPv6-options": 2]
    guard let side = sides[side].map({ all[$0] }) else { return }
    var observer = SilentObserver()
    if shapes.contains(what) {
      var host = try side.router("*filter\n\(side.rules(what, count: 1000))COMMIT\n")
      let packet = side.udp(side.outside(7), 40000, side.inside(5), 53)
      for _ in 0..<count { host.walk(packet, input: "eth0", observer: &observer) }
      return
    }
    var (host, packets) = try side.kind(what)
    for number in 0..<count {
      let (packet, input) = packets[number % packets.count]
      host.walk(packet, input: input, observer: &observer)
    }
  }

  /// Nanoseconds of the processor that a block takes, so that other processes do not count.
  private static func processorNanoseconds(_ block: () -> Void) -> Double {
    let start = processorTime()
    block()
    return Double(processorTime() - start)
  }

  /// Prints each figure for each side, and what IPv6 costs beside IPv4.
  static func measure() throws {
    var observer = SilentObserver()
    func report(_ name: String, _ samples: [Samples], _ unit: String) {
      for (side, samples) in zip(all, samples) { samples.report("\(side.name): \(name)", unit) }
      for side in 1..<all.count {
        // The ratio of each round, as the machine is not equally fast in all of them.
        var ratios = Samples()
        for (one, other) in zip(samples[0].values, samples[side].values) where one > 0 { ratios.add(other / one) }
        ratios.report("\(all[side].name) / IPv4: \(name)", "times")
      }
    }
    for kind in kinds {
      let isNew = kind == kinds.last
      let prepared = try all.map { try $0.kind(kind) }
      var hosts = prepared.map { $0.host }
      let count = 20_000
      let samples = Samples.alternating(all.count, runs: 15) { side in
        // New connections need a host that knows none.
        var host = isNew ? prepared[side].host : hosts[side]
        let packets = prepared[side].packets
        let time = processorNanoseconds {
          for number in 0..<count {
            let (packet, input) = packets[number % packets.count]
            host.walk(packet, input: input, observer: &observer)
          }
        }
        hosts[side] = host
        return time / Double(count)
      }
      report(kind, samples, "ns")
    }
    for shape in shapes {
      for count in [1000, 10_000] {
        var hosts = try all.map { try $0.router("*filter\n\($0.rules(shape, count: count))COMMIT\n") }
        // Connection tracking costs the packet, not the rule.
        var bases = try all.map {
          try $0.router("*filter\n\(shape == "ctstate" ? $0.rules(shape, count: 1) : "")COMMIT\n")
        }
        let packets = all.map { $0.udp($0.outside(7), 40000, $0.inside(5), 53) }
        let repeats = max(10, 400_000 / count)
        let samples = Samples.alternating(all.count, runs: 15) { side in
          let packet = packets[side]
          let with = processorNanoseconds {
            for _ in 0..<repeats { hosts[side].walk(packet, input: "eth0", observer: &observer) }
          }
          let without = processorNanoseconds {
            for _ in 0..<repeats { bases[side].walk(packet, input: "eth0", observer: &observer) }
          }
          return (with - without) / Double(repeats * count)
        }
        report("a rule, \(shape), of \(count)", samples, "ns")
      }
    }
  }
}
