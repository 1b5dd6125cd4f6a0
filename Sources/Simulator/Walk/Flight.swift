// A packet on its way through a host, with what the kernel keeps beside it between the hooks.

import NetfilterModel

/// A packet on its way.
struct Flight: Sendable {
  var context: PacketContext
  var reason: PacketReason
  /// The number of the packet that caused it.
  var parent = 0
  var route: EgressRoute?
  /// What is known of its IPv4 options.
  var options = IPOptions()
  /// How it came in when it was put together from fragments.
  var origin: FragmentOrigin?
  /// It had a fragment header when it came to the host, if only one for the whole (IPv6; kernel: `IP6SKB_FRAGMENTED`).
  var wasFragment = false
  /// Where it came in, for POSTROUTING of forwarded packets.
  var arrival: InterfaceName = .none
  /// The host made it for an interface, which POSTROUTING sees as the one that it came in on (kernel: `ndisc_alloc_skb`).
  var hasDevice = false
  /// It may be cut where it is too large (IPv6; kernel: `skb->ignore_df`).
  var mayBeCut = false
  /// The neighbour whose silence this error is about: the error is not kept until that one answers (kernel: `neigh_invalidate`).
  var silentNeighbour: Neighbour?
  /// The packet keeps its route across loopback.
  var isForwarded = false
}

/// How a hook ended.
enum HookOutcome {
  case accept
  case ended(Disposition)
}
