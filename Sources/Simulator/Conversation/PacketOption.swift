// The `name=value` words of a packet.

import NetfilterModel

/// An option of a packet in the flow language.
public enum PacketOption: Hashable, Sendable {
  /// The TTL or hop limit.
  case ttl(UInt8)
  /// The firewall mark that the packet starts with.
  case mark(UInt32)
  /// The Ethernet source address.
  case mac([UInt8])
  /// The length of the IP packet in bytes; zeros fill it up.
  case length(Int)
  /// The user of the sending process.
  case uid(UInt32)
  /// The group of the sending process.
  case gid(UInt32)
  /// The TOS or traffic class byte.
  case tos(UInt8)
  /// The don't-fragment bit.
  case dontFragment(Bool)
  /// A fragment: the offset in bytes, and whether more follow (`0+`, `1480+`, `2960`).
  case fragment(offset: Int, more: Bool)
  /// The payload, from text or hexadecimal.
  case payload([UInt8])
  /// The TCP sequence number, or the sequence number of an ICMP echo.
  case sequence(UInt32)
  /// The TCP acknowledgement number.
  case acknowledgement(UInt32)
  /// The TCP window.
  case window(UInt16)
  /// The maximum segment size that a TCP option announces.
  case maximumSegmentSize(UInt16)
  /// The identifier of an ICMP echo.
  case identifier(UInt16)
  /// The identification of an IPv4 packet, 16 bits, or of an IPv6 fragment, 32 bits.
  case identification(UInt32)
  /// The flow label of IPv6, 20 bits.
  case flowLabel(UInt32)
  /// An extension header of IPv6; they stand in the packet in the order written.
  case extensionHeader(ExtensionHeader)
  /// An ICMP error quotes the packet before it, as its far end saw it.
  case quote
  /// The MTU that an ICMP error announces.
  case mtu(UInt32)
  /// The target of a message of neighbour discovery.
  case target(IPAddress)
  /// The destination that a redirect is about.
  case redirected(IPAddress)
  /// The group that a multicast listener speaks of.
  case group(IPAddress)
  /// The Ethernet address that neighbour discovery tells.
  case linkLayerAddress([UInt8])

  /// The names, as they are written before `=`.
  package static let names = [
    "ttl", "mark", "mac", "len", "uid", "gid", "tos", "df", "frag", "data", "hex", "seq", "ack", "win", "mss", "id",
    "ipid", "hl", "tclass", "flowlabel", "hbh", "dst", "rt", "ah", "mtu", "target", "dest", "group", "lladdr", "quote",
  ]
  /// The names that may stand without `=`.
  package static let bareNames = ["hbh", "dst", "quote"]

  /// Reads an option, or says what is wrong with its value.
  package static func parse(_ name: String, _ value: String) -> Result<PacketOption, OptionError> {
    func number(_ range: ClosedRange<UInt64>) -> Result<UInt64, OptionError> {
      guard let number = parseUnsigned(value, in: range) else {
        return .failure(
          OptionError("`\(value)` is not a number from \(range.lowerBound) to \(range.upperBound) for `\(name)`"))
      }
      return .success(number)
    }
    switch name {
    case "ttl", "hl": return number(0...255).map { .ttl(UInt8($0)) }
    case "flowlabel": return number(0...0xf_ffff).map { .flowLabel(UInt32($0)) }
    case "hbh", "dst", "rt", "ah": return ExtensionHeader.parse(name, value).map { .extensionHeader($0) }
    case "quote":
      return value.isEmpty ? .success(.quote) : .failure(OptionError("`quote` takes no value", help: "write it alone"))
    case "mtu": return number(0...0xffff_ffff).map { .mtu(UInt32($0)) }
    case "target": return ipv6Address(name, value).map { .target($0) }
    case "dest": return ipv6Address(name, value).map { .redirected($0) }
    case "group": return ipv6Address(name, value).map { .group($0) }
    case "tos", "tclass": return number(0...255).map { .tos(UInt8($0)) }
    case "mark": return number(0...0xffff_ffff).map { .mark(UInt32($0)) }
    case "uid": return number(0...0xffff_ffff).map { .uid(UInt32($0)) }
    case "gid": return number(0...0xffff_ffff).map { .gid(UInt32($0)) }
    case "seq": return number(0...0xffff_ffff).map { .sequence(UInt32($0)) }
    case "ack": return number(0...0xffff_ffff).map { .acknowledgement(UInt32($0)) }
    case "win": return number(0...65535).map { .window(UInt16($0)) }
    case "mss": return number(0...65535).map { .maximumSegmentSize(UInt16($0)) }
    case "id": return number(0...65535).map { .identifier(UInt16($0)) }
    case "ipid": return number(0...0xffff_ffff).map { .identification(UInt32($0)) }
    case "len": return number(20...UInt64(PacketDescription.maximumLength(.ipv6))).map { .length(Int($0)) }
    case "df": return number(0...1).map { .dontFragment($0 == 1) }
    case "mac", "lladdr":
      let parts = value.split(separator: ":", omittingEmptySubsequences: false)
      let bytes = parts.compactMap { $0.utf8.count == 2 ? UInt8($0, radix: 16) : nil }
      guard parts.count == 6, bytes.count == 6 else {
        return .failure(OptionError("`\(value)` is not an Ethernet address", help: "write it as 02:00:00:00:00:01"))
      }
      return .success(name == "mac" ? .mac(bytes) : .linkLayerAddress(bytes))
    case "frag":
      let more = value.hasSuffix("+")
      guard let offset = parseUnsigned(more ? value.dropLast() : value[...], in: 0...65528), offset % 8 == 0 else {
        return .failure(
          OptionError(
            "`\(value)` is not the offset of a fragment",
            help: "a multiple of 8 bytes, with `+` where more fragments follow: frag=0+ frag=1480"))
      }
      return .success(.fragment(offset: Int(offset), more: more))
    case "data": return .success(.payload(Array(value.utf8)))
    case "hex":
      guard let payload = Packet(hex: value) else {
        return .failure(OptionError("`\(value)` is not hexadecimal text of whole bytes"))
      }
      return .success(.payload(payload.bytes))
    default:
      let nearest = Spelling.nearest(to: name, among: names)
      return .failure(
        OptionError(
          "a packet has no option `\(name)`",
          help: nearest.map { "did you mean `\($0)`?" } ?? "the options are " + names.joined(separator: " ")))
    }
  }

  private static func ipv6Address(_ name: String, _ value: String) -> Result<IPAddress, OptionError> {
    let hasBrackets = value.hasPrefix("[") && value.hasSuffix("]")
    guard let address = IPAddress(hasBrackets ? value.dropFirst().dropLast() : value[...], family: .ipv6) else {
      return .failure(OptionError("`\(value)` is not an IPv6 address for `\(name)`"))
    }
    return .success(address)
  }

  /// Why a packet cannot have the option, or nil.
  package func refusal(_ packet: PacketDescription) -> OptionError? {
    let isIPv6 = packet.source.family == .ipv6
    switch self {
    case .dontFragment where isIPv6:
      return OptionError("an IPv6 packet has no `df`: routers never fragment it", help: "leave it out")
    case .flowLabel where !isIPv6: return OptionError("an IPv4 packet has no flow label")
    case .extensionHeader(let header) where !isIPv6:
      return OptionError(
        "an IPv4 packet has no extension headers",
        help: header.number == .ah ? "write `proto 51` and the header in `hex=`" : nil)
    case .identification(let number) where !isIPv6 && number > 0xffff:
      return OptionError("the identification of an IPv4 packet is at most 65535")
    case .acknowledgement, .window, .maximumSegmentSize:
      return packet.protocolNumber == .tcp ? nil : OptionError("only `tcp` has this")
    case .length(let length) where length > PacketDescription.maximumLength(packet.source.family):
      return OptionError("an IPv4 packet is at most 65535 bytes long")
    case .quote:
      return packet.isError ? nil : OptionError("only ICMP errors quote a packet", help: "as in icmp6 packet-too-big")
    case .mtu:
      return packet.tellsMTU
        ? nil : OptionError("only `icmp6 packet-too-big` and `icmp fragmentation-needed` tell an MTU")
    case .target:
      return packet.hasTarget
        ? nil : OptionError("only neighbour solicitations, advertisements and redirects have a target")
    case .redirected:
      return packet.icmpv6Type == .redirect ? nil : OptionError("only `icmp6 redirect` has this")
    case .group:
      return packet.icmpv6Type?.isListenerDiscovery ?? false
        ? nil : OptionError("only messages of multicast listeners have a group", help: "as in icmp6 mld2-report")
    case .linkLayerAddress:
      return packet.icmpv6Type?.isNeighbourDiscovery ?? false
        ? nil
        : OptionError("only neighbour discovery tells an Ethernet address", help: "that of the frame is written mac=")
    default: return nil
    }
  }
}
