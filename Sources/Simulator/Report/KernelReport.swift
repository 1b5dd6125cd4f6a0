// The walk as the kernel's log shows it: TRACE lines and the lines of LOG, as nf_log_syslog writes them for IPv4.

import NetfilterModel

/// Writes walks as kernel log lines (kernel: `nf_log_ip_packet`, `trace_packet`).
public struct KernelReport: Sendable {
  /// Makes a report writer.
  public init() {}

  /// A line for each rule, policy or chain end that was hit, and for each record of LOG, in order; no time stamps. The
  /// kernel traces a packet from the rule behind the one with TRACE on; here every packet is traced from its start.
  ///
  /// A line ends in a blank, as the kernel's do.
  public func lines(_ walk: Walk, on host: Host) -> [String] {
    let index = RuleIndex(host)
    var lines: [String] = []
    var last: (packet: Packet, input: InterfaceName, output: InterfaceName)?
    for event in walk.events {
      switch event {
      case .ruleHit(let place, let packet, _, let input, let output):
        last = (packet, input, output)
        lines.append(line("TRACE: \(place) ", packet, input, output, host, LogDetail()))
      case .logged(let record, let place) where record.target == "LOG":
        guard let last else { continue }
        var detail = LogDetail(sequence: false, tcpOptions: false, ipOptions: false, owner: false)
        if case .target(.log(let target)) = index.rule(place, family: last.packet.family ?? .ipv4)?.action {
          detail = LogDetail(
            sequence: target.tcpSequence, tcpOptions: target.tcpOptions, ipOptions: target.ipOptions, owner: target.uid)
        }
        lines.append(line(record.prefix, last.packet, last.input, last.output, host, detail))
      default: break
      }
    }
    return lines
  }

  private func line(
    _ prefix: String, _ packet: Packet, _ input: InterfaceName, _ output: InterfaceName, _ host: Host,
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

/// What a log line goes into (kernel: `NF_LOG_TCPSEQ` and its siblings); TRACE shows all of it.
struct LogDetail: Hashable {
  var sequence = true
  var tcpOptions = true
  var ipOptions = true
  var owner = true
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
    guard bytes.count >= 20, bytes.byte(at: 0) >> 4 == 4 else {
      if bytes.byte(at: 0) >> 4 == 6, let header = IPHeader(bytes) {
        writeIPv6(header, into: &text)
      } else {
        text += "TRUNCATED"
      }
      return
    }
    let start = Int(bytes.byte(at: 0) & 15) * 4
    let tos = bytes.byte(at: 1)
    let fragment = bytes.uint16(at: 6)
    text += "SRC=\(IPAddress.v4(bytes.uint32(at: 12))) DST=\(IPAddress.v4(bytes.uint32(at: 16))) "
    text += "LEN=\(bytes.uint16(at: 2)) TOS=0x\(Self.hex(tos & 0x1e, digits: 2, uppercase: true)) "
    text +=
      "PREC=0x\(Self.hex(tos & 0xe0, digits: 2, uppercase: true)) TTL=\(bytes.byte(at: 8)) ID=\(bytes.uint16(at: 4)) "
    if fragment & 0x8000 != 0 { text += "CE " }
    if fragment & 0x4000 != 0 { text += "DF " }
    if fragment & 0x2000 != 0 { text += "MF " }
    let offset = fragment & 0x1fff
    if offset != 0 { text += "FRAG:\(offset) " }
    if detail.ipOptions, start > 20 {
      guard bytes.count >= start else {
        text += "TRUNCATED"
        return
      }
      text += "OPT (\(Self.hexText(bytes[20..<start]))) "
    }
    transport(ProtocolNumber(bytes.byte(at: 9)), start, isFragment: offset != 0, into: &text)
  }

  private func transport(_ number: ProtocolNumber, _ start: Int, isFragment: Bool, into text: inout String) {
    let left = max(0, bytes.count - start)
    switch number {
    case .tcp: tcp(start, left, isFragment, &text)
    case .udp, .udplite:
      text += number == .udp ? "PROTO=UDP " : "PROTO=UDPLITE "
      if isFragment { return }
      guard left >= 8 else {
        text += "INCOMPLETE [\(left) bytes] "
        return
      }
      text += "SPT=\(bytes.uint16(at: start)) DPT=\(bytes.uint16(at: start + 2)) LEN=\(bytes.uint16(at: start + 4)) "
    case .icmp: icmp(start, left, isFragment, &text)
    case .ah, .esp:
      if isFragment { return }
      text += number == .ah ? "PROTO=AH " : "PROTO=ESP "
      guard left >= (number == .ah ? 12 : 8) else {
        text += "INCOMPLETE [\(left) bytes] "
        return
      }
      text += "SPI=0x" + String(bytes.uint32(at: number == .ah ? start + 4 : start), radix: 16) + " "
    default: text += "PROTO=\(number.rawValue) "
    }
  }

  private func tcp(_ start: Int, _ left: Int, _ isFragment: Bool, _ text: inout String) {
    text += "PROTO=TCP "
    if isFragment { return }
    guard left >= 20 else {
      text += "INCOMPLETE [\(left) bytes] "
      return
    }
    text += "SPT=\(bytes.uint16(at: start)) DPT=\(bytes.uint16(at: start + 2)) "
    if detail.sequence { text += "SEQ=\(bytes.uint32(at: start + 4)) ACK=\(bytes.uint32(at: start + 8)) " }
    text += "WINDOW=\(bytes.uint16(at: start + 14)) "
    // Bits 0x0f00 of the word with offset and flags (kernel: TCP_RESERVED_BITS), shifted as the kernel does.
    text += "RES=0x\(Self.hex((bytes.byte(at: start + 12) & 0x0f) << 2, digits: 2)) "
    if bytes.byte(at: start + 12) & 1 != 0 { text += "AE " }
    let names: [(UInt8, String)] = [
      (0x80, "CWR"), (0x40, "ECE"), (0x20, "URG"), (0x10, "ACK"), (0x08, "PSH"), (0x04, "RST"), (0x02, "SYN"),
      (0x01, "FIN"),
    ]
    for (bit, name) in names where bytes.byte(at: start + 13) & bit != 0 { text += name + " " }
    text += "URGP=\(bytes.uint16(at: start + 18)) "
    let end = start + Int(bytes.byte(at: start + 12) >> 4) * 4
    guard detail.tcpOptions, end > start + 20 else { return }
    guard end <= bytes.count else {
      text += "OPT (TRUNCATED)"
      return
    }
    text += "OPT (\(Self.hexText(bytes[(start + 20)..<end]))) "
  }

  private func icmp(_ start: Int, _ left: Int, _ isFragment: Bool, _ text: inout String) {
    text += "PROTO=ICMP "
    if isFragment { return }
    guard left >= 8 else {
      text += "INCOMPLETE [\(left) bytes] "
      return
    }
    let type = bytes.byte(at: start)
    let code = bytes.byte(at: start + 1)
    text += "TYPE=\(type) CODE=\(code) "
    let required: [UInt8: Int] = [0: 4, 3: 28, 4: 28, 5: 28, 8: 4, 11: 28, 12: 28, 13: 20, 14: 20, 17: 12, 18: 12]
    if let length = required[type], left < length {
      text += "INCOMPLETE [\(left) bytes] "
      return
    }
    switch type {
    case 0, 8: text += "ID=\(bytes.uint16(at: start + 4)) SEQ=\(bytes.uint16(at: start + 6)) "
    case 12: text += "PARAMETER=\(bytes.byte(at: start + 4)) "
    case 3, 4, 5, 11:
      if type == 5 { text += "GATEWAY=\(IPAddress.v4(bytes.uint32(at: start + 4))) " }
      if !isQuoted {
        text += "["
        LogFields(bytes: Array(bytes[(start + 8)...]), detail: detail, isQuoted: true).write(into: &text)
        text += "] "
      }
      if type == 3, code == 4 { text += "MTU=\(bytes.uint16(at: start + 6)) " }
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
    text +=
      "LEN=\(header.totalLength) TC=\(header.tos) HOPLIMIT=\(header.ttl) FLOWLBL=\(bytes.uint32(at: 0) & 0xfffff) "
    let start = header.transportOffset
    if header.protocolNumber == .icmpv6 {
      text += "PROTO=ICMPv6 "
      let left = max(0, bytes.count - start)
      guard left >= 8 else {
        text += "INCOMPLETE [\(left) bytes] "
        return
      }
      let type = bytes.byte(at: start)
      text += "TYPE=\(type) CODE=\(bytes.byte(at: start + 1)) "
      if type == 128 || type == 129 { text += "ID=\(bytes.uint16(at: start + 4)) SEQ=\(bytes.uint16(at: start + 6)) " }
    } else {
      transport(header.protocolNumber, start, isFragment: false, into: &text)
    }
  }
}
