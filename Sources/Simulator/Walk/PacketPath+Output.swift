// The path of a packet that leaves: OUTPUT for the host's own, then POSTROUTING, fragmentation, and the wire or loopback
// (kernel: `raw_sendmsg`, `ip_local_out`, `ip_output`, `ip_finish_output`).

import NetfilterModel

extension Host {
  static let ipv6IsNotWalked = "IPv6 packets are not walked yet"

  /// A packet that a process of the host sends through a raw socket with its own IP header (kernel: `raw_send_hdrinc`).
  func send<Observer: WalkObserver>(_ packet: Packet, observer: inout Observer) -> Disposition {
    if Observer.wantsEvents { observer.record(.packetStarts(packet, input: .none, reason: .sent)) }
    if packet.family == .ipv6 { return .unknown(at: nil, reason: Host.ipv6IsNotWalked) }
    guard var header = IPHeader(packet.bytes) else { return .discarded(.malformed) }
    let route: EgressRoute
    do {
      route = try outputRoute(
        FlowKey(destination: header.destination, source: .any(header.family), mark: packet.mark))
    } catch {
      if Observer.wantsEvents { observer.record(.routed(.dropped(cause(of: error)))) }
      return .discarded(cause(of: error))
    }
    guard route.type != .broadcast else { return .discarded(.notPermitted) }
    guard packet.bytes.count <= mtu(of: route.device) else { return .discarded(.mtu) }
    var packet = packet
    if header.family == .ipv4 {
      if header.source.isZero { packet.bytes.setUInt32(route.source.v4Bits, at: 12) }
      packet.bytes.setUInt16(UInt16(truncatingIfNeeded: packet.bytes.count), at: 2)
      if header.identification == 0 { packet.bytes.setUInt16(takeIdentification(), at: 4) }
      packet.bytes.setIPv4Checksum(length: header.transportOffset)
      header = IPHeader(packet.bytes) ?? header
    }
    var flight = flight(packet, header, reason: .sent, input: .none)
    flight.route = route
    return sent(&flight, observer: &observer)
  }

  func takeIdentification() -> UInt16 {
    nextIdentification = nextIdentification &+ 1
    if nextIdentification == 0 { nextIdentification = 1 }
    return nextIdentification
  }

  /// From OUTPUT on.
  func sent<Observer: WalkObserver>(_ flight: inout Flight, observer: inout Observer) -> Disposition {
    guard let route = flight.route else { return .discarded(.noRoute) }
    if Observer.wantsEvents { observer.record(.routed(.output(output: route.device, gateway: route.gateway))) }
    if case .ended(let end) = run(.output, &flight, input: .none, output: route.device, observer: &observer) {
      return end
    }
    return output(&flight, observer: &observer)
  }

  /// POSTROUTING and what follows (kernel: `ip_output`).
  func output<Observer: WalkObserver>(_ flight: inout Flight, observer: inout Observer) -> Disposition {
    guard let route = flight.route else { return .discarded(.noRoute) }
    if route.isLocal, route.device != .loopback, !flight.isForwarded {
      loopBack(flight, route, observer: &observer)
      if route.type == .multicast, flight.context.header.ttl == 0 { return .discarded(.ttl) }
    }
    let input = flight.isForwarded ? flight.arrival : .none
    if case .ended(let end) = run(.postrouting, &flight, input: input, output: route.device, observer: &observer) {
      return end
    }
    if flight.context.length > route.mtu || flight.origin != nil {
      return fragment(&flight, route, observer: &observer)
    }
    return transmit(&flight, route, observer: &observer)
  }

  /// The copy of a broadcast or multicast that the host itself gets, after a POSTROUTING of its own (kernel: `ip_mc_output`, `dev_loopback_xmit`).
  private func loopBack<Observer: WalkObserver>(
    _ flight: Flight, _ route: EgressRoute, observer: inout Observer
  ) {
    var copy = flight
    copy.context.packet.owner = .none
    if case .ended(let end) = run(.postrouting, &copy, input: .none, output: route.device, observer: &observer) {
      if Observer.wantsEvents { observer.record(.ended(end)) }
      return
    }
    copy.context.packet.type = .loopback
    copy.context.output = .none
    copy.context.input = route.device
    // A process's copy is received before its original goes on; in the network's own context it waits (kernel: `netif_rx`).
    if copy.reason == .sent {
      copy.reason = .looped
      receiveLooped(copy, observer: &observer)
    } else {
      copy.reason = .looped
      pending.append(copy)
    }
  }

  /// Cuts a packet that is too large, or that was put together from fragments (kernel: `ip_fragment`).
  private func fragment<Observer: WalkObserver>(
    _ flight: inout Flight, _ route: EgressRoute, observer: inout Observer
  ) -> Disposition {
    if flight.context.header.dontFragment, (flight.origin?.maximumSize ?? .max) > route.mtu {
      queueError(about: flight, type: 3, code: 4, info: UInt32(truncatingIfNeeded: route.mtu), route: route)
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
  private func transmit<Observer: WalkObserver>(
    _ flight: inout Flight, _ route: EgressRoute, observer: inout Observer
  ) -> Disposition {
    if route.device != .loopback { flight.context.packet.completeChecksum() }
    if Observer.wantsEvents { observer.record(.emitted(flight.context.packet, output: route.device)) }
    let disposition: Disposition = flight.isForwarded ? .forwarded(route.device) : .sent(route.device)
    guard route.device == .loopback else { return disposition }
    var looped = flight
    looped.reason = .looped
    looped.isForwarded = false
    looped.context.packet.owner = .none
    looped.context.output = .none
    looped.context.input = .loopback
    if !route.isLocal { looped.route = nil }
    pending.append(looped)
    return disposition
  }
}
