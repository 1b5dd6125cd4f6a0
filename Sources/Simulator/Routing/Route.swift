// A route, and where it leads.

import NetfilterModel

/// A route of a routing table (kernel: `struct fib_alias` + `fib_info`).
public struct Route: Hashable, Sendable {
  /// The destination.
  public var destination: AddressMatch
  /// What the route does: unicast, local, broadcast, blackhole, unreachable, prohibit, throw.
  public var type: AddressType
  /// The interface, or `none` for routes without one.
  public var device: InterfaceName
  /// The next hop, or nil when the destination is on the link.
  public var gateway: IPAddress?
  /// The source address that the host prefers with this route.
  public var preferredSource: IPAddress?
  /// The metric; lower wins.
  public var metric: UInt32 = 0
  /// The MTU that overrides the device's, or nil.
  public var mtu: Int?
  /// Whether the MTU is not to be found out, so that it also counts for packets on their way through (`mtu lock`).
  public var isMTULocked = false
  /// The TOS that packets must have, or 0 for any.
  public var tos: UInt8 = 0
  /// How much a router is preferred to others of the same metric (IPv6; RFC 4191): 1 high, 0 medium, -1 low.
  public var preference: Int8 = 0

  /// Makes a route.
  public init(
    to destination: AddressMatch, type: AddressType = .unicast, device: InterfaceName = .none,
    gateway: IPAddress? = nil,
    preferredSource: IPAddress? = nil
  ) {
    self.destination = destination
    self.type = type
    self.device = device
    self.gateway = gateway
    self.preferredSource = preferredSource
  }
}

extension Route {
  /// The table that `ip route add` puts it into when none is named.
  package var usualTable: RoutingTableID {
    switch type {
    case .local, .broadcast, .anycast: .local
    default: .main
    }
  }

  /// Whether the route is one for a flow.
  func leads(_ flow: FlowKey) -> Bool {
    guard destination.contains(flow.destination), tos == 0 || tos == flow.tos & 0x1c else { return false }
    if destination.address.family == .ipv6 {
      // Routes that lead nowhere lead to the loopback interface (kernel: `ip6_route_info_create`). The interface that a flow
      // should leave by chooses rules only.
      return flow.only.isNone || flow.only == (device.isNone ? .loopback : device)
    }
    return flow.output.isNone || device.isNone || device == flow.output
  }
}
