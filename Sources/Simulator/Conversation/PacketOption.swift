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
  /// The identification of an IPv4 packet.
  case identification(UInt16)

  /// The names, as they are written before `=`.
  package static let names = [
    "ttl", "mark", "mac", "len", "uid", "gid", "tos", "df", "frag", "data", "hex", "seq", "ack", "win", "mss", "id",
    "ipid",
  ]

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
    case "ttl": return number(0...255).map { .ttl(UInt8($0)) }
    case "tos": return number(0...255).map { .tos(UInt8($0)) }
    case "mark": return number(0...0xffff_ffff).map { .mark(UInt32($0)) }
    case "uid": return number(0...0xffff_ffff).map { .uid(UInt32($0)) }
    case "gid": return number(0...0xffff_ffff).map { .gid(UInt32($0)) }
    case "seq": return number(0...0xffff_ffff).map { .sequence(UInt32($0)) }
    case "ack": return number(0...0xffff_ffff).map { .acknowledgement(UInt32($0)) }
    case "win": return number(0...65535).map { .window(UInt16($0)) }
    case "mss": return number(0...65535).map { .maximumSegmentSize(UInt16($0)) }
    case "id": return number(0...65535).map { .identifier(UInt16($0)) }
    case "ipid": return number(0...65535).map { .identification(UInt16($0)) }
    case "len": return number(20...65535).map { .length(Int($0)) }
    case "df": return number(0...1).map { .dontFragment($0 == 1) }
    case "mac":
      let parts = value.split(separator: ":", omittingEmptySubsequences: false)
      let bytes = parts.compactMap { $0.utf8.count == 2 ? UInt8($0, radix: 16) : nil }
      guard parts.count == 6, bytes.count == 6 else {
        return .failure(OptionError("`\(value)` is not an Ethernet address", help: "write it as 02:00:00:00:00:01"))
      }
      return .success(.mac(bytes))
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
}
