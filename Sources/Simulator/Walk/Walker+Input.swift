// The path of a packet that came in: checks, PREROUTING, routing, then to the host or through it
// (kernel: `ip_rcv`, `ip_rcv_finish`, `ip_local_deliver`, `ip_forward`).

import NetfilterModel

extension Walker {
  /// Makes a packet that starts its way.
  mutating func flight(_ packet: Packet, _ header: IPHeader, reason: PacketReason, input: InterfaceName) -> Flight {
    let context = PacketContext(
      packet: packet, header: header, hook: .prerouting, table: .raw, input: input, output: .none, connection: nil,
      state: .none)
    return Flight(context: context, reason: reason)
  }

  /// A packet from the wire.
  mutating func receive<Observer: WalkObserver>(
    _ packet: Packet, on input: InterfaceName, observer: inout Observer
  ) -> Disposition {
    if Observer.wantsEvents { observer.record(.packetStarts(packet, input: input, reason: .received), of: identity) }
    guard configuration.isUp(input) else { return .discarded(.interfaceDown) }
    guard packet.type != .otherHost else { return .discarded(.linkLayer) }
    if packet.family == .ipv6 { return receiveIPv6(packet, on: input, observer: &observer) }
    guard let header = Walker.checked(packet.bytes) else { return .discarded(.malformed) }
    var flight = flight(packet, header, reason: .received, input: input)
    flight.context.trim()
    return received(&flight, on: input, observer: &observer)
  }

  private mutating func isUp(_ name: InterfaceName) -> Bool {
    configuration.interfaceIndex(name).map { configuration.interfaces[$0].isUp } ?? false
  }

  /// The header of a packet that comes in, or nil when it is broken (kernel: `ip_rcv_core`).
  static func checked(_ bytes: [UInt8]) -> IPHeader? {
    guard let header = IPHeader(bytes), header.family == .ipv4, header.totalLength <= bytes.count,
      header.totalLength >= header.transportOffset
    else { return nil }
    if !IPv4Header.isChecksumValid(bytes, length: header.transportOffset) { return nil }
    return header
  }

  /// From PREROUTING on; a packet that came back through loopback still has its route and connection.
  mutating func received<Observer: WalkObserver>(
    _ flight: inout Flight, on input: InterfaceName, observer: inout Observer
  ) -> Disposition {
    flight.arrival = input
    flight.options = IPOptions()
    if case .ended(let end) = run(.prerouting, &flight, input: input, output: .none, observer: &observer) { return end }
    var route: EgressRoute
    if var kept = flight.route {
      kept.kind = .local
      route = kept
    } else if flight.context.header.family == .ipv6 {
      route = configuration.ipv6InputRoute(flight.context.header, mark: flight.context.packet.mark, on: input)
    } else {
      // kernel: `tcp_v4_early_demux`
      if flight.context.header.protocolNumber == .tcp { flight.context.pull(TCPHeader.minimumLength) }
      route = configuration.inputRoute(flight.context.header, mark: flight.context.packet.mark, on: input)
    }
    flight.route = route
    if flight.context.header.family == .ipv6 { return routedIPv6(&flight, route, on: input, observer: &observer) }
    if flight.context.transportOffset > IPv4Header.minimumLength {
      if case .ended(let end) = receiveOptions(&flight, on: input, observer: &observer) { return end }
      route = flight.route ?? route
    }
    switch route.kind {
    case .local:
      if Observer.wantsEvents { observer.record(.routed(.local), of: identity) }
      return deliver(&flight, on: input, observer: &observer)
    case .error(let cause, let code):
      if Observer.wantsEvents { observer.record(.routed(.dropped(cause)), of: identity) }
      if let code, state.icmpLimiter.allowsRouteError(to: flight.context.header.source, now: state.now) {
        queueError(about: flight, type: .destinationUnreachable, code: code, route: route)
      }
      return .discarded(cause)
    case .output:
      if Observer.wantsEvents {
        observer.record(.routed(.forward(output: route.device, gateway: route.gateway)), of: identity)
      }
      return forward(&flight, route, from: input, observer: &observer)
    }
  }

  /// To the host itself (kernel: `ip_local_deliver`).
  private mutating func deliver<Observer: WalkObserver>(
    _ flight: inout Flight, on input: InterfaceName, observer: inout Observer
  ) -> Disposition {
    if flight.context.header.isFragment {
      flight.context.input = input
      if case .ended(let end) = reassemble(&flight, user: .localDelivery, observer: &observer) { return end }
    }
    if case .ended(let end) = run(.input, &flight, input: input, output: .none, observer: &observer) { return end }
    if Observer.wantsEvents { observer.record(.delivered(flight.context.packet), of: identity) }
    if configuration.stack == .answers { answerLocally(flight) }
    return .delivered
  }

  /// Through the host (kernel: `ip_forward`).
  private mutating func forward<Observer: WalkObserver>(
    _ flight: inout Flight, _ route: EgressRoute, from input: InterfaceName, observer: inout Observer
  ) -> Disposition {
    guard flight.context.packet.type == .host else { return .discarded(.linkLayer) }
    let header = flight.context.header
    if header.ttl <= 1 {
      queueError(about: flight, type: .timeExceeded, code: .ttlZeroInTransit, route: route)
      return .discarded(.ttl)
    }
    if flight.options.isStrict, route.gateway != nil {
      queueError(about: flight, type: .destinationUnreachable, code: .sourceRouteFailed, route: route)
      return .discarded(.ipOptions)
    }
    if flight.context.length > route.mtu, header.dontFragment, (flight.origin?.maximumSize ?? .max) > route.mtu {
      queueError(
        about: flight, type: .destinationUnreachable, code: .fragmentationNeeded,
        info: UInt32(truncatingIfNeeded: route.mtu), route: route)
      return .discarded(.mtu)
    }
    let before = Observer.wantsEvents ? flight.context.packet : nil
    flight.context.setTTL(header.ttl - 1)
    if let before { observer.record(.changedByHost(from: before, to: flight.context.packet), of: identity) }
    flight.isForwarded = true
    if configuration.sysctls[.forwardUpdatesPriority] != 0 {
      flight.context.packet.priority = Walker.priority(ofTOS: header.tos)
    }
    if case .ended(let end) = run(.forward, &flight, input: input, output: route.device, observer: &observer) {
      return end
    }
    forwardOptions(&flight, route, from: input, observer: &observer)
    return output(&flight, observer: &observer)
  }

  /// The traffic-control priority that a TOS byte stands for (kernel: `rt_tos2priority`, `ip_tos2prio`).
  static func priority(ofTOS tos: UInt8) -> UInt32 {
    switch (tos & TOSByte.serviceMask) >> 3 {
    case 0: 0
    case 1: 2
    case 2: 6
    default: 4
    }
  }
}
