// Bytes as one readable line, and what differs between two packets.

import NetfilterModel

/// Describes packets in a line.
public enum PacketSummary {
  /// One line: `TCP 198.51.100.7:40000 > 203.0.113.1:80 [S] ttl 63 len 40`; ICMP errors say what they are about.
  public static func text(_ packet: Packet) -> String {
    var words = [core(packet.bytes)]
    if packet.mark != 0 { words.append("mark 0x" + String(packet.mark, radix: 16)) }
    return words.joined(separator: " ")
  }

  /// The addresses and ports of a packet: `198.51.100.7:40000 > 203.0.113.1:80`.
  public static func ends(_ packet: Packet) -> String {
    guard let header = IPHeader(packet.bytes) else { return "?" }
    return ends(packet.bytes, header)
  }

  static func ends(_ bytes: [UInt8], _ header: IPHeader) -> String {
    let ports = ports(bytes, header)
    return "\(endpoint(header.source, ports?.source)) > \(endpoint(header.destination, ports?.destination))"
  }

  /// An address with a port; an IPv6 address in brackets.
  package static func endpoint(_ address: IPAddress, _ port: UInt16?) -> String {
    guard let port else { return "\(address)" }
    return address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
  }

  /// The ports, where the packet has them.
  package static func ports(_ bytes: [UInt8], _ header: IPHeader) -> (source: UInt16, destination: UInt16)? {
    TransportPorts.ends(in: bytes, header)
  }

  private static func core(_ bytes: [UInt8], isQuoted: Bool = false) -> String {
    guard let header = IPHeader(bytes) else { return "not an IP packet (\(bytes.count) bytes)" }
    let start = header.transportOffset
    let number = header.protocolNumber
    var words: [String] = []
    switch number {
    case .icmp: words.append("ICMP")
    case .icmpv6: words.append("ICMPv6")
    default: words.append(number.name?.uppercased() ?? "proto \(number.rawValue)")
    }
    words.append(ends(bytes, header))
    var quoted: String?
    if header.fragmentOffset == 0 {
      switch number {
      case .tcp where bytes.count >= start + TCPHeader.lengthToFlags:
        words.append("[\(TCPHeader.flags(in: bytes, at: start).letters)]")
      case .icmp, .icmpv6:
        guard bytes.count >= start + ICMPMessage.lengthToChecksum else { break }
        words.append(ICMPMessage.description(in: bytes, at: start, number))
        let isEcho =
          number == .icmp
          ? ICMPMessage.type(in: bytes, at: start).isEcho : ICMPv6Message.type(in: bytes, at: start).isEcho
        if isEcho {
          let identifier = ICMPMessage.identifier(in: bytes, at: start)
          words.append("id \(identifier) seq \(ICMPMessage.sequence(in: bytes, at: start))")
        }
        if let packet = quotedPacket(bytes, at: start, number), !isQuoted, !packet.isEmpty {
          quoted = core(packet, isQuoted: true)
        }
      default: break
      }
    }
    if isQuoted { return words.joined(separator: " ") }
    words.append("ttl \(header.ttl) len \(bytes.count)")
    if header.tos != 0 { words.append("tos 0x" + String(header.tos, radix: 16)) }
    if header.isFragment { words.append("frag \(Int(header.fragmentOffset) * 8)\(header.moreFragments ? "+" : "")") }
    if let quoted { words.append("about \(quoted)") }
    return words.joined(separator: " ")
  }

  /// The packet that an ICMP message quotes, or nil when it quotes none or has no whole header.
  static func quotedPacket(_ bytes: [UInt8], at start: Int, _ number: ProtocolNumber) -> [UInt8]? {
    let quotes =
      number == .icmp
      ? ICMPMessage.type(in: bytes, at: start).quotesPacket : ICMPv6Message.type(in: bytes, at: start).isError
    guard quotes, bytes.count >= start + ICMPMessage.headerLength else { return nil }
    return Array(bytes[(start + ICMPMessage.headerLength)...])
  }
}

/// A value of a packet by name, for comparison.
public struct PacketField: Hashable, Sendable {
  /// The name: `source`, `destination port`, `ttl`, `mark`.
  public var name: String
  /// The value as text.
  public var value: String
}

/// A value that differs between two packets.
public struct PacketChange: Hashable, Sendable {
  /// The name of the value.
  public var name: String
  /// The value before; empty where there was none.
  public var old: String
  /// The value after; empty where there is none.
  public var new: String

  /// Every value that differs.
  public static func between(_ old: Packet, _ new: Packet) -> [PacketChange] {
    if old == new { return [] }
    let before = PacketField.all(of: old)
    let after = PacketField.all(of: new)
    var changes: [PacketChange] = []
    for field in after {
      let was = before.first { $0.name == field.name }?.value ?? ""
      if was != field.value { changes.append(PacketChange(name: field.name, old: was, new: field.value)) }
    }
    for field in before where !after.contains(where: { $0.name == field.name }) {
      changes.append(PacketChange(name: field.name, old: field.value, new: ""))
    }
    if changes.isEmpty, withoutChecksums(old.bytes) != withoutChecksums(new.bytes) {
      changes.append(PacketChange(name: "bytes", old: "", new: ""))
    }
    return changes
  }
}

extension PacketChange {
  /// The bytes with the checksums of the IP, TCP, UDP and ICMP headers zeroed.
  private static func withoutChecksums(_ bytes: [UInt8]) -> [UInt8] {
    guard let header = IPHeader(bytes) else { return bytes }
    var bytes = bytes
    if header.family == .ipv4 { IPv4Header.setChecksum(0, in: &bytes, at: 0) }
    if header.fragmentOffset == 0 {
      TransportChecksum.clear(&bytes, from: header.transportOffset, header.protocolNumber)
    }
    return bytes
  }
}

extension PacketField {
  /// The values of a packet that people look at; checksums are left out, as they follow from the rest.
  public static func all(of packet: Packet) -> [PacketField] {
    var fields: [PacketField] = []
    func add(_ name: String, _ value: some CustomStringConvertible) {
      fields.append(PacketField(name: name, value: value.description))
    }
    let bytes = packet.bytes
    if let header = IPHeader(bytes) {
      let start = header.transportOffset
      add("source", header.source)
      add("destination", header.destination)
      if let ports = PacketSummary.ports(bytes, header) {
        add("source port", ports.source)
        add("destination port", ports.destination)
      }
      add("ttl", header.ttl)
      add("tos", "0x" + String(header.tos, radix: 16))
      add("length", bytes.count)
      add("identification", header.identification)
      if header.isFragment { add("fragment", "\(Int(header.fragmentOffset) * 8)\(header.moreFragments ? "+" : "")") }
      if header.fragmentOffset == 0 { transport(bytes, header, start, add) }
    }
    add("mark", "0x" + String(packet.mark, radix: 16))
    add("priority", "0x" + String(packet.priority, radix: 16))
    return fields
  }

  private static func transport(
    _ bytes: [UInt8], _ header: IPHeader, _ start: Int, _ add: (String, String) -> Void
  ) {
    switch header.protocolNumber {
    case .tcp where bytes.count >= start + TCPHeader.minimumLength:
      add("sequence", "\(TCPHeader.sequence(in: bytes, at: start))")
      add("acknowledgement", "\(TCPHeader.acknowledgement(in: bytes, at: start))")
      add("flags", "[\(TCPHeader.flags(in: bytes, at: start).letters)]")
      let options = TCPHeader.options(in: bytes, at: start)
      for option in TCPOptions.list(in: bytes, options.clamped(to: 0..<bytes.count)) {
        if let size = TCPOptions.maximumSegmentSize(of: option, in: bytes) {
          add("mss", "\(size)")
        } else {
          add("option \(option.kind.rawValue)", "\(option.length) bytes")
        }
      }
    case .icmp, .icmpv6:
      guard bytes.count >= start + ICMPMessage.headerLength else { return }
      let type = ICMPMessage.type(in: bytes, at: start).rawValue
      add("icmp type", "\(type)/\(ICMPMessage.code(in: bytes, at: start).rawValue)")
      add("icmp id", "\(ICMPMessage.identifier(in: bytes, at: start))")
      if let packet = PacketSummary.quotedPacket(bytes, at: start, header.protocolNumber),
        let quoted = IPHeader(packet)
      {
        add("about", PacketSummary.ends(packet, quoted))
      }
    default: break
    }
  }
}
