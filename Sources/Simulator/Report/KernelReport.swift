// The walk as the kernel's log shows it: TRACE lines and the lines of LOG, as nf_log_syslog writes them for both families.

import NetfilterModel

/// Writes walks as kernel log lines (kernel: `nf_log_ip_packet`, `nf_log_ip6_packet`, `trace_packet`).
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
  /// A line ends as the kernel's does: mostly in a blank, and after 1,016 bytes. Of a walk with more than `mostLines` a last line counts those that are missing.
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
    let isWhole = LogFields(family: packet.family ?? .ipv4, bytes: packet.bytes, detail: detail).write(into: &text)
    // Behind what is cut off the kernel writes nothing more.
    if isWhole {
      if detail.owner, case .process(let uid, let gid, _) = packet.owner { text += "UID=\(uid) GID=\(gid) " }
      if packet.mark != 0 { text += "MARK=0x" + String(packet.mark, radix: 16) + " " }
    }
    return text.utf8.count <= Self.longestLine
      ? text : String(decoding: text.utf8.prefix(Self.longestLine), as: UTF8.self)
  }

  /// The bytes that a line has room for (kernel: `S_SIZE` of nf_log_syslog, without the level and the end).
  private static let longestLine = 1016

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
