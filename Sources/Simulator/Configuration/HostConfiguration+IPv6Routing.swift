// Routing decisions of IPv6 (kernel: net/ipv6/route.c, net/ipv6/fib6_rules.c).

import NetfilterModel

extension HostConfiguration {
  /// Whether only routes by the packet's own interface count (kernel: `rt6_need_strict`).
  static func needsInterface(_ destination: IPAddress) -> Bool {
    destination.isMulticast || destination.isLinkLocal || destination.isLoopback
  }

  var forwardsIPv6: Bool { sysctls.ipv6All(.forwarding) != 0 }

  /// The route of a packet that came in (kernel: `ip6_route_input`).
  func ipv6InputRoute(_ header: IPHeader, mark: UInt32, on device: InterfaceName) -> EgressRoute {
    let destination = header.destination
    var flow = FlowKey(
      destination: destination, source: header.source, input: device, mark: mark, tos: header.tos)
    if Self.needsInterface(destination) { flow.only = device }
    let route: Route
    do {
      route = try lookup(flow)
    } catch {
      let code: UInt8? = error == .invalid ? nil : error == .prohibited ? 1 : 0
      return EgressRoute(
        kind: .error(cause(of: error), icmpCode: code.map { ICMPCode($0) }), device: .none, gateway: nil, mtu: 0,
        source: .any(.ipv6), type: .unreachable, isLocal: false)
    }
    switch route.type {
    case .local, .anycast: return delivered(header, route, on: device)
    case .multicast:
      guard hasJoined(destination, on: device) else {
        return EgressRoute(
          kind: .error(.martian, icmpCode: nil), device: .none, gateway: nil, mtu: 0, source: .any(.ipv6),
          type: .multicast, isLocal: false)
      }
      return delivered(header, route, on: device)
    default:
      return EgressRoute(
        kind: .output, device: route.device, gateway: route.gateway, mtu: route.mtu ?? ipv6MTU(of: route.device),
        isMTULocked: route.isMTULocked, source: route.preferredSource ?? .any(.ipv6), type: .unicast, isLocal: false)
    }
  }

  private func delivered(_ header: IPHeader, _ route: Route, on device: InterfaceName) -> EgressRoute {
    EgressRoute(
      kind: .local, device: device, gateway: nil, mtu: mtu(of: .loopback), source: header.destination,
      type: route.type, isLocal: true, isAnycast: Self.isAnycast(header.destination, route))
  }

  /// Whether a route says that its destination is an anycast address: the host's own, or the first address of a network on the link
  /// (kernel: `ipv6_anycast_destination`; RFC 4291 §2.6.1).
  private static func isAnycast(_ destination: IPAddress, _ route: Route) -> Bool {
    if route.type == .anycast { return true }
    guard let length = route.destination.mask.prefixLength, length < 127 else { return false }
    return route.gateway == nil && route.destination.address == destination
  }

  /// The largest packet of IPv6 that an interface carries, in bytes (`net.ipv6.conf.<interface>.mtu`).
  func ipv6MTU(of device: InterfaceName) -> Int {
    let own = sysctls.ipv6(.mtu, device)
    return own == 0 ? mtu(of: device) : own
  }

  /// Whether an interface listens to a group (kernel: `ipv6_chk_mcast_addr`).
  func hasJoined(_ group: IPAddress, on device: InterfaceName) -> Bool {
    if group == .v6(0xff02_0000_0000_0000, 1) || group == .v6(0xff01_0000_0000_0000, 1) { return true }
    guard let interface = interface(device), interface.mac != nil else { return false }
    if forwardsIPv6, group.low == 2, [0xff01, 0xff02, 0xff05].contains(group.high >> 48), group.high << 16 == 0 {
      return true
    }
    guard group.isSolicitedNode else { return false }
    return interface.addresses.contains { $0.address.family == .ipv6 && $0.address.solicitedNode == group }
      || anycastAddresses(of: device).contains { $0.solicitedNode == group }
  }

  /// The route of a packet that the host sends, with its source (kernel: `ip6_dst_lookup_tail`).
  func ipv6OutputRoute(_ flow: FlowKey) throws(RouteError) -> EgressRoute {
    if flow.source.isIPv4Mapped, !flow.destination.isIPv4Mapped { throw .invalid }
    let route = try lookup(flow)
    let isLocal = route.type == .local || route.type == .anycast
    let device = isLocal ? InterfaceName.loopback : route.device
    let source =
      flow.source.isZero
      ? (route.preferredSource.flatMap { $0.isZero ? nil : $0 }
        ?? ipv6Source(towards: flow.destination, on: route.device)
        ?? .any(.ipv6)) : flow.source
    if source.isIPv4Mapped, !flow.destination.isIPv4Mapped { throw .invalid }
    return EgressRoute(
      kind: .output, device: device, gateway: route.gateway, mtu: route.mtu ?? ipv6MTU(of: device), source: source,
      type: route.type, isLocal: isLocal || device == .loopback, isAnycast: Self.isAnycast(flow.destination, route))
  }

  /// The address that the host uses towards a destination on an interface, or nil (kernel: `ipv6_dev_get_saddr`).
  func ipv6Source(towards destination: IPAddress, on device: InterfaceName) -> IPAddress? {
    let staysOnLink = destination.isMulticast || destination.scope <= 2
    let isLimited = staysOnLink || sysctls.ipv6(.useOutputAddressesOnly, device) != 0
    var choice = SourceAddressChoice(to: destination, from: device)
    let prefersTemporary = { sysctls.ipv6(.useTemporaryAddresses, $0) >= 2 }
    if !isLimited || device == .loopback || device.isNone {
      choice.offer(InterfaceAddress(.loopback(.ipv6), prefixLength: 128), on: .loopback)
    }
    for interface in interfaces where !isLimited || device.isNone || interface.name == device {
      for address in Self.bySourceScope(interface.addresses) where !address.isTentative {
        choice.offer(address, on: interface.name, prefersTemporary: prefersTemporary(interface.name))
      }
    }
    return choice.best
  }

  /// The IPv6 addresses of an interface in the kernel's order: the widest scope first, within it the last added first (kernel:
  /// `ipv6_link_dev_addr`).
  private static func bySourceScope(_ addresses: [InterfaceAddress]) -> [InterfaceAddress] {
    var result: [InterfaceAddress] = []
    for address in addresses where address.address.family == .ipv6 {
      let place = result.firstIndex { address.address.scope >= $0.address.scope } ?? result.count
      result.insert(address, at: place)
    }
    return result
  }

  /// The types of an IPv6 address, as far as they decide about `wanted`: those of the three that need no route must hold all
  /// together, and of the three that do need one any (kernel: `match_type6`). Where that is not so, none of `wanted` is among them.
  func ipv6Types(of address: IPAddress, on device: InterfaceName?, among wanted: AddressTypeSet) -> AddressTypeSet {
    var types: AddressTypeSet = []
    if address.isZero { types.insert(AddressTypeSet(.unspec)) }
    if address.isMulticast { types.insert(AddressTypeSet(.multicast)) }
    if address.isIPv6Unicast { types.insert(AddressTypeSet(.unicast)) }
    let route = try? lookup(FlowKey(destination: address, source: .any(.ipv6), only: device ?? .none))
    if route == nil { types.insert(AddressTypeSet(.unreachable)) }
    let isOwn = device.map { name in interface(name)?.addresses.contains { $0.address == address } ?? false }
    if isOwn ?? (route?.type == .local) { types.insert(AddressTypeSet(.local)) }
    if route?.type == .anycast { types.insert(AddressTypeSet(.anycast)) }
    let alone: AddressTypeSet = [AddressTypeSet(.unspec), AddressTypeSet(.unicast), AddressTypeSet(.multicast)]
    let routed: AddressTypeSet = [AddressTypeSet(.local), AddressTypeSet(.anycast), AddressTypeSet(.unreachable)]
    let isMet =
      wanted.intersection(alone).isSubset(of: types)
      && (wanted.isDisjoint(with: routed) || !wanted.intersection(routed).isDisjoint(with: types))
    return isMet ? types.union(wanted) : types.subtracting(wanted)
  }

  /// The address that REDIRECT sends packets to that came in on an interface, or nil (kernel: `nf_nat_redirect_ipv6`).
  func ipv6Redirect(on device: InterfaceName, for destination: IPAddress) -> IPAddress? {
    Self.bySourceScope(interface(device)?.addresses ?? []).first {
      !$0.address.isIPv4Mapped && (destination.scope == 14 || $0.address.scope == destination.scope)
    }?.address
  }

  /// The route of a packet that already has its addresses (kernel: `ip6_route_me_harder`).
  func ipv6RouteHarder(_ header: IPHeader, mark: UInt32, on device: InterfaceName) throws(RouteError) -> EgressRoute {
    var key = FlowKey(destination: header.destination, source: header.source, mark: mark, tos: header.tos)
    if header.destination.isMulticast || header.destination.isLinkLocal { key.only = device }
    let route = try lookup(key)
    let isLocal = route.type == .local || route.type == .anycast
    let device = isLocal ? InterfaceName.loopback : route.device
    return EgressRoute(
      kind: .output, device: device, gateway: route.gateway, mtu: route.mtu ?? ipv6MTU(of: device),
      source: header.source,
      type: route.type, isLocal: isLocal || device == .loopback)
  }

  /// The interface that owns what is at loopback: that of the packet's route, before what is local went to lo (kernel:
  /// `icmp6_dev`).
  func ipv6Owner(of destination: IPAddress, mark: UInt32) -> InterfaceName {
    (try? lookup(FlowKey(destination: destination, source: .any(.ipv6), mark: mark)))?.device ?? .loopback
  }

  /// Whether an address is the host's own, as one that answers on a device (kernel: `ipv6_chk_addr`, `ipv6_chk_acast_addr_src`).
  func answersFor(_ address: IPAddress, on device: InterfaceName) -> Bool {
    if address == .loopback(.ipv6) { return device == .loopback }
    if address.isLinkLocal {
      if interface(device)?.addresses.contains(where: { $0.address == address }) ?? false { return true }
      let route = try? lookup(FlowKey(destination: address, source: .any(.ipv6), only: device))
      return route?.type == .anycast
    }
    if ownAddresses.contains(address) { return true }
    guard let route = try? lookup(FlowKey(destination: address, source: .any(.ipv6))) else { return false }
    return route.type == .anycast
  }

  /// The routes that every interface has from the start (kernel: `addrconf_add_mroute`).
  mutating func addIPv6Interface(_ name: InterfaceName) {
    if name == .loopback {
      routing.ipv6.add(
        Route(to: AddressMatch(.loopback(.ipv6), prefixLength: 128), type: .local, device: .loopback), to: .local)
      return
    }
    guard isUp(name), mtu(of: name) >= IPv6Header.minimumMTU else { return }
    var route = Route(to: AddressMatch(.v6(0xff << 56, 0), prefixLength: 8), type: .multicast, device: name)
    route.metric = 256
    routing.ipv6.add(route, to: .local)
  }

  /// The routes that an address brings (kernel: `addrconf_prefix_route`, `ipv6_ifa_notify`): a tentative one is no address of the host's
  /// yet, and an interface that is down leads nowhere.
  mutating func addIPv6Routes(of address: InterfaceAddress, on name: InterfaceName) {
    if !address.isTentative {
      routing.ipv6.add(
        Route(to: AddressMatch(address.address, prefixLength: 128), type: .local, device: name), to: .local)
    }
    if address.hasPrefixRoute, isUp(name), !address.address.isLoopback {
      var route = Route(to: address.network, device: name)
      route.metric = address.metric ?? 256
      if !routing.ipv6.hasRoute(route, in: .main) { routing.ipv6.add(route) }
    }
    updateAnycast()
  }

  /// The subnet-router anycast addresses of interfaces that forward (RFC 4291 §2.6.1; kernel: `addrconf_join_anycast`).
  mutating func updateAnycast() {
    var routes: [Route] = []
    for interface in interfaces {
      for network in anycastAddresses(of: interface.name) {
        routes.append(Route(to: AddressMatch(network, prefixLength: 128), type: .anycast, device: interface.name))
      }
    }
    routing.ipv6.replaceAnycast(routes)
  }

  /// The subnet-router anycast addresses of an interface; none where it does not forward.
  func anycastAddresses(of name: InterfaceName) -> [IPAddress] {
    guard forwardsIPv6(on: name) else { return [] }
    return (interface(name)?.addresses ?? []).compactMap {
      guard $0.address.family == .ipv6, $0.prefixLength < 127 else { return nil }
      let network = $0.network.address
      return network.isZero ? nil : network
    }
  }

  func forwardsIPv6(on name: InterfaceName) -> Bool {
    name != .loopback && sysctls.ipv6(.forwarding, name) != 0
  }
}
