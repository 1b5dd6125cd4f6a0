// When REJECT answers with an ICMP error.

import NetfilterModel

/// REJECT's own conditions, before those of `ICMPAnswers.mayAnswer` (kernel: `nf_send_unreach`).
enum RejectAnswers {
  /// Whether REJECT sends an ICMP error about a packet: never about later fragments, nor about a bad transport checksum.
  ///
  /// The sum is checked for every protocol outside the kernel's list of exceptions, so that a packet of a protocol without a
  /// checksum is rejected in silence unless its bytes happen to add up. `isChecksumTrusted` is true for what the host itself made.
  static func sendsUnreachable(_ bytes: [UInt8], isChecksumTrusted: Bool = false) -> Bool {
    guard let header = IPHeader(bytes), header.fragmentOffset == 0 else { return false }
    if isChecksumTrusted { return true }
    switch header.protocolNumber {
    case .udp:
      let isShort = bytes.count - header.transportOffset < UDPHeader.length
      if !isShort, UDPHeader.checksum(in: bytes, at: header.transportOffset) == 0 { return true }
    case .gre, .ah, .esp, .sctp, .udplite: return true
    default: break
    }
    return AnswersHeader.isChecksumValid(bytes, header, includingHeader: true)
  }
}
