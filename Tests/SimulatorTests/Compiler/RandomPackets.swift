// Random packets at a hook: protocols, cut-off headers, fragments, options, and what the host keeps beside the bytes.

import NetfilterModel

@testable import Simulator

struct RandomPackets {
  let family: AddressFamily
  var dice: Dice

  init(_ part: String, _ family: AddressFamily) {
    self.family = family
    dice = Dice("packets \(part) \(family)")
  }

  static let protocols: [UInt8] = [6, 6, 6, 17, 17, 1, 1, 58, 132, 50, 51, 33, 108, 136, 47, 2, 0, 255]
  static let ports: [UInt16] = [0, 1, 22, 53, 80, 1000, 65535]
  static let interfaces: [InterfaceName] = ["eth0", "eth1", "lo", "wlan0", "e", "eth00", "br-long-name-15", .none]

  /// A host with interfaces, addresses and routes of both families.
  static func host() throws -> LinuxHost {
    var host = LinuxHost()
    for name in ["eth0", "eth1", "wlan0"] { host.addInterface(Interface(InterfaceName(name))) }
    try host.addAddress("10.0.0.1/24", to: "eth0")
    try host.addAddress("2001:db8::1/64", to: "eth0")
    try host.addAddress("10.1.0.1/24", to: "eth1")
    try host.addAddress("2001:db8:1::1/64", to: "eth1")
    try host.addRoute("default via 10.1.0.254")
    try host.setSysctl("net.ipv4.ip_forward", "1")
    return host
  }

  /// The sets that random rules name.
  static func sets(_ family: AddressFamily) -> SetCollection {
    let (word, networks, host) =
      family == .ipv4
      ? ("inet", ["10.0.0.0/8", "10.0.0.0/16 nomatch", "192.0.2.0/24"], "10.0.0.1")
      : ("inet6", ["2000::/3", "2001:db8:1::/48 nomatch", "fe80::/10"], "2001:db8::1")
    let text =
      "create a hash:net family \(word) counters\n" + networks.map { "add a \($0)\n" }.joined()
      + "create b hash:net,port family \(word) counters timeout 2\n"
      + networks.map { "add b \($0.split(separator: " ")[0]),tcp:0-1000\n" }.joined()
      + "add b \(host),udp:53 timeout 0\n"
    return SetFileParser.parse(Array(text.utf8), file: "sets").sets
  }

  /// A packet at a hook, and perhaps a connection for it; `number` is the protocol that the rule names.
  mutating func flight(
    on host: inout LinuxHost, at hook: Hook, _ table: TableKind, likely number: ProtocolNumber?
  ) -> Flight {
    let packet = packet(likely: number)
    guard let header = IPHeader(packet.bytes) else { return flight(on: &host, at: hook, table, likely: number) }
    var flight = host.walker.flight(packet, header, reason: .received, input: .none)
    flight.context.hook = hook
    flight.context.table = table
    if hook == .prerouting || hook == .input || hook == .forward { flight.context.input = dice.pick(Self.interfaces) }
    if hook == .output || hook == .postrouting || hook == .forward {
      flight.context.output = dice.pick(Self.interfaces)
    }
    if dice.chance(60) {
      flight.context.connection = connection(on: &host, header)
      flight.context.state = dice.pick([.new, .established, .related, .establishedReply, .relatedReply])
    } else {
      flight.context.state = dice.pick([.none, .untracked])
    }
    return flight
  }

  private mutating func connection(on host: inout LinuxHost, _ header: IPHeader) -> ConnectionID {
    var tuple = ConnectionTuple(
      source: header.source, destination: header.destination, sourceKey: dice.pick(Self.ports),
      destinationKey: dice.pick(Self.ports), protocolNumber: header.protocolNumber)
    let original = tuple
    tuple = ConnectionTuple(
      source: dice.chance(70) ? tuple.destination : address(), destination: dice.chance(70) ? tuple.source : address(),
      sourceKey: dice.pick(Self.ports), destinationKey: dice.pick(Self.ports), protocolNumber: tuple.protocolNumber)
    let id = host.state.connections.make(original: original, reply: tuple, hasCounters: dice.chance(60))
    var connection = host.walker.state.connections[id]
    connection.status = ConnectionStatus(rawValue: UInt32(truncatingIfNeeded: dice.next()) & 0x3fff)
    if dice.chance(20) { connection.status = [] }
    connection.mark = mark()
    if dice.chance(50) { connection.labels.insert(UInt8(dice.number(0...2))) }
    connection.timeout = host.now &+ dice.pick([0, 1_000_000_000, 30_000_000_000, 29_999_999_999, 600_000_000_000])
    for _ in 0..<dice.number(0...3) { connection.originalCounters.count(length: dice.number(20...120)) }
    for _ in 0..<dice.number(0...3) { connection.replyCounters.count(length: dice.number(20...120)) }
    connection.expectedBy = dice.pick([nil, nil, "ftp", "irc", ""])
    host.walker.state.connections[id] = connection
    return id
  }

  private mutating func mark() -> UInt32 {
    dice.chance(80) ? dice.pick([0, 1, 2, 0x10, 0xff, .max]) : UInt32(truncatingIfNeeded: dice.next())
  }

  private mutating func address() -> IPAddress {
    if family == .ipv4 {
      return .v4(
        dice.pick([
          0x0a00_0001, 0x0a00_0009, 0x0a01_0002, 0xc0a8_0105, 0xe000_0001, .max, 0, 0x7f00_0001,
          UInt32(truncatingIfNeeded: dice.next()),
        ]))
    }
    return dice.pick([
      .v6(0x2001_0db8_0000_0000, 1), .v6(0x2001_0db8_0000_0000, 9), .v6(0x2001_0db8_0001_0000, 2),
      .v6(0x2001_0db8_0000_0000, 0x8000_0000_0000_0001),
      .v6(0xfe80_0000_0000_0000, 5), .v6(0xff02_0000_0000_0000, 1), .v6(0, 0), .v6(0, 1), .v6(dice.next(), dice.next()),
      // Those that were made of the Ethernet addresses below.
      .v6(0xfe80_0000_0000_0000, 0x0211_22ff_feaa_bbcc), .v6(0xfe80_0000_0000_0000, 0x0200_00ff_fe00_0000),
    ])
  }

  /// A packet with a right header checksum.
  mutating func packet(likely number: ProtocolNumber?) -> Packet {
    let number = if let number, dice.chance(70) { number } else { ProtocolNumber(dice.pick(Self.protocols)) }
    var payload = payload(number)
    if dice.chance(30) { payload.removeLast(dice.number(0...payload.count)) }
    let tos = dice.chance(80) ? dice.pick([0, 0x10, 2, 0xb8, 0x0b]) : UInt8(truncatingIfNeeded: dice.next())
    let ttl = dice.chance(80) ? dice.pick([0, 1, 5, 64, 255]) : UInt8(truncatingIfNeeded: dice.next())
    let length = dice.chance(90) ? payload.count : dice.number(0...2000)
    var packet: Packet
    if family == .ipv4 {
      var fragmentation = IPv4Fragmentation()
      if dice.chance(35) {
        fragmentation = IPv4Fragmentation(
          rawValue: dice.pick([0, 0x2000, 0x4000]) | dice.pick([0, 1, 2, 3, 0x1fff]))
      }
      let options = [UInt8](repeating: 1, count: dice.chance(80) ? 0 : 4 * dice.number(1...10))
      packet = Packet(
        bytes: IPv4Header.make(
          tos: tos, payloadLength: length, identification: UInt16(truncatingIfNeeded: dice.next()),
          fragmentation: fragmentation, ttl: ttl, protocolNumber: number, source: address(), destination: address(),
          options: options) + payload)
    } else {
      var (next, extensions) = (number, [UInt8]())
      if dice.chance(50) {
        for _ in 0..<dice.number(1...3) {
          let (kind, header) = extensionHeader(before: next)
          (next, extensions) = (kind, header + extensions)
        }
        if dice.chance(15) {
          payload = []
          extensions.removeLast(dice.number(0...extensions.count))
        }
      }
      packet = Packet(
        bytes: IPv6Header.make(
          trafficClass: tos, payloadLength: length, nextHeader: next, hopLimit: ttl, source: address(),
          destination: address()) + extensions + payload)
    }
    packet.mark = mark()
    packet.owner = dice.pick([
      .none, .none, .kernel, .process(uid: 0, gid: 0), .process(uid: 1000, gid: 5, groups: [1, 5]),
      .process(uid: 5, gid: 1000, groups: [0]),
    ])
    packet.type = dice.pick([.host, .host, .broadcast, .multicast, .otherHost, .loopback])
    packet.sourceMAC = dice.pick([
      nil, [0, 0x11, 0x22, 0xaa, 0xbb, 0xcc], [0, 0, 0, 0, 0, 0], [255, 255, 255, 255, 255, 255], [1, 2, 3],
    ])
    return packet
  }

  /// An extension header of IPv6 and its number, with a right length mostly.
  private mutating func extensionHeader(before next: ProtocolNumber) -> (ProtocolNumber, [UInt8]) {
    let kind = dice.pick([
      ProtocolNumber.ipv6HopByHop, .ipv6DestinationOptions, .ipv6Routing, .ipv6Routing, .ipv6Fragment, .ah,
    ])
    var header: [UInt8]
    switch kind {
    case .ipv6Routing:
      let type: UInt8 = dice.pick([0, 0, 2, 4, 4])
      let addresses = (0..<dice.number(0...2)).map { _ in address() }
      header = [
        next.rawValue, UInt8(2 * addresses.count), type, dice.pick([0, 1, 2, 255]), dice.pick([0, 1, 2, 255]),
      ]
      header += [0, dice.pick([0, 1]), dice.pick([0, 0, 1])] + addresses.flatMap { $0.bytes }
    case .ipv6Fragment:
      let fragmentation: UInt16 = dice.pick([0, 1, 1, 7, 8, 9, 0xfff8])
      header = [next.rawValue, dice.pick([0, 0, 1]), UInt8(fragmentation >> 8), UInt8(fragmentation & 255), 0, 0, 0]
      header.append(dice.pick([0, 1, 5, byte()]))
    case .ah:
      header = [next.rawValue, dice.pick([1, 4, 0]), 0, dice.pick([0, 0, 1]), 0, 0x16, 0, dice.pick([0x50, 1])]
      header += [UInt8](repeating: 0, count: 4 * Int(header[1]))
    default:
      let options: [UInt8] = dice.pick([
        [1, 4, 0, 0, 0, 0], [5, 2, 0, 0, 1, 0], [0, 0, 1, 2, 0, 0], [1, 1, 0, 1, 1, 0], [5, 2, 0, 0, 0, 9],
      ])
      let more = [UInt8](repeating: 0, count: 8 * dice.pick([0, 0, 1, 2]))
      header = [next.rawValue, UInt8(more.count / 8)] + options + more
    }
    if dice.chance(5) { header[1] = byte() }
    return (kind, header)
  }

  private mutating func payload(_ number: ProtocolNumber) -> [UInt8] {
    let (source, destination) = (dice.pick(Self.ports), dice.pick(Self.ports))
    let data = dice.chance(60) ? Array("abcdabGETX".utf8) : (0..<dice.number(0...40)).map { _ in byte() }
    switch number {
    case .tcp:
      var options: [UInt8] = []
      for _ in 0..<dice.number(0...3) {
        options += dice.pick([
          [1], [2, 4, 5, 0xb4], [2, 4, 2, 0x18], [3, 3, 7], [4, 2], [8, 2], [0], [2, 0], [255, 9],
        ])
      }
      while options.count % 4 != 0 { options.append(dice.pick([0, 1])) }
      let flags = TCPFlags(rawValue: dice.chance(50) ? dice.pick([2, 0x12, 0x10, 0x42, 0xc2]) : byte())
      var header = TCPHeader.make(
        sourcePort: source, destinationPort: destination, sequence: UInt32(truncatingIfNeeded: dice.next()),
        flags: flags, options: options)
      if dice.chance(15) { TCPHeader.setLength(4 * dice.number(0...15), in: &header, at: 0) }
      return header + data
    case .udp: return UDPHeader.make(sourcePort: source, destinationPort: destination, payloadLength: data.count) + data
    case .icmp, .icmpv6:
      return [dice.pick([8, 0, 3, 11, 255, 128, 1, byte()]), dice.pick([0, 1, 4, 255, byte()]), 0, 0, 0, 7, 0, 1] + data
    case .ipv6Mobility:
      return [dice.pick([59, 59, 59, 6]), 0, dice.pick([0, 1, 3, 5, 7, byte()]), 0, 0, 0, 0, 0].dropLast(
        dice.pick([0, 0, 2, 3])) + data
    case .sctp:
      // The common header, then chunks, mostly with right lengths.
      var bytes = [UInt8(source >> 8), UInt8(source & 255), UInt8(destination >> 8), UInt8(destination & 255)]
      bytes += [UInt8](repeating: 0, count: 8)
      for _ in 0..<dice.number(0...3) {
        let chunk: [UInt8] = [dice.pick([0, 0, 1, 3, 6, 14, 11, byte()]), dice.pick([0, 1, 3, 8]), 0]
        bytes += dice.pick([chunk + [4], chunk + [4], chunk + [8, 1, 2, 3, 4], chunk + [6, 1, 2, 0, 0], chunk + [0]])
      }
      return bytes
    case .dccp:
      let length = dice.pick([3, 4, 5, 6, 2])
      var bytes = [UInt8(source >> 8), UInt8(source & 255), UInt8(destination >> 8), UInt8(destination & 255)]
      bytes += [UInt8(length), 0, 0, 0, UInt8(dice.number(0...11)) << 1 | UInt8(dice.number(0...1)), 0, 0, 1]
      return bytes + dice.pick([[0, 0, 0, 1], [1, 2, 0, 0], [32, 3, 9, 0]])
        + dice.pick([[32, 4, 1, 1], [38, 3, 1, 0], [0, 0, 0, 0], [1, 2, 38, 0]]) + data
    default:
      // The ports of others, or the index of ESP; and as many bytes as their headers have, or fewer.
      return [UInt8(source >> 8), UInt8(source & 255), UInt8(destination >> 8), UInt8(destination & 255)]
        + [UInt8](repeating: byte(), count: dice.pick([0, 4, 8, 16])) + data
    }
  }

  private mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: dice.next()) }
}
