// What differs between two packets, value by value.

import NetfilterModel

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
    let before = NamedValue.all(of: old)
    let after = NamedValue.all(of: new)
    var changes: [PacketChange] = []
    for (place, field) in after.enumerated() {
      // Most packets have the same values in the same places.
      let isAligned = place < before.count && before[place].name == field.name
      let was = isAligned ? before[place] : before.first { $0.name == field.name }
      if was?.value != field.value {
        changes.append(PacketChange(name: field.name, old: was?.value.text ?? "", new: field.value.text))
      }
    }
    for field in before where !after.contains(where: { $0.name == field.name }) {
      changes.append(PacketChange(name: field.name, old: field.value.text, new: ""))
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
    NamedValue.all(of: packet).map { PacketField(name: $0.name, value: $0.value.text) }
  }
}

/// A value of a packet before it is text: most are only compared.
private struct NamedValue {
  enum Value: Equatable {
    case address(IPAddress)
    case number(UInt32)
    case hexadecimal(UInt32)
    case flags(TCPFlags)
    case text(String)

    var text: String {
      switch self {
      case .address(let address): address.description
      case .number(let number): String(number)
      case .hexadecimal(let number): "0x" + String(number, radix: 16)
      case .flags(let flags): "[\(flags.letters)]"
      case .text(let text): text
      }
    }
  }

  var name: String
  var value: Value

  static func all(of packet: Packet) -> [NamedValue] {
    var values: [NamedValue] = []
    values.reserveCapacity(16)
    func add(_ name: String, _ value: Value) { values.append(NamedValue(name: name, value: value)) }
    let bytes = packet.bytes
    if let header = IPHeader(bytes) {
      let start = header.transportOffset
      add("source", .address(header.source))
      add("destination", .address(header.destination))
      if let ports = PacketSummary.ports(bytes, header) {
        add("source port", .number(UInt32(truncatingIfNeeded: ports.source)))
        add("destination port", .number(UInt32(truncatingIfNeeded: ports.destination)))
      }
      let isIPv4 = header.family == .ipv4
      add(isIPv4 ? "ttl" : "hop limit", .number(UInt32(truncatingIfNeeded: header.ttl)))
      add(isIPv4 ? "tos" : "traffic class", .hexadecimal(UInt32(header.tos)))
      add("length", .number(UInt32(truncatingIfNeeded: bytes.count)))
      if isIPv4 {
        add("identification", .number(UInt32(truncatingIfNeeded: header.identification)))
        if header.isFragment {
          add("fragment", .text("\(Int(header.fragmentOffset) * 8)\(header.moreFragments ? "+" : "")"))
        }
      } else {
        add("flow label", .hexadecimal(IPv6Header.flowLabel(in: bytes, at: 0)))
        extensions(bytes, add)
      }
      if header.fragmentOffset == 0 { transport(bytes, header, start, add) }
    }
    add("mark", .hexadecimal(packet.mark))
    add("priority", .hexadecimal(packet.priority))
    return values
  }

  /// The extension headers of IPv6: the fragment header by itself, as it comes and goes, and the others in their order.
  private static func extensions(_ bytes: [UInt8], _ add: (String, Value) -> Void) {
    let words = IPv6ExtensionWord.all(of: bytes)
    if words.isEmpty { return }
    let fragments = words.filter { $0.isFragment }
    if let fragment = fragments.first { add("fragment header", .text(fragment.value)) }
    let others = words.filter { !$0.isFragment }.map { $0.text }
    if !others.isEmpty { add("extension headers", .text(others.joined(separator: " "))) }
  }

  private static func transport(
    _ bytes: [UInt8], _ header: IPHeader, _ start: Int, _ add: (String, Value) -> Void
  ) {
    switch header.protocolNumber {
    case .tcp where bytes.count >= start + TCPHeader.minimumLength:
      add("sequence", .number(TCPHeader.sequence(in: bytes, at: start)))
      add("acknowledgement", .number(TCPHeader.acknowledgement(in: bytes, at: start)))
      add("flags", .flags(TCPHeader.flags(in: bytes, at: start)))
      let options = TCPHeader.options(in: bytes, at: start)
      if options.isEmpty { return }
      for option in TCPOptions.list(in: bytes, options.clamped(to: 0..<bytes.count)) {
        if let size = TCPOptions.maximumSegmentSize(of: option, in: bytes) {
          add("mss", .number(UInt32(size)))
        } else {
          add("option \(option.kind.rawValue)", .text("\(option.length) bytes"))
        }
      }
    case .icmp, .icmpv6:
      guard bytes.count >= start + ICMPMessage.headerLength else { return }
      let type = ICMPMessage.type(in: bytes, at: start).rawValue
      let isIPv4 = header.protocolNumber == .icmp
      add(
        isIPv4 ? "icmp type" : "icmpv6 type",
        .text("\(type)/\(ICMPMessage.code(in: bytes, at: start).rawValue)"))
      if isIPv4 {
        add("icmp id", .number(UInt32(ICMPMessage.identifier(in: bytes, at: start))))
      } else {
        switch ICMPv6Message.type(in: bytes, at: start) {
        case .packetTooBig: add("mtu", .number(ICMPMessage.information(in: bytes, at: start)))
        case .echoRequest, .echoReply:
          add("icmpv6 id", .number(UInt32(ICMPMessage.identifier(in: bytes, at: start))))
        default: break
        }
      }
      if let packet = PacketSummary.quotedPacket(bytes, at: start, header.protocolNumber),
        let quoted = IPHeader(packet)
      {
        add("about", .text(PacketSummary.ends(packet, quoted)))
      }
    default: break
    }
  }
}
