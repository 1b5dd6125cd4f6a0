// The path of an IPv6 packet that came in, where it differs from that of IPv4 (kernel: `ip6_rcv_core`, `ip6_input`,
// `ip6_forward`).

import NetfilterModel

extension Walker {
  /// A packet from the wire.
  mutating func receiveIPv6<Observer: WalkObserver>(
    _ packet: Packet, on input: InterfaceName, observer: inout Observer
  ) -> Disposition {
    switch receivedIPv6(packet, on: input) {
    case .success((let trimmed, let header)):
      var flight = flight(trimmed, header, reason: .received, input: input)
      return received(&flight, on: input, observer: &observer)
    case .failure(let discard): return .discarded(discard.cause)
    }
  }

  /// The packet as its receiver sees it, or how it ended (kernel: `ip6_rcv_core`).
  mutating func receivedIPv6(
    _ packet: Packet, on input: InterfaceName
  ) -> Result<(Packet, IPHeader), Discard> {
    let limits = configuration.sysctls.ipv6OptionLimits
    switch IPv6Receipt.check(
      packet, on: input, maximumCount: limits.hopByHopCount, maximumLength: limits.hopByHopLength)
    {
    case .accepted(let packet, let header): return .success((packet, header))
    case .dropped(let cause): return .failure(Discard(cause: cause))
    case .problem(let code, let pointer):
      if let header = IPHeader(packet.bytes) {
        let flight = flight(packet, header, reason: .received, input: input)
        queueIPv6Error(about: flight, .parameterProblem, code: code, info: UInt32(truncatingIfNeeded: pointer))
      }
      return .failure(Discard(cause: .ipOptions))
    }
  }

  /// From the routing decision on (kernel: `dst_input`).
  mutating func routedIPv6<Observer: WalkObserver>(
    _ flight: inout Flight, _ route: EgressRoute, on input: InterfaceName, observer: inout Observer
  ) -> Disposition {
    switch route.kind {
    case .local:
      if Observer.wantsEvents { observer.record(.routed(.local), of: identity) }
      return deliverIPv6(&flight, on: input, observer: &observer)
    case .error(let cause, let code):
      if Observer.wantsEvents { observer.record(.routed(.dropped(cause)), of: identity) }
      if let code {
        flight.context.input = input
        queueIPv6Error(about: flight, .destinationUnreachable, code: code.rawValue)
      }
      return .discarded(cause)
    case .output:
      if Observer.wantsEvents {
        observer.record(.routed(.forward(output: route.device, gateway: route.gateway)), of: identity)
      }
      return forwardIPv6(&flight, route, from: input, observer: &observer)
    }
  }

  /// To the host itself (kernel: `ip6_input`).
  private mutating func deliverIPv6<Observer: WalkObserver>(
    _ flight: inout Flight, on input: InterfaceName, observer: inout Observer
  ) -> Disposition {
    if case .ended(let end) = run(.input, &flight, input: input, output: .none, observer: &observer) { return end }
    if configuration.stack == .answers || isDiscoveryOfLink(flight, on: input) {
      return finishDeliveryIPv6(&flight, on: input, observer: &observer)
    }
    if Observer.wantsEvents { observer.record(.delivered(flight.context.packet), of: identity) }
    return .delivered
  }

  /// Through the host (kernel: `ip6_forward`).
  private mutating func forwardIPv6<Observer: WalkObserver>(
    _ flight: inout Flight, _ route: EgressRoute, from input: InterfaceName, observer: inout Observer
  ) -> Disposition {
    flight.context.input = input
    guard configuration.forwardsIPv6 || configuration.sysctls.ipv6(.forceForwarding, input) != 0 else {
      return .discarded(.forwardingOff)
    }
    guard flight.context.packet.type == .host else { return .discarded(.linkLayer) }
    let header = flight.context.header
    if header.ttl <= 1 {
      queueIPv6Error(about: flight, .timeExceeded, code: 0)
      return .discarded(.ttl)
    }
    if input == route.device {
      redirectIPv6(flight, route, on: input, observer: &observer)
    } else {
      if header.source.isZero || header.source.isMulticast || header.source.isLoopback {
        return .discarded(.martian)
      }
      if header.source.isLinkLocal {
        queueIPv6Error(about: flight, .destinationUnreachable, code: 2)
        return .discarded(.martian)
      }
    }
    // The route's MTU counts later, when the packet leaves (kernel: `ip6_dst_mtu_maybe_forward`).
    let mtu = max(route.isMTULocked ? route.mtu : configuration.ipv6MTU(of: route.device), IPv6Header.minimumMTU)
    if flight.context.length > mtu, flight.origin == nil || (flight.origin?.maximumSize ?? 0) > mtu {
      var leaving = flight
      leaving.context.output = route.device
      queueIPv6Error(
        about: leaving, .packetTooBig, code: 0, info: UInt32(truncatingIfNeeded: mtu), device: route.device)
      return .discarded(.mtu)
    }
    let before = Observer.wantsEvents ? flight.context.packet : nil
    flight.context.setTTL(header.ttl - 1)
    if let before { observer.record(.changedByHost(from: before, to: flight.context.packet), of: identity) }
    flight.isForwarded = true
    if case .ended(let end) = run(.forward, &flight, input: input, output: route.device, observer: &observer) {
      return end
    }
    return output(&flight, observer: &observer)
  }
}

/// Why a packet ends before it walks.
struct Discard: Error {
  var cause: DropCause
}
