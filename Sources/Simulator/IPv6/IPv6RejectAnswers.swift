// What REJECT answers to IPv6 packets (kernel: net/ipv6/netfilter/nf_reject_ipv6.c).

import NetfilterModel

/// REJECT's own conditions and resets.
enum IPv6RejectAnswers {
  /// Whether REJECT sends an ICMPv6 error about a packet (kernel: `nf_reject_v6_csum_ok`).
  static func sendsUnreachable(_ bytes: [UInt8], isChecksumTrusted: Bool) -> Bool {
    if isChecksumTrusted { return true }
    guard let header = IPHeader(bytes),
      let place = IPv6Extensions.skipped(
        from: IPv6Header.length, IPv6Header.nextHeader(in: bytes, at: 0), in: bytes),
      place.offset < bytes.count, place.fragmentation.offset == 0
    else { return false }
    switch place.protocolNumber {
    case .udp:
      if bytes.count - place.offset >= UDPHeader.length, UDPHeader.checksum(in: bytes, at: place.offset) == 0 {
        return true
      }
    case .gre, .ah, .esp, .sctp, .udplite: return true
    default: break
    }
    return IPv6StackAnswers.isChecksumValid(bytes, header, place, place.protocolNumber)
  }

  /// The reset, or nil for other protocols, later fragments, resets and bad checksums (kernel: `nf_reject_ip6_tcphdr_get`).
  static func reset(for bytes: [UInt8], isChecksumTrusted: Bool, hopLimit: UInt8) -> [UInt8]? {
    guard let header = IPHeader(bytes),
      let place = IPv6Extensions.skipped(
        from: IPv6Header.length, IPv6Header.nextHeader(in: bytes, at: 0), in: bytes),
      place.protocolNumber == .tcp, isChecksumTrusted || IPv6StackAnswers.isChecksumValid(bytes, header, place, .tcp)
    else { return nil }
    return IPv6StackAnswers.reset(
      bytes, header, place, source: header.destination, trafficClass: 0, hopLimit: hopLimit)
  }
}
