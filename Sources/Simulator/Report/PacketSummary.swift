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
    let withPorts: [ProtocolNumber] = [.tcp, .udp, .sctp, .dccp, .udplite]
    guard header.fragmentOffset == 0, withPorts.contains(header.protocolNumber),
      bytes.count >= header.transportOffset + 4
    else { return nil }
    return (bytes.uint16(at: header.transportOffset), bytes.uint16(at: header.transportOffset + 2))
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
      case .tcp where bytes.count >= start + 14: words.append("[\(TCPFlagLetters.text(bytes.byte(at: start + 13)))]")
      case .icmp, .icmpv6:
        guard bytes.count >= start + 4 else { break }
        let type = bytes.byte(at: start)
        let code = bytes.byte(at: start + 1)
        words.append(ICMPNames.name(type: type, code: code, number) ?? "type \(type) code \(code)")
        if number == .icmp ? type == 0 || type == 8 : type == 128 || type == 129 {
          words.append("id \(bytes.uint16(at: start + 4)) seq \(bytes.uint16(at: start + 6))")
        }
        if isError(type, number), !isQuoted, bytes.count > start + 8 {
          quoted = core(Array(bytes[(start + 8)...]), isQuoted: true)
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

  /// Whether an ICMP message quotes another packet.
  static func isError(_ type: UInt8, _ number: ProtocolNumber) -> Bool {
    number == .icmp ? [3, 4, 5, 11, 12].contains(type) : type < 128
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
    if header.family == .ipv4 { bytes.setUInt16(0, at: 10) }
    let offsets: [ProtocolNumber: Int] = [.tcp: 16, .udp: 6, .icmp: 2, .icmpv6: 2]
    if header.fragmentOffset == 0, let offset = offsets[header.protocolNumber] {
      bytes.setUInt16(0, at: header.transportOffset + offset)
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
    case .tcp where bytes.count >= start + 20:
      add("sequence", "\(bytes.uint32(at: start + 4))")
      add("acknowledgement", "\(bytes.uint32(at: start + 8))")
      add("flags", "[\(TCPFlagLetters.text(bytes.byte(at: start + 13)))]")
      let end = min(bytes.count, start + Int(bytes.byte(at: start + 12) >> 4) * 4)
      var index = start + 20
      while index < end {
        let kind = bytes.byte(at: index)
        if kind == 0 { break }
        if kind == 1 {
          index += 1
          continue
        }
        let length = max(2, Int(bytes.byte(at: index + 1)))
        if kind == 2, length == 4 {
          add("mss", "\(bytes.uint16(at: index + 2))")
        } else {
          add("option \(kind)", "\(length) bytes")
        }
        index += length
      }
    case .icmp, .icmpv6:
      guard bytes.count >= start + 8 else { return }
      add("icmp type", "\(bytes.byte(at: start))/\(bytes.byte(at: start + 1))")
      add("icmp id", "\(bytes.uint16(at: start + 4))")
      if PacketSummary.isError(bytes.byte(at: start), header.protocolNumber),
        let quoted = IPHeader(Array(bytes[(start + 8)...]))
      {
        add("about", PacketSummary.ends(Array(bytes[(start + 8)...]), quoted))
      }
    default: break
    }
  }
}
