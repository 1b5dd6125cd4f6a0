// The path of a packet that came in: checks, PREROUTING, routing, then to the host or through it
// (kernel: `ip_rcv`, `ip_rcv_finish`, `ip_local_deliver`, `ip_forward`).

import NetfilterModel

extension Host {
  /// Makes a packet that starts its way.
  func flight(_ packet: Packet, _ header: IPHeader, reason: PacketReason, input: InterfaceName) -> Flight {
    let context = PacketContext(
      packet: packet, header: header, hook: .prerouting, table: .raw, input: input, output: .none, connection: nil,
      state: .none, services: self)
    return Flight(context: context, reason: reason)
  }

  /// A packet from the wire.
  func receive<Observer: WalkObserver>(
    _ packet: Packet, on input: InterfaceName, observer: inout Observer
  ) -> Disposition {
    if Observer.wantsEvents { observer.record(.packetStarts(packet, input: input, reason: .received)) }
    guard isUp(input) else { return .discarded(.interfaceDown) }
    guard packet.type != .otherHost else { return .discarded(.linkLayer) }
    if packet.family == .ipv6 { return .unknown(at: nil, reason: Host.ipv6IsNotWalked) }
    guard let (trimmed, header) = Host.checked(packet) else { return .discarded(.malformed) }
    var flight = flight(trimmed, header, reason: .received, input: input)
    return received(&flight, on: input, observer: &observer)
  }

  private func isUp(_ name: InterfaceName) -> Bool { interfaceIndex(name).map { interfaces[$0].isUp } ?? false }

  /// The packet with what lies behind its total length cut off, or nil when its header is broken (kernel: `ip_rcv_core`).
  static func checked(_ packet: Packet) -> (Packet, IPHeader)? {
    guard let header = IPHeader(packet.bytes), header.totalLength <= packet.bytes.count,
      header.totalLength >= header.transportOffset
    else { return nil }
    if header.family == .ipv4, Checksum.sum(packet.bytes, in: 0..<header.transportOffset) != 0xffff { return nil }
    var packet = packet
    if packet.bytes.count > header.totalLength {
      packet.bytes.removeLast(packet.bytes.count - header.totalLength)
    }
    return (packet, header)
  }

  /// From PREROUTING on; a packet that came back through loopback still has its route and connection.
  func received<Observer: WalkObserver>(
    _ flight: inout Flight, on input: InterfaceName, observer: inout Observer
  ) -> Disposition {
    flight.arrival = input
    flight.options = IPOptions()
    flight.hasVerifiedChecksum = false
    if case .ended(let end) = run(.prerouting, &flight, input: input, output: .none, observer: &observer) { return end }
    var route: EgressRoute
    if var kept = flight.route {
      kept.kind = .local
      route = kept
    } else {
      // kernel: `tcp_v4_early_demux`
      if flight.context.header.protocolNumber == .tcp { flight.context.pull(20) }
      route = inputRoute(flight.context.header, mark: flight.context.packet.mark, on: input)
    }
    flight.route = route
    if flight.context.transportOffset > 20 {
      if case .ended(let end) = receiveOptions(&flight, on: input, observer: &observer) { return end }
      route = flight.route ?? route
    }
    switch route.kind {
    case .local:
      if Observer.wantsEvents { observer.record(.routed(.local)) }
      return deliver(&flight, on: input, observer: &observer)
    case .error(let cause, let code):
      if Observer.wantsEvents { observer.record(.routed(.dropped(cause))) }
      if let code, icmpLimiter.allowsRouteError(to: flight.context.header.source, now: now) {
        queueError(about: flight, type: 3, code: code, route: route)
      }
      return .discarded(cause)
    case .output:
      if Observer.wantsEvents { observer.record(.routed(.forward(output: route.device, gateway: route.gateway))) }
      return forward(&flight, route, from: input, observer: &observer)
    }
  }

  /// To the host itself (kernel: `ip_local_deliver`).
  private func deliver<Observer: WalkObserver>(
    _ flight: inout Flight, on input: InterfaceName, observer: inout Observer
  ) -> Disposition {
    if flight.context.header.isFragment {
      flight.context.input = input
      if case .ended(let end) = reassemble(&flight, user: .localDelivery, observer: &observer) { return end }
    }
    if case .ended(let end) = run(.input, &flight, input: input, output: .none, observer: &observer) { return end }
    if Observer.wantsEvents { observer.record(.delivered(flight.context.packet)) }
    if stack == .answers { answerLocally(flight) }
    return .delivered
  }

  /// Through the host (kernel: `ip_forward`).
  private func forward<Observer: WalkObserver>(
    _ flight: inout Flight, _ route: EgressRoute, from input: InterfaceName, observer: inout Observer
  ) -> Disposition {
    guard flight.context.packet.type == .host else { return .discarded(.linkLayer) }
    let header = flight.context.header
    if header.ttl <= 1 {
      queueError(about: flight, type: 11, code: 0, route: route)
      return .discarded(.ttl)
    }
    if flight.options.isStrict, route.gateway != nil {
      queueError(about: flight, type: ICMPAnswers.unreachable, code: 5, route: route)
      return .discarded(.ipOptions)
    }
    if flight.context.length > route.mtu, header.dontFragment, (flight.origin?.maximumSize ?? .max) > route.mtu {
      queueError(about: flight, type: 3, code: 4, info: UInt32(truncatingIfNeeded: route.mtu), route: route)
      return .discarded(.mtu)
    }
    flight.context.setTTL(header.ttl - 1)
    flight.isForwarded = true
    if sysctls.updatesForwardPriority {
      flight.context.packet.priority = Host.priority(ofTOS: header.tos)
    }
    if case .ended(let end) = run(.forward, &flight, input: input, output: route.device, observer: &observer) {
      return end
    }
    forwardOptions(&flight, route, from: input, observer: &observer)
    return output(&flight, observer: &observer)
  }

  /// The traffic-control priority that a TOS byte stands for (kernel: `rt_tos2priority`, `ip_tos2prio`).
  static func priority(ofTOS tos: UInt8) -> UInt32 {
    switch (tos & 0x1e) >> 3 {
    case 0: 0
    case 1: 2
    case 2: 6
    default: 4
    }
  }
}
