// The IPv4 header of packets that the host makes itself, and what an answer can be.

import NetfilterModel

/// What the host has to say about a packet.
enum HostAnswer: Hashable, Sendable {
  /// Nothing.
  case none
  /// A packet, ready to be routed and to walk OUTPUT.
  case packet([UInt8])
  /// An ICMP error about `bytes`, to be built by `ICMPAnswers.error` once routing has a source address and `ICMPRateLimiter` agrees.
  case icmpError(type: UInt8, code: UInt8, about: [UInt8])
  /// Nothing here can decide it; the text says why.
  case unknown(String)

  /// Its IP timestamp option needs the time of day.
  static let unknownTimestamp = HostAnswer.unknown("the time of day for an IP timestamp option is not known")
}

/// The default TTL of packets that the host sends (kernel: `net.ipv4.ip_default_ttl`).
let defaultTTL: UInt8 = 64

/// Building and checking IPv4 headers.
package enum AnswersHeader {
  /// An IPv4 packet; `options` have a multiple of four bytes. The identification is 0: the kernel chooses it for packets that may be fragmented.
  package static func packet(
    tos: UInt8, dontFragment: Bool, ttl: UInt8, protocolNumber: ProtocolNumber, source: IPAddress,
    destination: IPAddress, payload: [UInt8], options: [UInt8] = []
  ) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 20) + options
    bytes[0] = 0x45 + UInt8(truncatingIfNeeded: options.count / 4)
    bytes[1] = tos
    bytes.setUInt16(UInt16(truncatingIfNeeded: bytes.count + payload.count), at: 2)
    bytes[6] = dontFragment ? 0x40 : 0
    // multicasts do not leave the network (kernel: `ip_select_ttl`)
    bytes[8] = destination.isMulticast ? 1 : ttl
    bytes[9] = protocolNumber.rawValue
    bytes.setUInt32(source.v4Bits, at: 12)
    bytes.setUInt32(destination.v4Bits, at: 16)
    bytes.setIPv4Checksum(length: bytes.count)
    return bytes + payload
  }

  /// The packet cut to the length that its header names, as the kernel does on receipt (kernel: `ip_rcv_core`).
  static func trimmed(_ bytes: [UInt8], _ header: IPHeader) -> [UInt8] {
    header.totalLength >= header.transportOffset && header.totalLength < bytes.count
      ? Array(bytes[0..<header.totalLength]) : bytes
  }

  /// Whether the transport checksum holds as netfilter checks it (kernel: `nf_ip_checksum`).
  ///
  /// TCP and UDP count the pseudo header; of every other protocol the sum over its bytes alone must vanish, also of those that have no checksum.
  /// `includingHeader` is true for REJECT, whose sum begins at the IP header: a packet whose header checksum does not count yet what was
  /// written into its options is refused.
  static func isChecksumValid(_ bytes: [UInt8], _ header: IPHeader, includingHeader: Bool = false) -> Bool {
    var total: UInt32 = 0
    if header.protocolNumber == .tcp || header.protocolNumber == .udp {
      total = Checksum.pseudoHeader(
        source: header.source, destination: header.destination, protocolNumber: header.protocolNumber,
        length: bytes.count - header.transportOffset)
    }
    let sum = Checksum.sum(bytes, in: (includingHeader ? 0 : header.transportOffset)..<bytes.count, initial: total)
    return sum == 0 || sum == 0xffff
  }
}
