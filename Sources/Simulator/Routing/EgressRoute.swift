// What routing says about a packet.

import NetfilterModel

/// Where a routed packet goes (kernel: `struct rtable`).
struct EgressRoute: Hashable, Sendable {
  /// What happens to it.
  enum Kind: Hashable, Sendable {
    /// The host itself takes it.
    case local
    /// It leaves, or the loopback interface brings it back.
    case output
    /// Nothing can be done; the cause says why, and an ICMP code says what to answer.
    case error(DropCause, icmpCode: ICMPCode?)
  }
  var kind: Kind
  var device: InterfaceName
  var gateway: IPAddress?
  var mtu: Int
  /// Whether the route gives the MTU, and for good (`mtu lock`).
  var isMTULocked = false
  /// The source address that the host would use.
  var source: IPAddress
  var type: AddressType
  /// It comes back to the host itself (kernel: `RTCF_LOCAL`).
  var isLocal: Bool
  /// The length of the route's prefix, which IPv6 weighs when it limits errors.
  var prefixLength = 0
}
