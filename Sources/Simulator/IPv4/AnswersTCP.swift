// TCP resets: REJECT's, and the stack's own for a closed port.

import NetfilterModel

/// Resets as the kernel builds them.
enum TCPAnswers {
  /// REJECT's reset, or none for later fragments, other protocols, resets, and bad checksums (kernel: `nf_send_reset`).
  ///
  /// `isChecksumTrusted` is true for segments that the host itself made, whose checksum the kernel has not filled in yet. TOS is 0 and DF is set.
  static func reset(
    for bytes: [UInt8], routeType: AddressType, isChecksumTrusted: Bool = false, ttl: UInt8 = defaultTTL
  ) -> HostAnswer {
    guard let header = IPHeader(bytes), header.family == .ipv4, header.fragmentOffset == 0,
      routeType != .broadcast, routeType != .multicast,
      isChecksumTrusted || AnswersHeader.isChecksumValid(bytes, header, includingHeader: true)
    else { return .none }
    return build(bytes, header, tos: 0, ttl: ttl)
  }

  /// The reset of a closed port, or none for bad segments and for what was not sent to this host alone (kernel: `tcp_v4_send_reset`).
  ///
  /// Differs from REJECT's in that it repeats IP options, keeps the DSCP (not the ECN bits), and refuses a data offset below 5 or beyond the segment.
  static func closedPort(
    for bytes: [UInt8], routeType: AddressType, ttl: UInt8 = defaultTTL, echo: EchoedOptions = EchoedOptions(),
    timeOfDay: UInt32? = nil
  ) -> HostAnswer {
    guard let header = IPHeader(bytes), header.family == .ipv4, !header.isFragment, routeType == .local else {
      return .none
    }
    let dataOffset = Int(bytes.byte(at: header.transportOffset + 12) >> 4) * 4
    guard dataOffset >= 20, bytes.count - header.transportOffset >= dataOffset else { return .none }
    // A signed segment is answered only by someone who has the key (RFC 2385).
    let options = header.transportOffset + 20..<header.transportOffset + dataOffset
    if TCPOptions.contains(19, in: bytes, from: options.lowerBound, to: options.upperBound) { return .none }
    guard AnswersHeader.isChecksumValid(bytes, header) else { return .none }
    return build(
      bytes, header, tos: header.tos & 0xfc, ttl: ttl, echo: echo, timeOfDay: timeOfDay)
  }

  private static func build(
    _ bytes: [UInt8], _ header: IPHeader, tos: UInt8, ttl: UInt8, echo: EchoedOptions = EchoedOptions(),
    timeOfDay: UInt32? = nil
  ) -> HostAnswer {
    let start = header.transportOffset
    let flags = bytes.byte(at: start + 13)
    guard header.protocolNumber == .tcp, bytes.count - start >= 20, flags & 0x04 == 0 else { return .none }
    guard let options = echo.filled(source: header.destination, timeOfDay: timeOfDay) else { return .unknownTimestamp }
    var segment = [UInt8](repeating: 0, count: 20)
    segment.setUInt16(bytes.uint16(at: start + 2), at: 0)
    segment.setUInt16(bytes.uint16(at: start), at: 2)
    segment[12] = 0x50
    if flags & 0x10 != 0 {
      segment.setUInt32(bytes.uint32(at: start + 8), at: 4)
      segment[13] = 0x04
    } else {
      let length = bytes.count - start - Int(bytes.byte(at: start + 12) >> 4) * 4
      let spent = UInt32(flags & 1) + UInt32(flags >> 1 & 1)
      segment.setUInt32(
        bytes.uint32(at: start + 4) &+ spent &+ UInt32(truncatingIfNeeded: length), at: 8)
      segment[13] = 0x14
    }
    let pseudo = Checksum.pseudoHeader(
      source: header.destination, destination: header.source, protocolNumber: .tcp, length: 20)
    segment.setUInt16(Checksum.compute(segment, in: 0..<20, initial: pseudo), at: 16)
    return .packet(
      AnswersHeader.packet(
        tos: tos, dontFragment: true, ttl: ttl, protocolNumber: .tcp, source: header.destination,
        destination: echo.firstHop ?? header.source, payload: segment, options: options))
  }
}
