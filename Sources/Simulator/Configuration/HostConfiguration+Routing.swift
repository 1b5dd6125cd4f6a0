// Routing decisions of a host: for packets that came in and for packets that it sends.

import NetfilterModel

extension HostConfiguration {
  /// The route of a flow by the policy of its family (kernel: `fib_lookup`).
  func lookup(_ flow: FlowKey) throws(RouteError) -> Route {
    // In place: taking the policy out of `routing` would count references for each packet.
    if flow.destination.family == .ipv4 { try routing.ipv4.lookup(flow) } else { try routing.ipv6.lookup(flow) }
  }

  func localType(of address: IPAddress, on device: InterfaceName? = nil) -> AddressType {
    routing[address.family].localType(of: address, on: device)
  }

  /// Why a packet ends when routing fails.
  func cause(of error: RouteError) -> DropCause {
    switch error {
    case .netUnreachable: .noRoute
    case .hostUnreachable: .unreachable
    case .prohibited: .prohibit
    case .invalid: .blackhole
    case .noSource: .noSource
    }
  }

  /// The address that the host would use on an interface towards a destination (kernel: `inet_select_addr`), or nil.
  func selectAddress(on device: InterfaceName, towards destination: IPAddress?, family: AddressFamily) -> IPAddress? {
    if let place = interfaceIndex(device) {
      if let destination, let address = addresses[place].usable(towards: destination) { return address }
      if let address = addresses[place].firstUsable(family) { return address }
    }
    return firstUsable[family].flatMap { addresses[$0].firstUsable(family) }
  }

  /// The route of a packet that the host sends (kernel: `ip_route_output_key_hash_rcu`).
  func outputRoute(_ flow: FlowKey) throws(RouteError) -> EgressRoute {
    let family = flow.destination.family
    var flow = flow
    if !flow.source.isZero {
      if flow.source.isMulticast || (family == .ipv4 && flow.source.v4Bits == .max) { throw .invalid }
    }
    if flow.destination.isZero {
      flow.destination = flow.source.isZero ? .v4(0x7f00_0001) : flow.source
      if flow.source.isZero { flow.source = .v4(0x7f00_0001) }
      return EgressRoute(
        kind: .output, device: .loopback, gateway: nil, mtu: mtu(of: .loopback), source: flow.source, type: .local,
        isLocal: true)
    }
    let isLimitedBroadcast = family == .ipv4 && flow.destination.v4Bits == .max
    if !flow.source.isZero, flow.destination.isMulticast || isLimitedBroadcast {
      return try groupRoute(flow, type: isLimitedBroadcast ? .broadcast : .multicast)
    }
    let route = try lookup(flow)
    if route.type == .local {
      return EgressRoute(
        kind: .output, device: .loopback, gateway: nil, mtu: mtu(of: .loopback),
        source: flow.source.isZero ? (route.preferredSource ?? flow.destination) : flow.source, type: .local,
        isLocal: true)
    }
    let source =
      flow.source.isZero
      ? (route.preferredSource ?? selectAddress(on: route.device, towards: route.gateway, family: family)
        ?? .any(family)) : flow.source
    if source.isLoopback, route.device != .loopback, !sysctls.orConf(.routeLocalnet, route.device) { throw .invalid }
    var type = route.type
    if isLimitedBroadcast { type = .broadcast }
    if flow.destination.isMulticast { type = .multicast }
    return EgressRoute(
      kind: .output, device: route.device, gateway: route.gateway, mtu: route.mtu ?? mtu(of: route.device),
      source: source, type: type,
      isLocal: type == .broadcast || (type == .multicast ? hasJoined(flow.destination) : route.device == .loopback))
  }

  /// The route of a packet that already has its addresses, its source kept unless it is a group's or a broadcast (kernel: `ip_route_me_harder`).
  func routeHarder(_ header: IPHeader, mark: UInt32) throws(RouteError) -> EgressRoute {
    let type = localType(of: header.source)
    let source = type == .local || type == .unicast ? header.source : .any(header.family)
    return try outputRoute(FlowKey(destination: header.destination, source: source, mark: mark, tos: header.tos))
  }

  /// Packets with a source to groups and to 255.255.255.255 leave where the source's address is, without a look at the routes.
  private func groupRoute(_ flow: FlowKey, type: AddressType) throws(RouteError) -> EgressRoute {
    guard let place = ownAddresses.owner(of: flow.source) else { throw .invalid }
    let owner = interfaces[place]
    return EgressRoute(
      kind: .output, device: owner.name, gateway: nil, mtu: owner.mtu, source: flow.source, type: type,
      isLocal: type == .broadcast || hasJoined(flow.destination))
  }

  /// Whether the host listens to a group: every interface joins all-hosts (kernel: `ip_mc_up`; RFC 1112 §4).
  func hasJoined(_ group: IPAddress) -> Bool { group == .v4(0xe000_0001) }

  func mtu(of device: InterfaceName) -> Int { interfaceIndex(device).map { interfaces[$0].mtu } ?? 1500 }

  /// The route of a packet that came in (kernel: `ip_route_input_slow`).
  func inputRoute(_ header: IPHeader, mark: UInt32, on device: InterfaceName) -> EgressRoute {
    let failed = { (cause: DropCause, code: ICMPCode?) in
      EgressRoute(
        kind: .error(cause, icmpCode: code), device: .none, gateway: nil, mtu: 0, source: .any(header.family),
        type: .unreachable, isLocal: false)
    }
    let delivered = { (type: AddressType) in
      EgressRoute(
        kind: .local, device: device, gateway: nil, mtu: mtu(of: .loopback), source: header.destination,
        type: type,
        isLocal: true)
    }
    let source = header.source
    let destination = header.destination
    if destination.isMulticast {
      guard hasJoined(destination) else { return failed(.martian, nil) }
      if source.isMulticast || source.v4Bits == .max || source.isLoopback { return failed(.martian, nil) }
      if !source.isZero, let cause = sourceRefusal(header, mark: mark, device: device, output: .none, toZero: true) {
        return failed(cause, nil)
      }
      return delivered(.multicast)
    }
    if source.isMulticast || source.v4Bits == .max { return failed(.martian, nil) }
    let broadcast = { () -> EgressRoute in
      if !source.isZero,
        let cause = sourceRefusal(header, mark: mark, device: device, output: .none, toZero: true)
      {
        return failed(cause, nil)
      }
      return delivered(.broadcast)
    }
    if destination.v4Bits == .max || (source.isZero && destination.isZero) { return broadcast() }
    if source.isZero || destination.isZero { return failed(.martian, nil) }
    if destination.isLoopback || source.isLoopback, !sysctls.orConf(.routeLocalnet, device), device != .loopback {
      return failed(.martian, nil)
    }
    let route: Route
    do {
      route = try lookup(
        FlowKey(destination: destination, source: source, input: device, mark: mark, tos: header.tos))
    } catch {
      guard isForwarding(device) else { return failed(.forwardingOff, nil) }
      switch error {
      case .netUnreachable: return failed(.noRoute, .networkUnreachable)
      case .hostUnreachable: return failed(.unreachable, .hostUnreachable)
      case .prohibited: return failed(.prohibit, .communicationProhibited)
      case .invalid, .noSource: return failed(.blackhole, nil)
      }
    }
    switch route.type {
    case .broadcast where sysctls.conf(.broadcastForwarding, device) == 0: return broadcast()
    case .local:
      if let cause = sourceRefusal(header, mark: mark, device: device, output: .none) { return failed(cause, nil) }
      return delivered(.local)
    case .unicast:
      guard isForwarding(device) else { return failed(.forwardingOff, nil) }
      if let cause = sourceRefusal(header, mark: mark, device: device, output: route.device) {
        return failed(cause, nil)
      }
      return EgressRoute(
        kind: .output, device: route.device, gateway: route.gateway, mtu: route.mtu ?? mtu(of: route.device),
        source: route.preferredSource ?? .any(header.family), type: .unicast, isLocal: false)
    default:
      return failed(isForwarding(device) ? .martian : .forwardingOff, nil)
    }
  }

  func isForwarding(_ device: InterfaceName) -> Bool { sysctls.conf(.forwarding, device) != 0 }

  /// Why the source address of a packet is refused, or nil (kernel: `fib_validate_source`).
  private func sourceRefusal(
    _ header: IPHeader, mark: UInt32, device: InterfaceName, output: InterfaceName, toZero: Bool = false
  ) -> DropCause? {
    let filter = sysctls.maxConf(.reversePathFilter, device)
    let acceptsLocal = sysctls.orConf(.acceptLocal, device)
    if filter == 0, output != device || !sysctls.orConf(.sendRedirects, device) {
      if acceptsLocal { return nil }
      if !routing[header.family].hasCustomRules, !routing[header.family].hasCustomLocalRoutes {
        return ownAddresses.contains(header.source) ? .martian : nil
      }
    }
    let flow = FlowKey(
      destination: header.source, source: toZero ? .any(header.family) : header.destination, input: output,
      mark: sysctls.orConf(.sourceValidMark, device) ? mark : 0, tos: header.tos)
    let hasAddress = interfaceIndex(device).map { addresses[$0].first(header.family) != nil } ?? false
    let lastResort: DropCause? = filter != 0 ? .reversePathFilter : nil
    guard let route = try? lookup(flow) else { return lastResort }
    if route.type != .unicast, route.type != .local || !acceptsLocal { return .martian }
    if route.device == device || (route.type == .local && device == .loopback) { return nil }
    if !hasAddress { return lastResort }
    return filter == 1 ? .reversePathFilter : nil
  }
}
