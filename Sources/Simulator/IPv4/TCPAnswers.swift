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
    let length = TCPHeader.length(in: bytes, at: header.transportOffset)
    guard length >= TCPHeader.minimumLength, bytes.count - header.transportOffset >= length else { return .none }
    // A signed segment is answered only by someone who has the key (RFC 2385, RFC 5925).
    let options = TCPHeader.options(in: bytes, at: header.transportOffset)
    if TCPOptions.isSigned(in: bytes, options) { return .none }
    guard AnswersHeader.isChecksumValid(bytes, header) else { return .none }
    return build(
      bytes, header, tos: header.tos & TOSByte.dscpMask, ttl: ttl, echo: echo, timeOfDay: timeOfDay)
  }

  private static func build(
    _ bytes: [UInt8], _ header: IPHeader, tos: UInt8, ttl: UInt8, echo: EchoedOptions = EchoedOptions(),
    timeOfDay: UInt32? = nil
  ) -> HostAnswer {
    guard header.protocolNumber == .tcp,
      let segment = TCPReset.segment(bytes, at: header.transportOffset, header.source, header.destination)
    else { return .none }
    guard let options = echo.filled(source: header.destination, timeOfDay: timeOfDay) else { return .unknownTimestamp }
    return .packet(
      AnswersHeader.packet(
        tos: tos, dontFragment: true, ttl: ttl, protocolNumber: .tcp, source: header.destination,
        destination: echo.firstHop ?? header.source, payload: segment, options: options))
  }
}
