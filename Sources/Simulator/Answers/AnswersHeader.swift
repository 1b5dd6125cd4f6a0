// The IPv4 header of packets that the host makes itself.

import NetfilterModel

/// The default TTL of packets that the host sends (kernel: `net.ipv4.ip_default_ttl`).
let defaultTTL: UInt8 = 64

/// Building and checking IPv4 headers.
enum AnswersHeader {
  /// An IPv4 packet; `options` have a multiple of four bytes. The identification is 0: the kernel chooses it for packets that may be fragmented.
  static func packet(
    tos: UInt8, dontFragment: Bool, ttl: UInt8, protocolNumber: ProtocolNumber, source: IPAddress,
    destination: IPAddress, payload: [UInt8], options: [UInt8] = []
  ) -> [UInt8] {
    // multicasts do not leave the network (kernel: `ip_select_ttl`)
    IPv4Header.make(
      tos: tos, payloadLength: payload.count, fragmentation: IPv4Fragmentation(dontFragment: dontFragment),
      ttl: destination.isMulticast ? 1 : ttl, protocolNumber: protocolNumber, source: source,
      destination: destination, options: options) + payload
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
    var pseudoHeader: UInt32 = 0
    if header.protocolNumber == .tcp || header.protocolNumber == .udp {
      pseudoHeader = Checksum.pseudoHeader(
        source: header.source, destination: header.destination, protocolNumber: header.protocolNumber,
        length: bytes.count - header.transportOffset)
    }
    let start = includingHeader ? 0 : header.transportOffset
    return TransportChecksum.isValid(bytes, in: start..<bytes.count, pseudoHeader: pseudoHeader)
  }
}
