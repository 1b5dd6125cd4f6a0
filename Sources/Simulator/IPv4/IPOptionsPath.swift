// Where a packet's way depends on its IPv4 options: after the input route was found, and between FORWARD and POSTROUTING
// (kernel: `ip_rcv_options`, `ip_options_rcv_srr`, `ip_forward_options`).

import NetfilterModel

extension Host {
  /// Milliseconds since midnight UTC, or nil without a wall clock (kernel: `inet_current_timestamp`).
  var timeOfDay: UInt32? {
    wallClock.map { UInt32(truncatingIfNeeded: $0 % 86400 * 1000 + now / 1_000_000 % 1000) }
  }

  /// Whether an address is a unicast one that is not the host's own.
  func isUnicast(_ address: IPAddress) -> Bool { localType(of: address) == .unicast }

  /// Takes the options of a packet that came in, whose route is known; a source route may change the route.
  func receiveOptions<Observer: WalkObserver>(
    _ flight: inout Flight, on input: InterfaceName, observer: inout Observer
  ) -> HookOutcome {
    let header = flight.context.header
    guard header.family == .ipv4, header.transportOffset > 20, let route = flight.route else { return .accept }
    if case .error(let cause, _) = route.kind, cause == .martian || cause == .reversePathFilter { return .accept }
    let before = flight.context.packet
    let mark = before.mark
    let surroundings = IPOptions.Surroundings(
      ownAddress: { self.ownAddress(for: header, mark: mark, route: route, on: input) },
      isUnicast: { self.isUnicast($0) }, timeOfDay: timeOfDay)
    let fault = flight.options.compile(
      &flight.context.packet.bytes, end: header.transportOffset, surroundings)
    switch fault {
    case nil: break
    case .unknownTime:
      return .ended(.unknown(at: nil, reason: "the time of day for an IP timestamp option is not known"))
    case .malformed(let pointer):
      return refuse(flight, type: ICMPAnswers.parameterProblem, pointer: pointer, route)
    }
    if flight.options.sourceRoute != 0, case .ended(let end) = followSourceRoute(&flight, on: input) {
      return .ended(end)
    }
    if Observer.wantsEvents, before.bytes != flight.context.packet.bytes {
      observer.record(.packetChanged(from: before, to: flight.context.packet))
    }
    return .accept
  }

  private func refuse(_ flight: Flight, type: UInt8, pointer: Int, _ route: EgressRoute) -> HookOutcome {
    queueError(about: flight, type: type, code: 0, info: UInt32(truncatingIfNeeded: pointer) << 24, route: route)
    return .ended(.discarded(.ipOptions))
  }

  /// Makes the next hop of a source route the way of a packet that reached this host (kernel: `ip_options_rcv_srr`).
  private func followSourceRoute(_ flight: inout Flight, on input: InterfaceName) -> HookOutcome {
    guard sysctls.andConf(.acceptSourceRoute, input), flight.context.packet.type == .host,
      let route = flight.route
    else { return .ended(.discarded(.ipOptions)) }
    if route.type == .unicast {
      if !flight.options.isStrict { return .accept }
      return refuse(flight, type: ICMPAnswers.parameterProblem, pointer: 16, route)
    }
    guard route.type == .local else { return .ended(.discarded(.ipOptions)) }
    let place = flight.options.sourceRoute
    let size = Int(flight.context.packet.bytes.byte(at: place + 1))
    var pointer = Int(flight.context.packet.bytes.byte(at: place + 2))
    while pointer <= size {
      if pointer + 3 > size {
        return refuse(flight, type: ICMPAnswers.parameterProblem, pointer: place + 2, flight.route ?? route)
      }
      let hop = IPAddress.v4(flight.context.packet.bytes.uint32(at: place + pointer - 1))
      var header = flight.context.header
      header.destination = hop
      let next = inputRoute(header, mark: flight.context.packet.mark, on: input)
      guard next.type == .unicast || next.type == .local else { return .ended(.discarded(.ipOptions)) }
      flight.route = next
      flight.options.isChanged = true
      if next.type == .unicast {
        flight.options.isSourceRouteHit = true
        flight.options.nextHop = hop
        return .accept
      }
      flight.context.packet.bytes.setUInt32(hop.v4Bits, at: 16)
      flight.context.refresh()
      pointer += 4
    }
    return .accept
  }

  /// Writes this host into the options of a packet that goes through it, and mends the header checksum (kernel: `ip_forward_options`).
  func forwardOptions<Observer: WalkObserver>(
    _ flight: inout Flight, _ route: EgressRoute, from input: InterfaceName, observer: inout Observer
  ) {
    guard flight.options.length != 0 else { return }
    let before = flight.context.packet
    var bytes = before.bytes
    if flight.options.recordsAddress {
      let place = flight.options.recordRoute
      let address = outgoingAddress(bytes, mark: before.mark, route: route, from: input)
      bytes.setUInt32(address.v4Bits, at: place + Int(bytes.byte(at: place + 2)) - 5)
      flight.options.isChanged = true
    }
    if flight.options.isSourceRouteHit {
      let place = flight.options.sourceRoute
      let size = Int(bytes.byte(at: place + 1))
      let hop = flight.options.nextHop.v4Bits
      var pointer = Int(bytes.byte(at: place + 2))
      while pointer + 3 <= size, bytes.uint32(at: place + pointer - 1) != hop { pointer += 4 }
      if pointer + 3 <= size {
        bytes.setUInt32(hop, at: 16)
        let address = outgoingAddress(bytes, mark: before.mark, route: route, from: input)
        bytes.setUInt32(address.v4Bits, at: place + pointer - 1)
        bytes.setByte(UInt8(truncatingIfNeeded: pointer + 4), at: place + 2)
        flight.options.isChanged = true
      }
      if flight.options.stampsAddress {
        let place = flight.options.timestamp
        let address = outgoingAddress(bytes, mark: before.mark, route: route, from: input)
        bytes.setUInt32(address.v4Bits, at: place + Int(bytes.byte(at: place + 2)) - 9)
        flight.options.isChanged = true
      }
    }
    guard flight.options.isChanged else { return }
    flight.options.isChanged = false
    bytes.setIPv4Checksum(length: flight.context.transportOffset)
    flight.context.packet.bytes = bytes
    flight.context.refresh()
    if Observer.wantsEvents, before.bytes != bytes {
      observer.record(.packetChanged(from: before, to: flight.context.packet))
    }
  }

  /// The address of this host that the sender of a packet would use (kernel: `fib_compute_spec_dst`).
  private func ownAddress(for header: IPHeader, mark: UInt32, route: EgressRoute, on input: InterfaceName)
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
  private func outgoingAddress(_ bytes: [UInt8], mark: UInt32, route: EgressRoute, from input: InterfaceName)
    -> IPAddress
  {
    let destination = IPAddress.v4(bytes.uint32(at: 16))
    let flow = FlowKey(
      destination: destination, source: .v4(bytes.uint32(at: 12)), input: input, output: route.device, mark: mark,
      tos: bytes.byte(at: 1))
    if let found = try? lookup(flow) { return preferredSource(of: found) }
    return selectAddress(on: route.device, towards: route.gateway ?? destination, family: .ipv4) ?? .any(.ipv4)
  }

  private func preferredSource(of route: Route) -> IPAddress {
    route.preferredSource ?? selectAddress(on: route.device, towards: route.gateway, family: .ipv4) ?? .any(.ipv4)
  }
}
