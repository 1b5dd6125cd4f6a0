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
  /// The route has an MTU that counts in any case (IPv6; ip-route(8), `mtu lock`).
  var isMTULocked = false
  /// The source address that the host would use.
  var source: IPAddress
  var type: AddressType
  /// It comes back to the host itself (kernel: `RTCF_LOCAL`).
  var isLocal: Bool
  /// The destination is an anycast address, as far as IPv6 can tell from the route (kernel: `ipv6_anycast_destination`).
  var isAnycast = false
}
