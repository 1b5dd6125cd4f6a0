// Bytes as one readable line, and what differs between two packets.

import NetfilterModel

/// Describes packets in a line.
public enum PacketSummary {
  /// One line: `TCP 198.51.100.7:40000 > 203.0.113.1:80 [S] ttl 63 len 40`; ICMP errors say what they are about. Of IPv6
  /// the extension headers follow in the order in which they stand: `[S] hl 63 len 68 hbh frag 0+`.
  public static func text(_ packet: Packet) -> String {
    var text = ReportText()
    write(packet, into: &text)
    return text.string
  }

  /// Appends the line of a packet.
  static func write(_ packet: Packet, into text: inout ReportText) {
    write(packet.bytes, into: &text)
    if packet.mark != 0 {
      text.add(" mark ")
      text.add(hexadecimal: packet.mark)
    }
  }

  /// The addresses and ports of a packet: `198.51.100.7:40000 > 203.0.113.1:80`.
  public static func ends(_ packet: Packet) -> String {
    guard let header = IPHeader(packet.bytes) else { return "?" }
    return ends(packet.bytes, header)
  }

  static func ends(_ bytes: [UInt8], _ header: IPHeader) -> String {
    var text = ReportText()
    writeEnds(bytes, header, into: &text)
    return text.string
  }

  private static func writeEnds(_ bytes: [UInt8], _ header: IPHeader, into text: inout ReportText) {
    let ports = ports(bytes, header)
    write(header.source, ports?.source, into: &text)
    text.add(" > ")
    write(header.destination, ports?.destination, into: &text)
  }

  /// An address with a port; an IPv6 address in brackets.
  package static func endpoint(_ address: IPAddress, _ port: UInt16?) -> String {
    var text = ReportText()
    write(address, port, into: &text)
    return text.string
  }

  /// Appends an address with a port.
  static func write(_ address: IPAddress, _ port: UInt16?, into text: inout ReportText) {
    let hasBrackets = port != nil && address.family == .ipv6
    if hasBrackets { text.add("[") }
    text.add(address)
    if hasBrackets { text.add("]") }
    if let port {
      text.add(":")
      text.add(port)
    }
  }

  /// Appends the name of a protocol as a summary starts with it.
  static func write(_ number: ProtocolNumber, into text: inout ReportText) {
    switch number {
    case .tcp: text.add("TCP")
    case .udp: text.add("UDP")
    case .icmp: text.add("ICMP")
    case .icmpv6: text.add("ICMPv6")
    default:
      if let name = number.name {
        text.add(name.uppercased())
      } else {
        text.add("proto ")
        text.add(number.rawValue)
      }
    }
  }

  /// The ports, where the packet has them.
  package static func ports(_ bytes: [UInt8], _ header: IPHeader) -> (source: UInt16, destination: UInt16)? {
    TransportPorts.ends(in: bytes, header)
  }

  private static func write(_ bytes: [UInt8], isQuoted: Bool = false, into text: inout ReportText) {
    guard let header = IPHeader(bytes) else {
      text.add("not an IP packet (\(bytes.count) bytes)")
      return
    }
    let start = header.transportOffset
    let number = header.protocolNumber
    write(number, into: &text)
    text.add(" ")
    writeEnds(bytes, header, into: &text)
    var quoted: [UInt8]?
    if header.fragmentOffset == 0 {
      switch number {
      case .tcp where bytes.count >= start + TCPHeader.lengthToFlags:
        text.add(" [")
        text.add(TCPHeader.flags(in: bytes, at: start).letters)
        text.add("]")
      case .icmp, .icmpv6:
        guard bytes.count >= start + ICMPMessage.lengthToChecksum else { break }
        text.add(" ")
        text.add(ICMPMessage.description(in: bytes, at: start, number))
        let isEcho =
          number == .icmp
          ? ICMPMessage.type(in: bytes, at: start).isEcho : ICMPv6Message.type(in: bytes, at: start).isEcho
        if isEcho {
          text.add(" id ")
          text.add(ICMPMessage.identifier(in: bytes, at: start))
          text.add(" seq ")
          text.add(ICMPMessage.sequence(in: bytes, at: start))
        }
        if let packet = quotedPacket(bytes, at: start, number), !isQuoted, !packet.isEmpty { quoted = packet }
      default: break
      }
    }
    if isQuoted { return }
    text.add(header.family == .ipv4 ? " ttl " : " hl ")
    text.add(header.ttl)
    text.add(" len ")
    text.add(bytes.count)
    if header.tos != 0 {
      text.add(header.family == .ipv4 ? " tos " : " tclass ")
      text.add(hexadecimal: header.tos)
    }
    if header.family == .ipv6 {
      let label = IPv6Header.flowLabel(in: bytes, at: 0)
      if label != 0 {
        text.add(" flowlabel ")
        text.add(hexadecimal: label)
      }
      for word in IPv6ExtensionWord.all(of: bytes) {
        text.add(" ")
        text.add(word.text)
      }
    } else if header.isFragment {
      text.add(" frag ")
      text.add(Int(header.fragmentOffset) * 8)
      if header.moreFragments { text.add("+") }
    }
    if let quoted {
      text.add(" about ")
      write(quoted, isQuoted: true, into: &text)
    }
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
