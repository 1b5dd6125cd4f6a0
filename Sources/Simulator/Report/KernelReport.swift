// The walk as the kernel's log shows it: TRACE lines and the lines of LOG, as nf_log_syslog writes them for IPv4.

import NetfilterModel

/// Writes walks as kernel log lines (kernel: `nf_log_ip_packet`, `trace_packet`).
public struct KernelReport: Sendable {
  /// How many lines of a walk are written at most; the rest is counted.
  public var mostLines: Int

  /// The most lines of a walk that are written when nothing else is said.
  public static let usualMostLines = 100_000

  /// Makes a report writer.
  public init(mostLines: Int = KernelReport.usualMostLines) { self.mostLines = mostLines }

  /// A line for each rule, policy or chain end that was hit, and for each record of LOG, in order; no time stamps. The
  /// kernel traces a packet from the rule behind the one with TRACE on; here every packet is traced from its start.
  ///
  /// A line ends in a blank, as the kernel's do. Of a walk with more than `mostLines` a last line counts those that are missing.
  public func lines(_ walk: Walk, on host: LinuxHost) -> [String] {
    var lines: [String] = []
    var hidden = 0
    var last: (packet: Packet, input: InterfaceName, output: InterfaceName)?
    for step in walk.steps {
      switch step.event {
      case .ruleHit(let place, let packet, _, let input, let output):
        last = (packet, input, output)
        if lines.count >= mostLines {
          hidden += 1
        } else {
          lines.append(line("TRACE: \(place.traceText) ", packet, input, output, host, LogDetail()))
        }
      case .logged(let record, _):
        guard let last, let detail = record.detail else { continue }
        if lines.count >= mostLines {
          hidden += 1
        } else {
          lines.append(line(record.prefix, last.packet, last.input, last.output, host, detail))
        }
      default: break
      }
    }
    return lines + walk.remainder(hiddenLines: hidden)
  }

  private func line(
    _ prefix: String, _ packet: Packet, _ input: InterfaceName, _ output: InterfaceName, _ host: LinuxHost,
    _ detail: LogDetail
  ) -> String {
    var text = "\(prefix)IN=\(input) OUT=\(output) "
    if !input.isNone { text += link(packet, host.interface(input)) }
    LogFields(bytes: packet.bytes, detail: detail).write(into: &text)
    if detail.owner, case .process(let uid, let gid, _) = packet.owner { text += "UID=\(uid) GID=\(gid) " }
    if packet.mark != 0 { text += "MARK=0x" + String(packet.mark, radix: 16) + " " }
    return text
  }

  /// The link-layer header: destination, source, type; nothing on an interface without one (kernel: `dump_mac_header`).
  private func link(_ packet: Packet, _ interface: Interface?) -> String {
    let loopback = [UInt8](repeating: 0, count: 6)
    let isLoopback = interface?.isLoopback ?? false
    guard let destination = isLoopback ? loopback : interface?.mac,
      let source = isLoopback ? loopback : packet.sourceMAC
    else {
      return "MAC= "
    }
    let type: [UInt8] = packet.family == .ipv6 ? [0x86, 0xdd] : [0x08, 0x00]
    return "MAC=" + (destination + source + type).map { LogFields.hex($0, digits: 2) }.joined(separator: ":") + " "
  }
}

/// The fields of an IPv4 packet in a log line (kernel: `dump_ipv4_packet`).
struct LogFields {
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

  func write(into text: inout String) {
    let version = IPv4Header.version(in: bytes, at: 0)
    guard bytes.count >= IPv4Header.minimumLength, version == 4 else {
      if version == 6, let header = IPHeader(bytes) {
        writeIPv6(header, into: &text)
      } else {
        text += "TRUNCATED"
      }
      return
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
        return
      }
      text += "OPT (\(Self.hexText(bytes[IPv4Header.minimumLength..<start]))) "
    }
    transport(IPv4Header.protocolNumber(in: bytes, at: 0), start, isFragment: offset != 0, into: &text)
  }

  private func transport(_ number: ProtocolNumber, _ start: Int, isFragment: Bool, into text: inout String) {
    let left = max(0, bytes.count - start)
    switch number {
    case .tcp: tcp(start, left, isFragment, &text)
    case .udp, .udplite:
      text += number == .udp ? "PROTO=UDP " : "PROTO=UDPLITE "
      if isFragment { return }
      guard left >= UDPHeader.length else {
        text += "INCOMPLETE [\(left) bytes] "
        return
      }
      writePorts(start, &text)
      text += "LEN=\(UDPHeader.datagramLength(in: bytes, at: start)) "
    case .icmp: icmp(start, left, isFragment, &text)
    case .ah, .esp:
      if isFragment { return }
      text += number == .ah ? "PROTO=AH " : "PROTO=ESP "
      guard left >= (number == .ah ? AHHeader.minimumLength : ESPHeader.length) else {
        text += "INCOMPLETE [\(left) bytes] "
        return
      }
      let index =
        number == .ah
        ? AHHeader.securityParameters(in: bytes, at: start) : ESPHeader.securityParameters(in: bytes, at: start)
      text += "SPI=0x" + String(index, radix: 16) + " "
    default: text += "PROTO=\(number.rawValue) "
    }
  }

  private func writePorts(_ start: Int, _ text: inout String) {
    text += "SPT=\(TransportPorts.source(in: bytes, at: start)) "
    text += "DPT=\(TransportPorts.destination(in: bytes, at: start)) "
  }

  private func writeQuery(_ start: Int, _ text: inout String) {
    text += "ID=\(ICMPMessage.identifier(in: bytes, at: start)) SEQ=\(ICMPMessage.sequence(in: bytes, at: start)) "
  }

  private func tcp(_ start: Int, _ left: Int, _ isFragment: Bool, _ text: inout String) {
    text += "PROTO=TCP "
    if isFragment { return }
    guard left >= TCPHeader.minimumLength else {
      text += "INCOMPLETE [\(left) bytes] "
      return
    }
    writePorts(start, &text)
    if detail.sequence {
      text += "SEQ=\(TCPHeader.sequence(in: bytes, at: start)) "
      text += "ACK=\(TCPHeader.acknowledgement(in: bytes, at: start)) "
    }
    text += "WINDOW=\(TCPHeader.window(in: bytes, at: start)) "
    let reserved = TCPHeader.reserved(in: bytes, at: start)
    // Bits 0x0f00 of the word with offset and flags (kernel: TCP_RESERVED_BITS), shifted as the kernel does.
    text += "RES=0x\(Self.hex(reserved << 2, digits: 2)) "
    if reserved & 1 != 0 { text += "AE " }
    for name in TCPHeader.flags(in: bytes, at: start).names { text += name + " " }
    text += "URGP=\(TCPHeader.urgentPointer(in: bytes, at: start)) "
    let options = TCPHeader.options(in: bytes, at: start)
    guard detail.tcpOptions, !options.isEmpty else { return }
    guard options.upperBound <= bytes.count else {
      text += "OPT (TRUNCATED)"
      return
    }
    text += "OPT (\(Self.hexText(bytes[options]))) "
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

  private func icmp(_ start: Int, _ left: Int, _ isFragment: Bool, _ text: inout String) {
    text += "PROTO=ICMP "
    if isFragment { return }
    guard left >= ICMPMessage.headerLength else {
      text += "INCOMPLETE [\(left) bytes] "
      return
    }
    let type = ICMPMessage.type(in: bytes, at: start)
    let code = ICMPMessage.code(in: bytes, at: start)
    text += "TYPE=\(type.rawValue) CODE=\(code.rawValue) "
    if let length = Self.requiredLength(type), left < length {
      text += "INCOMPLETE [\(left) bytes] "
      return
    }
    switch type {
    case .echoReply, .echoRequest: writeQuery(start, &text)
    case .parameterProblem: text += "PARAMETER=\(ICMPMessage.pointer(in: bytes, at: start)) "
    case .destinationUnreachable, .sourceQuench, .redirect, .timeExceeded:
      if type == .redirect { text += "GATEWAY=\(ICMPMessage.gateway(in: bytes, at: start)) " }
      if !isQuoted {
        text += "["
        let quoted = Array(bytes[(start + ICMPMessage.headerLength)...])
        LogFields(bytes: quoted, detail: detail, isQuoted: true).write(into: &text)
        text += "] "
      }
      if type == .destinationUnreachable, code == .fragmentationNeeded {
        text += "MTU=\(ICMPMessage.mtu(in: bytes, at: start)) "
      }
    default: break
    }
  }

  /// The fields of an IPv6 packet without extension headers (kernel: `dump_ipv6_packet`).
  private func writeIPv6(_ header: IPHeader, into text: inout String) {
    func full(_ address: IPAddress) -> String {
      let bytes = address.bytes
      return stride(from: 0, to: 16, by: 2).map { Self.hex(bytes.uint16(at: $0), digits: 4) }.joined(separator: ":")
    }
    text += "SRC=\(full(header.source)) DST=\(full(header.destination)) "
    text += "LEN=\(header.totalLength) TC=\(header.tos) HOPLIMIT=\(header.ttl) "
    text += "FLOWLBL=\(IPv6Header.flowLabel(in: bytes, at: 0)) "
    let start = header.transportOffset
    if header.protocolNumber == .icmpv6 {
      text += "PROTO=ICMPv6 "
      let left = max(0, bytes.count - start)
      guard left >= ICMPMessage.headerLength else {
        text += "INCOMPLETE [\(left) bytes] "
        return
      }
      let type = ICMPv6Message.type(in: bytes, at: start)
      text += "TYPE=\(type.rawValue) CODE=\(ICMPMessage.code(in: bytes, at: start).rawValue) "
      if type.isEcho { writeQuery(start, &text) }
    } else {
      transport(header.protocolNumber, start, isFragment: false, into: &text)
    }
  }
}
