// ICMPv6 messages that the host sends (kernel: net/ipv6/icmp.c).

import NetfilterModel

/// ICMPv6 messages as the kernel builds them.
enum ICMPv6Answers {
  /// Whether the kernel sends an error about a packet at all, rate limits apart (kernel: `icmp6_send`).
  static func mayAnswer(_ packet: Packet, _ header: IPHeader, type: ICMPv6Type, code: UInt8, info: UInt32) -> Bool {
    if header.destination.isMulticast || packet.type != .host {
      let reportsOption =
        type == .parameterProblem && code == ICMPv6ParameterProblem.unknownOption
        && IPv6Option.kind(in: packet.bytes, at: Int(info)).actionIfUnknown == .report
      guard type == .packetTooBig || reportsOption else { return false }
    }
    return !header.source.isZero && !header.source.isMulticast && !isIneligible(packet.bytes)
  }

  /// Whether a packet is an ICMPv6 error itself (kernel: `is_ineligible`).
  private static func isIneligible(_ bytes: [UInt8]) -> Bool {
    guard
      let place = IPv6Extensions.skipped(
        from: IPv6Header.length, IPv6Header.nextHeader(in: bytes, at: 0), in: bytes)
    else { return false }
    guard place.protocolNumber == .icmpv6 else { return false }
    guard place.offset < bytes.count else {
      return !place.hasFragmentHeader || !(place.fragmentation.offset != 0 || place.fragmentation.moreFragments)
    }
    return ICMPv6Message.type(in: bytes, at: place.offset).isError
  }

  /// The error about a packet; quoted are as many bytes as fit in 1280 (kernel: `icmp6_send`).
  static func error(
    _ type: ICMPv6Type, code: UInt8, info: UInt32, about bytes: [UInt8], source: IPAddress, destination: IPAddress,
    hopLimit: UInt8
  ) -> [UInt8] {
    let room = IPv6Header.minimumMTU - IPv6Header.length - ICMPMessage.headerLength
    let message = ICMPMessage.makeHeader(type: ICMPType(type.rawValue), code: ICMPCode(code), information: info)
    return packet(message + bytes.prefix(room), source: source, destination: destination, hopLimit: hopLimit)
  }

  /// A packet with a message, whose checksum is computed.
  static func packet(
    _ message: [UInt8], source: IPAddress, destination: IPAddress, hopLimit: UInt8, trafficClass: UInt8 = 0
  ) -> [UInt8] {
    var message = message
    TransportChecksum.update(&message, from: 0, .icmpv6, source: source, destination: destination)
    return IPv6Header.make(
      trafficClass: trafficClass, payloadLength: message.count, nextHeader: .icmpv6, hopLimit: hopLimit, source: source,
      destination: destination) + message
  }
}
