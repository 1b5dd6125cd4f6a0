// What the conntrack tests share: a host that answers nothing, packets made from their fields, and a short way to a verdict.

import NetfilterModel
import Simulator

/// A host of which only the clock runs; what it says of NAT can be set.
final class ClockHost: HostServices {
  var now: UInt64
  let nat: TargetResult

  init(now: UInt64 = 1_000_000_000_000, nat: TargetResult = .accept) {
    self.now = now
    self.nat = nat
  }

  var wallClock: UInt64? { nil }
  var chanceIsInjected: Bool { false }
  func random32() -> UInt32 { 0 }
  func store<Store: SharedStore>(_ key: String, make: () -> Store) -> Store { make() }
  func addressType(of address: IPAddress, on interface: InterfaceName?) -> AddressType { .unicast }
  func route(to destination: IPAddress, from source: IPAddress, mark: UInt32, tos: UInt8) -> (
    type: AddressType, device: InterfaceName
  )? { nil }
  func masqueradeAddress(for packet: PacketContext) -> IPAddress? { nil }
  func redirectAddress(for packet: PacketContext) -> IPAddress? { nil }
  func setUpNAT(
    _ packet: inout PacketContext, range: NATRange, manipulation: NATManipulation
  ) -> TargetResult { nat }
  func reject(_ packet: PacketContext, with kind: RejectKind) {}
  func pathMTU(for packet: PacketContext) -> (forward: Int?, back: Int?) { (nil, nil) }
  func log(_ record: LogRecord, packet: PacketContext) {}
}

/// Packets between a client and a server, with right checksums.
enum Make {
  static let client: UInt32 = 0x0a00_0002
  static let server: UInt32 = 0xc000_0209

  /// An IPv4 packet.
  static func ip(
    _ source: UInt32, _ destination: UInt32, _ protocolNumber: UInt8, _ payload: [UInt8], id: UInt16 = 1,
    fragment: UInt16 = 0, tos: UInt8 = 0, options: [UInt8] = []
  ) -> [UInt8] {
    let length = 20 + options.count
    var bytes = [UInt8](repeating: 0, count: 20) + options + payload
    bytes.setByte(0x40 | UInt8(length / 4), at: 0)
    bytes.setByte(tos, at: 1)
    bytes.setUInt16(UInt16(bytes.count), at: 2)
    bytes.setUInt16(id, at: 4)
    bytes.setUInt16(fragment, at: 6)
    bytes.setByte(64, at: 8)
    bytes.setByte(protocolNumber, at: 9)
    bytes.setUInt32(source, at: 12)
    bytes.setUInt32(destination, at: 16)
    bytes.setIPv4Checksum(length: length)
    return bytes
  }

  /// A packet whose transport checksum lies at `field` and has a pseudo header.
  static func transport(
    reply: Bool, _ protocolNumber: UInt8, _ segment: [UInt8], field: Int
  ) -> [UInt8] {
    let (source, destination) = reply ? (server, client) : (client, server)
    var segment = segment
    let initial = Checksum.pseudoHeader(
      source: .v4(source), destination: .v4(destination), protocolNumber: ProtocolNumber(protocolNumber),
      length: segment.count)
    segment.setUInt16(Checksum.compute(segment, in: 0..<segment.count, initial: initial), at: field)
    return ip(source, destination, protocolNumber, segment)
  }

  /// A TCP segment between the client's `port` and the server's port 80.
  static func tcp(
    _ port: UInt16, reply: Bool = false, _ flags: UInt8, seq: UInt32, ack: UInt32 = 0, window: UInt16 = 1000,
    options: [UInt8] = [], data: [UInt8] = []
  ) -> [UInt8] {
    var segment = [UInt8](repeating: 0, count: 20) + options + data
    segment.setUInt16(reply ? 80 : port, at: 0)
    segment.setUInt16(reply ? port : 80, at: 2)
    segment.setUInt32(seq, at: 4)
    segment.setUInt32(ack, at: 8)
    segment.setByte(UInt8((20 + options.count) / 4) << 4, at: 12)
    segment.setByte(flags, at: 13)
    segment.setUInt16(window, at: 14)
    return transport(reply: reply, 6, segment, field: 16)
  }

  /// A UDP datagram between the client's `port` and the server's port 53.
  static func udp(_ port: UInt16, reply: Bool = false, length: UInt16? = nil, data: [UInt8] = [1]) -> [UInt8] {
    var segment = [UInt8](repeating: 0, count: 8) + data
    segment.setUInt16(reply ? 53 : port, at: 0)
    segment.setUInt16(reply ? port : 53, at: 2)
    segment.setUInt16(length ?? UInt16(segment.count), at: 4)
    return transport(reply: reply, 17, segment, field: 6)
  }

  /// An ICMP message.
  static func icmp(
    from source: UInt32 = client, to destination: UInt32 = server, type: UInt8, code: UInt8 = 0, id: UInt16 = 7,
    data: [UInt8] = []
  ) -> [UInt8] {
    var message = [type, code, 0, 0, UInt8(id >> 8), UInt8(id & 255), 0, 1] + data
    message.setUInt16(Checksum.compute(message, in: 0..<message.count), at: 2)
    return ip(source, destination, 1, message)
  }
}

/// A table with a clock, into which packets go one after the other.
final class Tracker {
  let host = ClockHost()
  let table = ConnectionTable(isEnabled: true)

  func context(_ bytes: [UInt8], hook: Hook = .prerouting) -> PacketContext? {
    IPHeader(bytes).map {
      PacketContext(
        packet: Packet(bytes: bytes), header: $0, hook: hook, table: .mangle, input: "eth0", output: .none,
        connection: nil, state: .none, services: host)
    }
  }

  /// Tracks and confirms a packet that is let through; nil when it was dropped on the way.
  @discardableResult
  func pass(_ bytes: [UInt8], hook: Hook = .prerouting) -> ConnectionState? {
    guard var packet = context(bytes, hook: hook), table.track(&packet) == .accept else { return nil }
    return table.confirm(&packet) == .accept ? packet.state : nil
  }

  func wait(_ seconds: Double) { host.now += UInt64(seconds * 1e9) }
  var listing: [String] { table.listing(now: host.now) }

  /// The states of the connections, as listed, in the order of their ports.
  func summary(_ port: UInt16) -> String? {
    listing.first { $0.contains("port=\(port) ") }.map { line in
      let words = line.split(separator: " ").map(String.init)
      return words[4] + " " + words[5] + (line.contains("[ASSURED]") ? " ASSURED" : "")
    }
  }
}

/// TCP control flags.
enum Flag {
  static let fin: UInt8 = 1
  static let syn: UInt8 = 2
  static let rst: UInt8 = 4
  static let psh: UInt8 = 8
  static let ack: UInt8 = 16
  static let urg: UInt8 = 32
}
