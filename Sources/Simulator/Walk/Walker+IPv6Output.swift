// The path of an IPv6 packet that leaves, where it differs from that of IPv4 (kernel: `rawv6_send_hdrinc`, `ip6_output`,
// `ip6_finish_output2`).

import NetfilterModel

extension Walker {
  /// A packet that a process sends through a raw socket with its own header (kernel: `rawv6_sendmsg`).
  mutating func sendIPv6<Observer: WalkObserver>(_ packet: Packet, observer: inout Observer) -> Disposition {
    guard let header = IPHeader(packet.bytes) else { return .discarded(.malformed) }
    let route: EgressRoute
    do throws(RouteError) {
      // To nobody's address means to the host itself.
      route = try configuration.ipv6OutputRoute(
        FlowKey(
          destination: header.destination.isZero ? .loopback(.ipv6) : header.destination, source: .any(.ipv6),
          mark: packet.mark, only: packet.output))
    } catch {
      if Observer.wantsEvents { observer.record(.routed(.dropped(configuration.cause(of: error))), of: identity) }
      return .discarded(configuration.cause(of: error))
    }
    guard packet.bytes.count <= configuration.mtu(of: route.device) else { return .discarded(.mtu) }
    var packet = packet
    packet.output = .none
    var flight = flight(packet, header, reason: .sent, input: .none)
    flight.route = route
    return sent(&flight, observer: &observer)
  }

  /// What follows POSTROUTING (kernel: `ip6_finish_output`).
  mutating func finishIPv6<Observer: WalkObserver>(
    _ flight: inout Flight, _ route: EgressRoute, observer: inout Observer
  ) -> Disposition {
    let largest = flight.origin?.maximumSize
    guard flight.context.length > route.mtu || largest.map({ flight.context.length > $0 }) ?? false else {
      return leaveIPv6(&flight, route, observer: &observer)
    }
    guard largest ?? (flight.mayBeCut ? 0 : .max) <= route.mtu else {
      queueIPv6Error(
        about: flight, .packetTooBig, code: 0, info: UInt32(truncatingIfNeeded: route.mtu), device: route.device)
      return .discarded(.mtu)
    }
    var disposition = Disposition.discarded(.mtu)
    var origin = flight.origin
    origin?.lengths = flight.context.pieces
    let limit = largest.map { max($0, IPv6Header.minimumMTU) } ?? route.mtu
    for piece in IPv6Fragmenter.fragment(
      flight.context.packet.bytes, mtu: limit, origin: origin, identification: state.takeFragmentIdentification())
    {
      var part = flight
      part.context.packet.bytes = piece
      part.context.refresh()
      part.origin = nil
      disposition = leaveIPv6(&part, route, observer: &observer)
    }
    return disposition
  }

  /// To the device; groups that the host has joined come back to it (kernel: `ip6_finish_output2`).
  private mutating func leaveIPv6<Observer: WalkObserver>(
    _ flight: inout Flight, _ route: EgressRoute, observer: inout Observer
  ) -> Disposition {
    let destination = flight.context.header.destination
    if destination.isMulticast, route.device != .loopback {
      // What neighbour discovery sends does not come back (kernel: `MC6_LOOP` of `ndisc_sk`).
      if !flight.isForwarded, !flight.hasDevice, configuration.hasJoined(destination, on: route.device) {
        loopBack(flight, route, observer: &observer)
        if flight.context.header.ttl == 0 { return .discarded(.ttl) }
      }
      if destination.multicastScope <= 1 { return .discarded(.martian) }
      return transmit(&flight, route, observer: &observer)
    }
    guard configuration.hasLinkLayer(route.device) else { return transmit(&flight, route, observer: &observer) }
    return transmitToNeighbour(&flight, route, observer: &observer)
  }
}
