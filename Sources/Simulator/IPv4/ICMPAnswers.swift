// ICMP messages that the host sends: errors about a packet, echo and timestamp replies.

import NetfilterModel

/// ICMP messages as the kernel builds them (kernel: `net/ipv4/icmp.c`).
enum ICMPAnswers {
  /// Whether the kernel sends an error about a packet at all, rate limits apart (kernel: `__icmp_send`).
  ///
  /// `routeType` is the type of the packet's own route: nothing is sent about broadcasts and multicasts, nor about a later fragment,
  /// an ICMP error, or ICMP too short to have a type.
  static func mayAnswer(_ packet: Packet, type: ICMPType, routeType: AddressType) -> Bool {
    guard let header = IPHeader(packet.bytes), header.family == .ipv4, packet.type == .host,
      routeType != .broadcast, routeType != .multicast, header.fragmentOffset == 0
    else { return false }
    if type.isError, header.protocolNumber == .icmp {
      guard header.transportOffset < packet.bytes.count else { return false }
      return !ICMPMessage.type(in: packet.bytes, at: header.transportOffset).isError
    }
    return true
  }

  /// The error about a packet (kernel: `__icmp_send`).
  ///
  /// `source` is the address that routing gives for the way to the packet's source (its own destination when that is local);
  /// `information` is the second word: the MTU, the parameter pointer shifted left by 24, or the gateway; `mtu` is that of the answer's route.
  /// Quoted are as many bytes as fit in 576. `echo` are its IP options; it is unknown when they ask for a time of day that nobody knows.
  static func error(
    type: ICMPType, code: ICMPCode, information: UInt32 = 0, about bytes: [UInt8], source: IPAddress, mtu: Int = 1500,
    ttl: UInt8 = defaultTTL, echo: EchoedOptions = EchoedOptions(), timeOfDay: UInt32? = nil
  ) -> HostAnswer {
    guard let header = IPHeader(bytes), header.family == .ipv4 else { return .none }
    guard let options = echo.filled(source: source, timeOfDay: timeOfDay) else { return .unknownTimestamp }
    let room = min(576, mtu) - IPv4Header.minimumLength - ICMPMessage.headerLength - options.count
    if room <= IPv4Header.minimumLength { return .none }
    let message = ICMPMessage.make(type: type, code: code, information: information, body: bytes.prefix(room))
    return .packet(
      AnswersHeader.packet(
        tos: type.isError ? TOSByte.ofError(about: header.tos) : header.tos, dontFragment: false, ttl: ttl,
        protocolNumber: .icmp, source: source, destination: echo.firstHop ?? header.source,
        payload: message, options: options))
  }

  /// Destination unreachable with a code.
  static func unreachable(code: ICMPCode, about bytes: [UInt8], source: IPAddress, mtu: Int = 1500) -> HostAnswer {
    error(type: .destinationUnreachable, code: code, about: bytes, source: source, mtu: mtu)
  }

  /// Fragmentation needed (RFC 1191), with the MTU that the packet did not fit.
  static func fragmentationNeeded(nextHopMTU: Int, about bytes: [UInt8], source: IPAddress, mtu: Int = 1500)
    -> HostAnswer
  {
    error(
      type: .destinationUnreachable, code: .fragmentationNeeded,
      information: UInt32(truncatingIfNeeded: nextHopMTU), about: bytes, source: source, mtu: mtu)
  }

  /// Time exceeded in transit, or in reassembly.
  static func timeExceeded(
    code: ICMPCode = .ttlZeroInTransit, about bytes: [UInt8], source: IPAddress, mtu: Int = 1500
  ) -> HostAnswer {
    error(type: .timeExceeded, code: code, about: bytes, source: source, mtu: mtu)
  }

  /// Parameter problem: `pointer` is the offset of the offending byte.
  static func parameterProblem(pointer: UInt8, about bytes: [UInt8], source: IPAddress, mtu: Int = 1500)
    -> HostAnswer
  {
    error(
      type: .parameterProblem, code: .headerBad, information: ICMPMessage.information(pointer: Int(pointer)),
      about: bytes, source: source, mtu: mtu)
  }

  /// What an ICMP query gets: echo and timestamp replies; everything else is taken in silence (kernel: `icmp_rcv`, `icmp_echo`, `icmp_timestamp`).
  ///
  /// `source` is the host's address that answers what was sent to a broadcast or multicast address; without one these
  /// stay unanswered, as with `net.ipv4.icmp_echo_ignore_broadcasts` 1. `timeOfDay` is the time in milliseconds since midnight UTC, or nil
  /// when nobody knows it. A reply keeps the whole TOS byte, and the code of an echo request.
  static func reply(
    to bytes: [UInt8], routeType: AddressType, timeOfDay: UInt32?, ttl: UInt8 = defaultTTL,
    echo: EchoedOptions = EchoedOptions(), source: IPAddress? = nil
  ) -> HostAnswer {
    guard let header = IPHeader(bytes), header.family == .ipv4, header.protocolNumber == .icmp else { return .none }
    let start = header.transportOffset
    guard bytes.count >= start + ICMPMessage.headerLength, AnswersHeader.isChecksumValid(bytes, header),
      let source = routeType == .local ? header.destination : source
    else { return .none }
    var message = Array(bytes[start...])
    switch ICMPMessage.type(in: message, at: 0) {
    case .echoRequest:
      ICMPMessage.setType(.echoReply, in: &message, at: 0)
      ICMPMessage.updateChecksum(of: &message)
    case .timestampRequest:
      guard message.count >= ICMPTimestamp.requiredLength else { return .none }
      guard let timeOfDay else { return .unknown("the time of day for an ICMP timestamp reply is not known") }
      message = ICMPTimestamp.reply(to: message, time: timeOfDay)
    default: return .none
    }
    guard let options = echo.filled(source: source, timeOfDay: timeOfDay) else {
      return .unknownTimestamp
    }
    return .packet(
      AnswersHeader.packet(
        tos: header.tos, dontFragment: false, ttl: ttl, protocolNumber: .icmp, source: source,
        destination: echo.firstHop ?? header.source, payload: message, options: options))
  }
}
