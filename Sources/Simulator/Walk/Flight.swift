// A packet on its way through a host, with what the kernel keeps beside it between the hooks.

import NetfilterModel

/// Where a routed packet goes (kernel: `struct rtable`).
struct EgressRoute: Hashable {
  /// What happens to it.
  enum Kind: Hashable {
    /// The host itself takes it.
    case local
    /// It leaves, or the loopback interface brings it back.
    case output
    /// Nothing can be done; the cause says why, and an ICMP code says what to answer.
    case error(DropCause, icmpCode: UInt8?)
  }
  var kind: Kind
  var device: InterfaceName
  var gateway: IPAddress?
  var mtu: Int
  /// The source address that the host would use.
  var source: IPAddress
  var type: AddressType
  /// It comes back to the host itself (kernel: `RTCF_LOCAL`).
  var isLocal: Bool
}

/// A packet on its way.
struct Flight {
  var context: PacketContext
  var reason: PacketReason
  var route: EgressRoute?
  /// What is known of its IPv4 options.
  var options = IPOptions()
  /// Connection tracking found its transport checksum right (kernel: `skb->csum_valid`).
  var hasVerifiedChecksum = false
  /// How it came in when it was put together from fragments.
  var origin: FragmentOrigin?
  /// Where it came in, for POSTROUTING of forwarded packets.
  var arrival: InterfaceName = .none
  /// The packet keeps its route across loopback.
  var isForwarded = false
}

/// What targets asked the host to do while a table was walked.
struct TargetRequests {
  var rejectedWith: RejectKind?
  var logs: [LogRecord] = []
  var answers: [Flight] = []
  /// NAT chose a port or identifier that a kernel would draw at random.
  var isByChance = false

  /// Whether anything but chance is to be dealt with.
  var isWaiting: Bool { rejectedWith != nil || !logs.isEmpty || !answers.isEmpty }
}

/// What targets may ask about the packet at a hook, beside its context.
struct PacketAtHook {
  var route: EgressRoute?
  var options = IPOptions()
  /// Connection tracking found its transport checksum right.
  var hasVerifiedChecksum = false
}

/// How a hook ended.
enum HookOutcome {
  case accept
  case ended(Disposition)
}
