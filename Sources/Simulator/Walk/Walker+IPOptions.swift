// Where a packet's way depends on its IPv4 options: after the input route was found, and between FORWARD and POSTROUTING
// (kernel: `ip_rcv_options`, `ip_options_rcv_srr`, `ip_forward_options`).

import NetfilterModel

extension Walker {
  /// Milliseconds since midnight UTC, or nil without a wall clock (kernel: `inet_current_timestamp`).
  var timeOfDay: UInt32? {
    state.memory.wallClock.map {
      UInt32(truncatingIfNeeded: $0 % 86400 * 1000 + state.memory.wallClockMilliseconds)
    }
  }

  /// Takes the options of a packet that came in, whose route is known; a source route may change the route.
  mutating func receiveOptions<Observer: WalkObserver>(
    _ flight: inout Flight, on input: InterfaceName, observer: inout Observer
  ) -> HookOutcome {
    let header = flight.context.header
    guard header.family == .ipv4, header.transportOffset > IPv4Header.minimumLength, let route = flight.route else {
      return .accept
    }
    if case .error(let cause, _) = route.kind, cause == .martian || cause == .reversePathFilter { return .accept }
    let before = flight.context.packet
    let mark = before.mark
    let surroundings = IPOptions.Surroundings(
      ownAddress: { [configuration] in
        configuration.ownAddress(for: header, mark: mark, route: route, on: input)
      }, isUnicast: { [configuration] in configuration.isUnicast($0) }, timeOfDay: timeOfDay)
    let fault = flight.options.compile(
      &flight.context.packet.bytes, end: header.transportOffset, surroundings)
    switch fault {
    case nil: break
    case .unknownTime:
      return .ended(.unknown(at: nil, reason: "the time of day for an IP timestamp option is not known"))
    case .malformed(let pointer):
      return refuse(flight, pointer: pointer, route)
    }
    if flight.options.sourceRoute != 0, case .ended(let end) = followSourceRoute(&flight, on: input) {
      return .ended(end)
    }
    if Observer.wantsEvents, before.bytes != flight.context.packet.bytes {
      observer.record(.changedByHost(from: before, to: flight.context.packet), of: identity)
    }
    return .accept
  }

  private mutating func refuse(_ flight: Flight, pointer: Int, _ route: EgressRoute) -> HookOutcome {
    queueError(
      about: flight, type: .parameterProblem, code: .headerBad, info: ICMPMessage.information(pointer: pointer),
      route: route)
    return .ended(.discarded(.ipOptions))
  }

  /// Makes the next hop of a source route the way of a packet that reached this host (kernel: `ip_options_rcv_srr`).
  private mutating func followSourceRoute(_ flight: inout Flight, on input: InterfaceName) -> HookOutcome {
    guard configuration.sysctls.andConf(.acceptSourceRoute, input), flight.context.packet.type == .host,
      let route = flight.route
    else { return .ended(.discarded(.ipOptions)) }
    if route.type == .unicast {
      if !flight.options.isStrict { return .accept }
      return refuse(flight, pointer: IPv4Header.destinationPlace, route)
    }
    guard route.type == .local else { return .ended(.discarded(.ipOptions)) }
    let place = flight.options.sourceRoute
    let size = IPv4Option.length(in: flight.context.packet.bytes, at: place)
    var pointer = IPv4Option.pointer(in: flight.context.packet.bytes, at: place)
    while pointer <= size {
      if pointer + 3 > size {
        return refuse(flight, pointer: IPv4Option.pointerPlace(place), flight.route ?? route)
      }
      let hop = IPAddress.v4(IPv4Option.word(in: flight.context.packet.bytes, at: place, pointer: pointer))
      var header = flight.context.header
      header.destination = hop
      let next = configuration.inputRoute(header, mark: flight.context.packet.mark, on: input)
      guard next.type == .unicast || next.type == .local else { return .ended(.discarded(.ipOptions)) }
      flight.route = next
      flight.options.isChanged = true
      if next.type == .unicast {
        flight.options.isSourceRouteHit = true
        flight.options.nextHop = hop
        return .accept
      }
      IPv4Header.setDestination(hop, in: &flight.context.packet.bytes, at: 0)
      flight.context.refresh()
      pointer += IPv4Option.wordLength
    }
    return .accept
  }

  /// Writes this host into the options of a packet that goes through it, and mends the header checksum (kernel: `ip_forward_options`).
  mutating func forwardOptions<Observer: WalkObserver>(
    _ flight: inout Flight, _ route: EgressRoute, from input: InterfaceName, observer: inout Observer
  ) {
    guard flight.options.length != 0 else { return }
    let before = flight.context.packet
    var bytes = before.bytes
    if flight.options.recordsAddress {
      let place = flight.options.recordRoute
      let address = configuration.outgoingAddress(bytes, mark: before.mark, route: route, from: input)
      let pointer = IPv4Option.pointer(in: bytes, at: place) - IPv4Option.wordLength
      IPv4Option.setWord(address.v4Bits, in: &bytes, at: place, pointer: pointer)
      flight.options.isChanged = true
    }
    if flight.options.isSourceRouteHit {
      let place = flight.options.sourceRoute
      let size = IPv4Option.length(in: bytes, at: place)
      let hop = flight.options.nextHop
      var pointer = IPv4Option.pointer(in: bytes, at: place)
      while pointer + 3 <= size, IPv4Option.word(in: bytes, at: place, pointer: pointer) != hop.v4Bits {
        pointer += IPv4Option.wordLength
      }
      if pointer + 3 <= size {
        IPv4Header.setDestination(hop, in: &bytes, at: 0)
        let address = configuration.outgoingAddress(bytes, mark: before.mark, route: route, from: input)
        IPv4Option.setWord(address.v4Bits, in: &bytes, at: place, pointer: pointer)
        IPv4Option.setPointer(pointer + IPv4Option.wordLength, in: &bytes, at: place)
        flight.options.isChanged = true
      }
      if flight.options.stampsAddress {
        let place = flight.options.timestamp
        let address = configuration.outgoingAddress(bytes, mark: before.mark, route: route, from: input)
        let pointer = IPv4Option.pointer(in: bytes, at: place) - 2 * IPv4Option.wordLength
        IPv4Option.setWord(address.v4Bits, in: &bytes, at: place, pointer: pointer)
        flight.options.isChanged = true
      }
    }
    guard flight.options.isChanged else { return }
    flight.options.isChanged = false
    IPv4Header.updateChecksum(of: &bytes, length: flight.context.transportOffset)
    flight.context.packet.bytes = bytes
    flight.context.refresh()
    if Observer.wantsEvents, before.bytes != bytes {
      observer.record(.changedByHost(from: before, to: flight.context.packet), of: identity)
    }
  }
}

extension HostConfiguration {
  /// Whether an address is a unicast one that is not the host's own.
  func isUnicast(_ address: IPAddress) -> Bool { localType(of: address) == .unicast }

  /// The address of this host that the sender of a packet would use (kernel: `fib_compute_spec_dst`).
  fileprivate func ownAddress(for header: IPHeader, mark: UInt32, route: EgressRoute, on input: InterfaceName)
    -> IPAddress
  {
    if route.isLocal, route.type != .broadcast, route.type != .multicast { return header.destination }
    if !header.source.isZero {
      let back = FlowKey(
        destination: header.source, source: .any(.ipv4), input: .loopback,
        mark: sysctls.orConf(.sourceValidMark, input) ? mark : 0, tos: header.tos)
      if let route = try? lookup(back) { return preferredSource(of: route) }
    }
    return selectAddress(on: input, towards: header.source, family: .ipv4) ?? .any(.ipv4)
  }

  /// The address with which this host would send a forwarded packet on (kernel: `ip_rt_get_source`).
  fileprivate func outgoingAddress(_ bytes: [UInt8], mark: UInt32, route: EgressRoute, from input: InterfaceName)
    -> IPAddress
  {
    let destination = IPv4Header.destination(in: bytes, at: 0)
    let flow = FlowKey(
      destination: destination, source: IPv4Header.source(in: bytes, at: 0), input: input, output: route.device,
      mark: mark, tos: IPv4Header.tos(in: bytes, at: 0))
    if let found = try? lookup(flow) { return preferredSource(of: found) }
    return selectAddress(on: route.device, towards: route.gateway ?? destination, family: .ipv4) ?? .any(.ipv4)
  }

  fileprivate func preferredSource(of route: Route) -> IPAddress {
    route.preferredSource ?? selectAddress(on: route.device, towards: route.gateway, family: .ipv4) ?? .any(.ipv4)
  }
}
