// What a checksum that was found right is worth later, when rules have changed the packet.

/// What is known of a packet's transport checksum.
public enum ChecksumStanding: Hashable, Sendable {
  /// Nobody has looked at it.
  case open
  /// It was found right, and still counts as right whatever addresses the packet has now: in the kernel's sum over the whole packet
  /// the addresses of the header and those of the pseudo header cancel out.
  case right
  /// It was found right, but other fields of the header have changed since, so that the kernel's sum no longer fits.
  case doubtful
}

extension PacketContext {
  /// Notes that the transport checksum is right (kernel: `__skb_checksum_complete`).
  public mutating func noteVerifiedChecksum() {
    hasVerifiedChecksum = true
    if header.family == .ipv6 { verifiedHeaderSum = headerSum }
  }

  /// Whether the transport checksum that was found right still counts at this hook (kernel: `nf_ip_checksum`, `nf_ip6_checksum`).
  ///
  /// On the way in it is compared with the header as it is now, and settled when it fits; of what the host sends nobody asks again, and
  /// forwarding forgets what is not settled (kernel: `skb_forward_csum`).
  public mutating func keepsVerifiedChecksum() -> Bool {
    if hasSettledChecksum { return true }
    if hook == .prerouting || hook == .input {
      hasSettledChecksum = checksumStanding == .right
      return hasSettledChecksum
    }
    return hasVerifiedChecksum && input.isNone
  }

  /// What is known of the transport checksum (kernel: `CHECKSUM_COMPLETE`).
  public var checksumStanding: ChecksumStanding {
    if hasSettledChecksum { return .right }
    if !hasVerifiedChecksum { return .open }
    return header.family == .ipv4 || headerSum == verifiedHeaderSum ? .right : .doubtful
  }

  private var headerSum: UInt32 { Checksum.sum(packet.bytes, in: 0..<IPv6Header.sourceOffset) }
}
