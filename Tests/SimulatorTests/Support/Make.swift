// Packets between a client and a server, made from their fields without the builders that are tested.

import NetfilterModel

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
    transport(from: reply ? server : client, to: reply ? client : server, protocolNumber, segment, field: field)
  }

  /// A packet between two addresses whose transport checksum lies at `field` and has a pseudo header.
  static func transport(
    from source: UInt32, to destination: UInt32, _ protocolNumber: UInt8, _ segment: [UInt8], field: Int
  ) -> [UInt8] {
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

/// TCP control flags.
enum Flag {
  static let fin: UInt8 = 1
  static let syn: UInt8 = 2
  static let rst: UInt8 = 4
  static let psh: UInt8 = 8
  static let ack: UInt8 = 16
  static let urg: UInt8 = 32
}

/// An IPv4 address from its four numbers.
func address(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> IPAddress { .v4(a << 24 | b << 16 | c << 8 | d) }
