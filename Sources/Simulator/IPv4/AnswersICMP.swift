// ICMP messages that the host sends: errors about a packet, echo and timestamp replies.

import NetfilterModel

/// ICMP messages as the kernel builds them (kernel: `net/ipv4/icmp.c`).
enum ICMPAnswers {
  /// Destination unreachable.
  static let unreachable: UInt8 = 3
  /// Redirect.
  static let redirect: UInt8 = 5
  /// Time exceeded.
  static let timeExceeded: UInt8 = 11
  /// Parameter problem.
  static let parameterProblem: UInt8 = 12

  /// Whether a message of a type is an error, about which no error is sent; unknown types above 18 count (kernel: `icmp_pointers[].error`).
  static func isError(_ type: UInt8) -> Bool {
    switch type {
    case 0, 8, 13...18: false
    default: true
    }
  }

  /// Whether the kernel sends an error about a packet at all, rate limits apart (kernel: `__icmp_send`).
  ///
  /// `routeType` is the type of the packet's own route: nothing is sent about broadcasts and multicasts, nor about a later fragment,
  /// an ICMP error, or ICMP too short to have a type.
  static func mayAnswer(_ packet: Packet, type: UInt8, routeType: AddressType) -> Bool {
    guard let header = IPHeader(packet.bytes), header.family == .ipv4, packet.type == .host,
      routeType != .broadcast, routeType != .multicast, header.fragmentOffset == 0
    else { return false }
    if isError(type), header.protocolNumber == .icmp {
      guard header.transportOffset < packet.bytes.count else { return false }
      return !isError(packet.bytes.byte(at: header.transportOffset))
    }
    return true
  }

  /// The error about a packet (kernel: `__icmp_send`).
  ///
  /// `source` is the address that routing gives for the way to the packet's source (its own destination when that is local);
  /// `information` is the second word: the MTU, the parameter pointer shifted left by 24, or the gateway; `mtu` is that of the answer's route.
  /// Quoted are as many bytes as fit in 576. `echo` are its IP options; it is unknown when they ask for a time of day that nobody knows.
  static func error(
    type: UInt8, code: UInt8, information: UInt32 = 0, about bytes: [UInt8], source: IPAddress, mtu: Int = 1500,
    ttl: UInt8 = defaultTTL, echo: EchoedOptions = EchoedOptions(), timeOfDay: UInt32? = nil
  ) -> HostAnswer {
    guard let header = IPHeader(bytes), header.family == .ipv4 else { return .none }
    guard let options = echo.filled(source: source, timeOfDay: timeOfDay) else { return .unknownTimestamp }
    let room = min(576, mtu) - 28 - options.count
    if room <= 20 { return .none }
    var message = head(type, code, information)
    message += bytes.prefix(room)
    message.setUInt16(Checksum.compute(message, in: 0..<message.count), at: 2)
    return .packet(
      AnswersHeader.packet(
        tos: isError(type) ? header.tos & 0x1e | 0xc0 : header.tos, dontFragment: false, ttl: ttl,
        protocolNumber: .icmp, source: source, destination: echo.firstHop ?? header.source,
        payload: message, options: options))
  }

  /// Destination unreachable with a code (net 0, host 1, protocol 2, port 3, net prohibited 9, host prohibited 10, filtered 13).
  static func unreachable(code: UInt8, about bytes: [UInt8], source: IPAddress, mtu: Int = 1500) -> HostAnswer {
    error(type: unreachable, code: code, about: bytes, source: source, mtu: mtu)
  }

  /// Fragmentation needed (RFC 1191), with the MTU that the packet did not fit.
  static func fragmentationNeeded(nextHopMTU: Int, about bytes: [UInt8], source: IPAddress, mtu: Int = 1500)
    -> HostAnswer
  {
    error(
      type: unreachable, code: 4, information: UInt32(truncatingIfNeeded: nextHopMTU), about: bytes, source: source,
      mtu: mtu)
  }

  /// Time exceeded in transit, or in reassembly with code 1.
  static func timeExceeded(code: UInt8 = 0, about bytes: [UInt8], source: IPAddress, mtu: Int = 1500) -> HostAnswer {
    error(type: timeExceeded, code: code, about: bytes, source: source, mtu: mtu)
  }

  /// Parameter problem: `pointer` is the offset of the offending byte.
  static func parameterProblem(pointer: UInt8, about bytes: [UInt8], source: IPAddress, mtu: Int = 1500)
    -> HostAnswer
  {
    error(
      type: parameterProblem, code: 0, information: UInt32(pointer) << 24, about: bytes, source: source, mtu: mtu)
  }

  static func head(_ type: UInt8, _ code: UInt8, _ information: UInt32) -> [UInt8] {
    var bytes: [UInt8] = [type, code, 0, 0, 0, 0, 0, 0]
    bytes.setUInt32(information, at: 4)
    return bytes
  }

  /// What an ICMP query gets: echo and timestamp replies; everything else is taken in silence (kernel: `icmp_rcv`, `icmp_echo`, `icmp_timestamp`).
  ///
  /// Broadcasts stay unanswered (`net.ipv4.icmp_echo_ignore_broadcasts` is 1). `timeOfDay` is the time in milliseconds since midnight UTC, or nil
  /// when nobody knows it. A reply keeps the whole TOS byte, and the code of an echo request.
  static func reply(
    to bytes: [UInt8], routeType: AddressType, timeOfDay: UInt32?, ttl: UInt8 = defaultTTL,
    echo: EchoedOptions = EchoedOptions()
  ) -> HostAnswer {
    guard let header = IPHeader(bytes), header.family == .ipv4, header.protocolNumber == .icmp else { return .none }
    let start = header.transportOffset
    guard bytes.count >= start + 8, AnswersHeader.isChecksumValid(bytes, header), routeType == .local else {
      return .none
    }
    var message = Array(bytes[start...])
    switch message[0] {
    case 8: message[0] = 0
    case 13:
      guard message.count >= 12 else { return .none }
      guard let timeOfDay else { return .unknown("the time of day for an ICMP timestamp reply is not known") }
      message = Array(message.prefix(12)) + [UInt8](repeating: 0, count: 8)
      message[0] = 14
      message[1] = 0
      message.setUInt32(timeOfDay, at: 12)
      message.setUInt32(timeOfDay, at: 16)
    default: return .none
    }
    guard let options = echo.filled(source: header.destination, timeOfDay: timeOfDay) else {
      return .unknownTimestamp
    }
    message.setUInt16(0, at: 2)
    message.setUInt16(Checksum.compute(message, in: 0..<message.count), at: 2)
    return .packet(
      AnswersHeader.packet(
        tos: header.tos, dontFragment: false, ttl: ttl, protocolNumber: .icmp, source: header.destination,
        destination: echo.firstHop ?? header.source, payload: message, options: options))
  }
}
