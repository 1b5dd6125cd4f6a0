// The fields of a packet as the kernel's log has them, those of IPv4 and those that both families share.

import NetfilterModel

/// The fields of a packet in a log line (kernel: `dump_ipv4_packet`, `dump_ipv6_packet`).
///
/// Each part returns whether the line goes on behind it: where something is cut off the kernel ends the line.
struct LogFields {
  /// The family as the kernel takes it: a quoted packet has that of the packet around it.
  let family: AddressFamily
  let bytes: [UInt8]
  let detail: LogDetail
  var isQuoted = false

  static func hex(_ value: some BinaryInteger, digits: Int, uppercase: Bool = false) -> String {
    let text = String(value, radix: 16, uppercase: uppercase)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  private static func hexText(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { hex($0, digits: 2, uppercase: true) }.joined()
  }

  /// Appends the fields; returns whether the socket's user and the mark follow.
  @discardableResult
  func write(into text: inout String) -> Bool {
    family == .ipv6 ? writeIPv6(into: &text) : writeIPv4(into: &text)
  }

  private func writeIPv4(into text: inout String) -> Bool {
    guard bytes.count >= IPv4Header.minimumLength else {
      text += "TRUNCATED"
      return false
    }
    let start = IPv4Header.length(in: bytes, at: 0)
    let tos = IPv4Header.tos(in: bytes, at: 0)
    let fragmentation = IPv4Header.fragmentation(in: bytes, at: 0)
    text += "SRC=\(IPv4Header.source(in: bytes, at: 0)) DST=\(IPv4Header.destination(in: bytes, at: 0)) "
    text += "LEN=\(IPv4Header.totalLength(in: bytes, at: 0)) "
    text += "TOS=0x\(Self.hex(tos & TOSByte.serviceMask, digits: 2, uppercase: true)) "
    text += "PREC=0x\(Self.hex(tos & TOSByte.precedenceMask, digits: 2, uppercase: true)) "
    text += "TTL=\(IPv4Header.ttl(in: bytes, at: 0)) ID=\(IPv4Header.identification(in: bytes, at: 0)) "
    if fragmentation.isReservedSet { text += "CE " }
    if fragmentation.dontFragment { text += "DF " }
    if fragmentation.moreFragments { text += "MF " }
    let offset = fragmentation.offset
    if offset != 0 { text += "FRAG:\(offset) " }
    if detail.ipOptions, start > IPv4Header.minimumLength {
      guard bytes.count >= start else {
        text += "TRUNCATED"
        return false
      }
      text += "OPT (\(Self.hexText(bytes[IPv4Header.minimumLength..<start]))) "
    }
    let number = IPv4Header.protocolNumber(in: bytes, at: 0)
    switch number {
    case .icmp:
      icmp(start, isFragment: offset != 0, &text)
      return true
    case .ah:
      if offset != 0 { return true }
      text += "PROTO=AH "
      // Unlike those of TCP and UDP, this line goes on behind what is cut off.
      guard has(AHHeader.minimumLength, at: start, &text) else { return true }
      text += "SPI=0x" + String(AHHeader.securityParameters(in: bytes, at: start), radix: 16) + " "
      return true
    case .esp:
      text += "PROTO=ESP "
      if offset != 0 { return true }
      guard has(ESPHeader.length, at: start, &text) else { return true }
      text += "SPI=0x" + String(ESPHeader.securityParameters(in: bytes, at: start), radix: 16) + " "
      return true
    default: return transport(number, start, isFragment: offset != 0, into: &text)
    }
  }

  /// The transport header of any protocol of which both families write the same.
  func transport(_ number: ProtocolNumber, _ start: Int, isFragment: Bool, into text: inout String) -> Bool {
    switch number {
    case .tcp: return tcp(start, isFragment, &text)
    case .udp, .udplite:
      text += number == .udp ? "PROTO=UDP " : "PROTO=UDPLITE "
      if isFragment { return true }
      guard has(UDPHeader.length, at: start, &text) else { return false }
      writePorts(start, &text)
      text += "LEN=\(UDPHeader.datagramLength(in: bytes, at: start)) "
    default: text += "PROTO=\(number.rawValue) "
    }
    return true
  }

  /// Whether there are as many bytes from `start` on; appends what the line ends with where there are fewer.
  func has(_ length: Int, at start: Int, _ text: inout String) -> Bool {
    if bytes.count - start >= length { return true }
    text += "INCOMPLETE [\(left(from: start)) bytes] "
    return false
  }

  /// How many bytes there are from `start` on, as the kernel counts them: in 32 bits without a sign.
  func left(from start: Int) -> UInt32 { UInt32(truncatingIfNeeded: bytes.count - start) }

  private func writePorts(_ start: Int, _ text: inout String) {
    text += "SPT=\(TransportPorts.source(in: bytes, at: start)) "
    text += "DPT=\(TransportPorts.destination(in: bytes, at: start)) "
  }

  func writeQuery(_ start: Int, _ text: inout String) {
    text += "ID=\(ICMPMessage.identifier(in: bytes, at: start)) SEQ=\(ICMPMessage.sequence(in: bytes, at: start)) "
  }

  private func tcp(_ start: Int, _ isFragment: Bool, _ text: inout String) -> Bool {
    text += "PROTO=TCP "
    if isFragment { return true }
    guard has(TCPHeader.minimumLength, at: start, &text) else { return false }
    writePorts(start, &text)
    if detail.sequence {
      text += "SEQ=\(TCPHeader.sequence(in: bytes, at: start)) "
      text += "ACK=\(TCPHeader.acknowledgement(in: bytes, at: start)) "
    }
    text += "WINDOW=\(TCPHeader.window(in: bytes, at: start)) "
    let reserved = TCPHeader.reserved(in: bytes, at: start)
    // The three bits beside the length (kernel: TCP_RESERVED_BITS), shifted as the kernel does; AE is a flag.
    text += "RES=0x\(Self.hex((reserved & ~1) << 2, digits: 2)) "
    if reserved & 1 != 0 { text += "AE " }
    for name in TCPHeader.flags(in: bytes, at: start).names { text += name + " " }
    text += "URGP=\(TCPHeader.urgentPointer(in: bytes, at: start)) "
    let options = TCPHeader.options(in: bytes, at: start)
    guard detail.tcpOptions, !options.isEmpty else { return true }
    guard options.upperBound <= bytes.count else {
      text += "OPT (TRUNCATED)"
      return false
    }
    text += "OPT (\(Self.hexText(bytes[options]))) "
    return true
  }

  /// The length in bytes that the kernel wants of a message before it shows more than type and code
  /// (kernel: `required_len` of `dump_ipv4_packet`).
  private static func requiredLength(_ type: ICMPType) -> Int? {
    switch type {
    case .echoReply, .echoRequest: 4
    case .destinationUnreachable, .sourceQuench, .redirect, .timeExceeded, .parameterProblem:
      ICMPMessage.headerLength + IPv4Header.minimumLength
    case .timestampRequest, .timestampReply: ICMPTimestamp.length
    case .addressMaskRequest, .addressMaskReply: 12
    default: nil
    }
  }

  private func icmp(_ start: Int, isFragment: Bool, _ text: inout String) {
    text += "PROTO=ICMP "
    guard !isFragment, has(ICMPMessage.headerLength, at: start, &text) else { return }
    let type = ICMPMessage.type(in: bytes, at: start)
    let code = ICMPMessage.code(in: bytes, at: start)
    text += "TYPE=\(type.rawValue) CODE=\(code.rawValue) "
    if let length = Self.requiredLength(type), !has(length, at: start, &text) { return }
    switch type {
    case .echoReply, .echoRequest: writeQuery(start, &text)
    case .parameterProblem: text += "PARAMETER=\(ICMPMessage.pointer(in: bytes, at: start)) "
    case .destinationUnreachable, .sourceQuench, .redirect, .timeExceeded:
      if type == .redirect { text += "GATEWAY=\(ICMPMessage.gateway(in: bytes, at: start)) " }
      if !isQuoted {
        writeQuoted(start, &text)
      }
      if type == .destinationUnreachable, code == .fragmentationNeeded {
        text += "MTU=\(ICMPMessage.mtu(in: bytes, at: start)) "
      }
    default: break
    }
  }

  /// The packet that the ICMP message at `start` quotes, in brackets.
  func writeQuoted(_ start: Int, _ text: inout String) {
    let quoted = Array(bytes[min(bytes.count, start + ICMPMessage.headerLength)...])
    text += "["
    LogFields(family: family, bytes: quoted, detail: detail, isQuoted: true).write(into: &text)
    text += "] "
  }
}
