// Network address translation: setting it up for a connection (kernel: net/netfilter/nf_nat_core.c).

import NetfilterModel

/// What setting up a translation came to.
struct NATOutcome: Hashable, Sendable {
  /// Whether the packet goes on.
  var isAccepted: Bool
  /// A kernel draws the port or identifier that was chosen at random.
  var isByChance = false
}

/// NAT, as far as it needs no host.
enum NATCore {
  /// Which end a hook changes in the original direction (kernel: `HOOK2MANIP`).
  static func manipulation(at hook: Hook) -> NATManipulation {
    hook == .postrouting || hook == .input ? .source : .destination
  }

  /// Whether NAT of a kind was set up (kernel: `nf_nat_initialized`).
  static func isSetUp(_ status: ConnectionStatus, _ manipulation: NATManipulation) -> Bool {
    status.contains(manipulation == .source ? .sourceNATDone : .destinationNATDone)
  }

  /// The tuple of the opposite direction (kernel: `nf_ct_invert_tuple`); an ICMP type without an answer stays.
  static func inverted(_ tuple: ConnectionTuple) -> ConnectionTuple {
    if let inverted = tuple.inverted { return inverted }
    var result = tuple
    result.source = tuple.destination
    result.destination = tuple.source
    return result
  }

  /// A NETMAP range made into the one address that keeps the host part (kernel: `netmap_tg4`).
  static func resolveNetmap(
    _ range: NATRange, _ tuple: ConnectionTuple, _ manipulation: NATManipulation
  ) -> NATRange {
    guard range.isNetmap, let addresses = range.addresses else { return range }
    let old = manipulation == .source ? tuple.source : tuple.destination
    let low = addresses.lowerBound
    let high = addresses.upperBound
    let hostHigh = low.high ^ high.high
    let hostLow = low.low ^ high.low
    let new = IPAddress(
      family: low.family, high: old.high & hostHigh | low.high & ~hostHigh, low: old.low & hostLow | low.low & ~hostLow)
    var result = range
    result.addresses = new...new
    return result
  }

  /// Whether a masqueraded packet leaves by another interface than its connection did (kernel: `nf_nat_oif_changed`).
  @inline(__always)
  static func hasMovedInterface(_ packet: borrowing PacketContext, from masqueradeInterface: InterfaceName) -> Bool {
    packet.hook == .postrouting && !masqueradeInterface.isNone && packet.state.direction == .original
      && masqueradeInterface != packet.output
  }

  /// Whether a related packet is an ICMP error, whose quoted packet is translated too (kernel: `nf_nat_ipv4_fn`, `nf_nat_ipv6_fn`).
  static func isError(_ packet: borrowing PacketContext) -> Bool {
    packet.header.protocolNumber == (packet.header.family == .ipv4 ? .icmp : .icmpv6)
  }
}
