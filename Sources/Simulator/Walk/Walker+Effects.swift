// Performs what targets do.

import NetfilterModel

/// What an effect means for the packet.
enum EffectResult {
  /// It goes on to the next effect or rule.
  case goesOn
  case accepts
  case drops
  case rejects(RejectKind)
  case queues(UInt16)
  /// Nothing here can say; why.
  case unknown(String)
}

extension Walker {
  /// Performs an effect on a packet.
  mutating func perform<Observer: WalkObserver>(
    _ effect: Effect, _ flight: inout Flight, observer: inout Observer
  ) -> EffectResult {
    switch effect {
    case .accept: return .accepts
    case .drop: return .drops
    case .queue(let number, let bypasses): return bypasses ? .accepts : .queues(number)
    case .translate(let translation): return translate(translation, &flight, observer: &observer)
    case .translatePrefix(let translation): return translatePrefix(translation, &flight)
    case .reject(let kind):
      reject(flight, with: kind, observer: &observer)
      return .rejects(kind)
    case .log: return .goesOn
    case .mark(let mark): flight.context.packet.mark = (flight.context.packet.mark & ~mark.mask) ^ mark.value
    case .connectionMark(let change):
      guard let id = flight.context.connection else { return .goesOn }
      change.apply(
        packetMark: &flight.context.packet.mark, connectionMark: &state.connections[id].mark)
    case .priority(let priority): flight.context.packet.priority = priority
    case .tos(let value, let mask): flight.context.setTOS((flight.context.header.tos & ~mask) ^ value)
    case .ttl(let change): flight.context.setTTL(change.applied(to: flight.context.header.ttl))
    case .tcpFlags(let value, let mask): return flight.context.setTCPFlags(value, mask: mask) ? .goesOn : .drops
    case .segmentSize(let size):
      if flight.context.header.fragmentOffset != 0 { return .goesOn }
      guard let largest = segmentSize(size, flight) else { return .drops }
      return flight.context.clampSegmentSize(to: largest) ? .goesOn : .drops
    case .stripTCPOptions(let kinds): return flight.context.stripTCPOptions(kinds) ? .goesOn : .drops
    case .completeChecksum: flight.context.packet.completeChecksum()
    case .untrack: if isUntouched(flight.context) { flight.context.state = .untracked }
    case .template(let template):
      guard isUntouched(flight.context), flight.context.state != .untracked else { return .goesOn }
      if template.hasZone { return .unknown("conntrack zones are not simulated") }
      flight.context.template = template
      flight.context.state = .new
    case .transparentProxy(let proxy): return handOver(proxy, &flight)
    case .duplicate(let duplicate): sendCopy(duplicate, of: flight, observer: &observer)
    case .hashMark(let hash):
      let connection = flight.context.connection.map { state.connections[$0] }
      if let mark = hash.mark(of: flight.context, connection: connection) { flight.context.packet.mark = mark }
    case .changeSets(let change): return changeSets(change, &flight)
    case .synProxy: return answerHandshake(flight)
    case .outside: return .goesOn
    case .trace: flight.context.isTraced = true
    case .unknown(let reason): return .unknown(reason)
    }
    return .goesOn
  }

  /// Whether nothing was decided about the packet's tracking yet (kernel: `skb->_nfct == 0`).
  private func isUntouched(_ packet: borrowing PacketContext) -> Bool {
    packet.connection == nil && packet.template == nil && !packet.isAttachedToNothing
  }

  /// Gives the packet's connection a translation (kernel: `xt_snat_target_v2` and its siblings).
  private mutating func translate<Observer: WalkObserver>(
    _ translation: Translation, _ flight: inout Flight, observer: inout Observer
  ) -> EffectResult {
    let packet = flight.context
    let family = packet.header.family
    let end = translation.end(at: packet.hook)
    var range = translation.range
    switch translation.address {
    case .range: break
    case .outputInterface:
      if let id = packet.connection {
        let original = state.connections[id].original
        if original.family == .ipv4, original.source.isZero { return .accepts }
      }
      let hop = flight.route?.gateway ?? packet.header.destination
      let address =
        family == .ipv6
        ? configuration.ipv6Source(towards: packet.header.destination, on: packet.output)
        : configuration.selectAddress(on: packet.output, towards: hop, family: family)
      guard let address else { return .drops }
      if let id = packet.connection { state.connections[id].masqueradeInterface = packet.output }
      range.addresses = address...address
    case .thisHost:
      let own =
        packet.hook == .output
        ? IPAddress.loopback(family)
        : family == .ipv6
          ? configuration.ipv6Redirect(on: packet.input, for: packet.header.destination)
          : configuration.interfaceIndex(packet.input).flatMap { configuration.addresses[$0].first(family) }
      guard let own else { return .drops }
      range.addresses = own...own
    case .network(let network):
      let old = end == .destination ? packet.header.destination : packet.header.source
      let hostBits = family == .ipv4 ? UInt64(UInt32.max) : .max
      let new = IPAddress(
        family: old.family, high: old.high & ~network.mask.high | network.address.high,
        low: old.low & ~network.mask.low & hostBits | network.address.low)
      range.addresses = new...new
    }
    guard let id = packet.connection else { return .drops }
    let outcome = state.setUpNAT(id, range: range, manipulation: end)
    if outcome.isByChance, Observer.wantsEvents { observer.record(.chosenByChance, of: identity) }
    return outcome.isAccepted ? .accepts : .drops
  }

  /// The largest segment that a SYN may announce; nil where the MTU leaves no room (kernel: `tcpmss_mangle_packet`).
  private func segmentSize(_ size: SegmentSize, _ flight: borrowing Flight) -> UInt16? {
    switch size {
    case .fixed(let size): return size
    case .pathMTU:
      let header = flight.context.header
      let back = try? configuration.outputRoute(FlowKey(destination: header.source, source: .any(header.family)))
      let headers = header.family == .ipv4 ? 40 : 60
      let smallest = min(flight.route?.mtu ?? Int(UInt32.max), back?.mtu ?? Int(UInt32.max))
      return smallest <= headers ? nil : UInt16(truncatingIfNeeded: smallest &- headers)
    }
  }
}
