// The path of a packet that leaves: OUTPUT for the host's own, then POSTROUTING, fragmentation, and the wire or loopback
// (kernel: `raw_sendmsg`, `ip_local_out`, `ip_output`, `ip_finish_output`).

import NetfilterModel

extension Walker {
  /// A packet that a process of the host sends through a raw socket with its own IP header (kernel: `raw_send_hdrinc`).
  mutating func send<Observer: WalkObserver>(_ packet: Packet, observer: inout Observer) -> Disposition {
    if Observer.wantsEvents { observer.record(.packetStarts(packet, input: .none, reason: .sent), of: identity) }
    if packet.family == .ipv6 { return sendIPv6(packet, observer: &observer) }
    guard var header = IPHeader(packet.bytes) else { return .discarded(.malformed) }
    let route: EgressRoute
    do {
      route = try configuration.outputRoute(
        FlowKey(destination: header.destination, source: .any(header.family), mark: packet.mark))
    } catch {
      if Observer.wantsEvents { observer.record(.routed(.dropped(configuration.cause(of: error))), of: identity) }
      return .discarded(configuration.cause(of: error))
    }
    guard route.type != .broadcast else { return .discarded(.notPermitted) }
    guard packet.bytes.count <= configuration.mtu(of: route.device) else { return .discarded(.mtu) }
    var packet = packet
    if header.family == .ipv4 {
      if header.source.isZero { IPv4Header.setSource(route.source, in: &packet.bytes, at: 0) }
      IPv4Header.setTotalLength(UInt16(truncatingIfNeeded: packet.bytes.count), in: &packet.bytes, at: 0)
      if header.identification == 0 {
        IPv4Header.setIdentification(state.takeIdentification(), in: &packet.bytes, at: 0)
      }
      IPv4Header.updateChecksum(of: &packet.bytes, length: header.transportOffset)
      header = IPHeader(packet.bytes) ?? header
    }
    var flight = flight(packet, header, reason: .sent, input: .none)
    flight.route = route
    return sent(&flight, observer: &observer)
  }

  /// From OUTPUT on.
  mutating func sent<Observer: WalkObserver>(_ flight: inout Flight, observer: inout Observer) -> Disposition {
    guard let route = flight.route else { return .discarded(.noRoute) }
    if Observer.wantsEvents {
      observer.record(.routed(.output(output: route.device, gateway: route.gateway)), of: identity)
    }
    if case .ended(let end) = run(.output, &flight, input: .none, output: route.device, observer: &observer) {
      return end
    }
    return output(&flight, observer: &observer)
  }

  /// POSTROUTING and what follows (kernel: `ip_output`).
  mutating func output<Observer: WalkObserver>(_ flight: inout Flight, observer: inout Observer) -> Disposition {
    guard let route = flight.route else { return .discarded(.noRoute) }
    let isIPv4 = flight.context.header.family == .ipv4
    let isToMany = isIPv4 && route.isLocal && route.device != .loopback && !flight.isForwarded
    if isToMany {
      loopBack(flight, route, observer: &observer)
      if route.type == .multicast, flight.context.header.ttl == 0 { return .discarded(.ttl) }
    }
    let input = flight.isForwarded || (flight.hasDevice && !isToMany) ? flight.arrival : .none
    if case .ended(let end) = run(.postrouting, &flight, input: input, output: route.device, observer: &observer) {
      return end
    }
    // A rule may have sent it elsewhere.
    if !isIPv4 { return finishIPv6(&flight, flight.route ?? route, observer: &observer) }
    if flight.context.length > route.mtu || flight.origin != nil {
      return fragment(&flight, route, observer: &observer)
    }
    return transmit(&flight, route, observer: &observer)
  }

  /// The copy of a broadcast or multicast that the host itself gets, after a POSTROUTING of its own (kernel: `ip_mc_output`, `dev_loopback_xmit`).
  mutating func loopBack<Observer: WalkObserver>(
    _ flight: Flight, _ route: EgressRoute, observer: inout Observer
  ) {
    var copy = flight
    copy.context.packet.owner = .none
    if case .ended(let end) = run(.postrouting, &copy, input: .none, output: route.device, observer: &observer) {
      if Observer.wantsEvents { observer.record(.ended(end), of: identity) }
      return
    }
    copy.context.packet.type = .loopback
    copy.context.output = .none
    copy.context.input = route.device
    // A process's copy is received before its original goes on; in the network's own context it waits (kernel: `netif_rx`).
    if copy.reason == .sent {
      copy.reason = .looped
      let outer = identity
      identity = PacketIdentity(number: packets, parent: outer.number)
      packets += 1
      receiveLooped(copy, observer: &observer)
      identity = outer
    } else {
      copy.reason = .looped
      post(copy)
    }
  }

  /// Cuts a packet that is too large, or that was put together from fragments (kernel: `ip_fragment`).
  private mutating func fragment<Observer: WalkObserver>(
    _ flight: inout Flight, _ route: EgressRoute, observer: inout Observer
  ) -> Disposition {
    if flight.context.header.dontFragment, (flight.origin?.maximumSize ?? .max) > route.mtu {
      queueError(
        about: flight, type: .destinationUnreachable, code: .fragmentationNeeded,
        info: UInt32(truncatingIfNeeded: route.mtu), route: route)
      return .discarded(.mtu)
    }
    var disposition = Disposition.discarded(.mtu)
    var origin = flight.origin
    origin?.lengths = flight.context.pieces
    for piece in Fragmenter.fragment(flight.context.packet.bytes, mtu: route.mtu, origin: origin) {
      var part = flight
      part.context.packet.bytes = piece
      part.context.refresh()
      part.origin = nil
      disposition = transmit(&part, route, observer: &observer)
    }
    return disposition
  }

  /// Hands a packet to its device; loopback brings it back.
  mutating func transmit<Observer: WalkObserver>(
    _ flight: inout Flight, _ route: EgressRoute, observer: inout Observer
  ) -> Disposition {
    if route.device != .loopback { flight.context.packet.completeChecksum() }
    if Observer.wantsEvents { observer.record(.emitted(flight.context.packet, output: route.device), of: identity) }
    let disposition: Disposition = flight.isForwarded ? .forwarded(route.device) : .sent(route.device)
    guard route.device == .loopback else { return disposition }
    var looped = flight
    looped.reason = .looped
    looped.isForwarded = false
    looped.context.packet.owner = .none
    looped.context.output = .none
    looped.context.input = .loopback
    if !route.isLocal { looped.route = nil }
    post(looped)
    return disposition
  }
}
