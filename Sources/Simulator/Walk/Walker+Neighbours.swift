// Neighbour discovery on interfaces with a link layer: the host asks for the next hop before a packet leaves, and answers those
// who ask for it (kernel: net/core/neighbour.c, net/ipv6/ndisc.c; RFC 4861).

import NetfilterModel

extension Walker {
  /// How often a neighbour is asked for at most, whatever `mcast_solicit` says.
  private static var mostSolicitations: Int { 100 }

  /// Hands a packet to its device when its next hop is known; otherwise asks for that, and lets the packet wait (kernel:
  /// `ip6_finish_output2`, `neigh_resolve_output`).
  mutating func transmitToNeighbour<Observer: WalkObserver>(
    _ flight: inout Flight, _ route: EgressRoute, observer: inout Observer
  ) -> Disposition {
    let hop = Neighbour(address: route.gateway ?? flight.context.header.destination, device: route.device)
    if isReachable(hop) { return transmit(&flight, route, observer: &observer) }
    guard solicitations(on: hop.device) > 0 else { return .discarded(.noNeighbour) }
    if outbox.search.add(flight, route, identity, for: hop) {
      let outer = identity
      ask(for: hop, observer: &observer)
      identity = outer
    }
    if flight.silentNeighbour == hop {
      outbox.search.purge(hop)
      return .discarded(.noNeighbour)
    }
    return .held
  }

  /// The link-layer address that the host has for a neighbour, or nil while it does not know it.
  func knownAddress(of hop: Neighbour) -> [UInt8]? {
    if case .permanent(let mac) = configuration.neighbours[hop] { return mac }
    return state.neighbours[hop]
  }

  private func isReachable(_ hop: Neighbour) -> Bool { knownAddress(of: hop) != nil }

  private func solicitations(on device: InterfaceName) -> Int {
    let asked = configuration.sysctls.ipv6(.multicastSolicitations, device)
    return min(max(0, asked), Self.mostSolicitations)
  }

  /// Goes on with the search for neighbours, when nothing else is left to do: an answer comes in, or somebody is asked for again, which
  /// the kernel does after a second (kernel: `neigh_timer_handler`).
  ///
  /// - Returns: false when no packet waits for a neighbour.
  mutating func goOnSearching<Observer: WalkObserver>(_ observer: inout Observer) -> Bool {
    guard let hop = outbox.search.next() else { return false }
    guard packets < configuration.limits.consequences else {
      giveUpSearching(
        "the search for neighbours causes more than \(configuration.limits.consequences) packets", &observer)
      return false
    }
    if outbox.search[hop].question != nil {
      receiveAnswer(for: hop, observer: &observer)
    } else if outbox.search[hop].asked < solicitations(on: hop.device) {
      ask(for: hop, observer: &observer)
      return true
    } else {
      conclude(hop, observer: &observer)
      return true
    }
    if isReachable(hop) || outbox.search[hop].obstacle != nil { conclude(hop, observer: &observer) }
    return true
  }

  /// The packets that wait for a neighbour leave, or end.
  private mutating func conclude<Observer: WalkObserver>(_ hop: Neighbour, observer: inout Observer) {
    guard let wanted = outbox.search.remove(hop) else { return }
    for (place, item) in wanted.waiting.enumerated() {
      var flight = item.flight
      identity = item.identity
      let end: Disposition
      if Observer.wantsEvents, wanted.obstacle == nil {
        observer.record(.neighbour(wanted.outcome(isFound: isReachable(hop))), of: identity)
      }
      if isReachable(hop) {
        end = transmit(&flight, item.route, observer: &observer)
      } else if let obstacle = wanted.obstacle {
        end = .unknown(at: obstacle.place, reason: obstacle.reason)
      } else {
        // kernel: `ndisc_error_report`, `ip6_link_failure`
        let before = outbox.count
        queueIPv6Error(about: flight, .destinationUnreachable, code: 3, device: item.route.device)
        if outbox.count > before { outbox.noteLast(hop) }
        end = .discarded(.noNeighbour)
      }
      if wanted.isLast(place) { tellEnd(end, &observer) }
    }
  }

  /// Ends the packets that wait for neighbours, for a reason that is no fact about them.
  mutating func giveUpSearching<Observer: WalkObserver>(_ reason: String, _ observer: inout Observer) {
    for wanted in outbox.search.removeAll() {
      for (place, item) in wanted.waiting.enumerated() where wanted.isLast(place) {
        identity = item.identity
        tellEnd(.unknown(at: nil, reason: reason), &observer)
      }
    }
  }

  /// The end of a packet that waited.
  private mutating func tellEnd<Observer: WalkObserver>(_ disposition: Disposition, _ observer: inout Observer) {
    if identity.number == 0 { outbox.search.firstEnd = disposition }
    end(disposition, observer: &observer)
  }

  /// Asks for a neighbour once (kernel: `ndisc_solicit`, `ndisc_send_ns`).
  private mutating func ask<Observer: WalkObserver>(for hop: Neighbour, observer: inout Observer) {
    outbox.search[hop].asked += 1
    let device = hop.device
    // The last packet that waits says which address asks.
    let source = outbox.search[hop].waiting.last?.flight.context.header.source ?? .any(.ipv6)
    let isOwn = configuration.isOwn(source, on: device)
    guard let own = isOwn ? source : configuration.linkLocalAddress(of: device)
    else { return outbox.search[hop].failure = .noSource }
    let bytes = NeighbourDiscovery.solicitation(
      for: hop.address, from: own, mac: configuration.interface(device)?.mac, trafficClass: discoveryClass(on: device))
    guard var question = discoveryFlight(bytes, on: device) else { return }
    question.reason = .discovery
    identity = PacketIdentity(number: packets, parent: outbox.search[hop].parent)
    packets += 1
    if Observer.wantsEvents {
      observer.record(.packetStarts(question.context.packet, input: .none, reason: .discovery), of: identity)
    }
    let end = sent(&question, observer: &observer)
    self.end(end, observer: &observer)
    switch end {
    case .unknown(let place, let reason): outbox.search[hop].obstacle = (place, reason)
    case .queued(_, let place):
      outbox.search[hop].obstacle = (place, "the solicitation for \(hop.address) went to a user-space queue")
    case .sent(let output):
      outbox.search[hop].question = NeighbourQuestion(
        bytes: question.context.packet.bytes, device: output, number: identity.number)
    default: outbox.search[hop].failure = .solicitation(end)
    }
  }

  /// The far end's answer to a solicitation that left; nothing where nobody is there.
  private mutating func receiveAnswer<Observer: WalkObserver>(for hop: Neighbour, observer: inout Observer) {
    outbox.search[hop].failure = .noAnswer
    guard let question = outbox.search.takeQuestion(of: hop), configuration.hasLinkLayer(question.device),
      let target = NeighbourDiscovery.solicitedTarget(of: question.bytes),
      let source = IPv6Header.source(in: question.bytes, at: 0),
      let mac = configuration.linkLayerAddress(of: Neighbour(address: target, device: question.device))
    else { return }
    var answer = Packet(
      bytes: NeighbourDiscovery.advertisement(of: target, from: target, to: source, [.solicited, .override], mac: mac))
    answer.sourceMAC = mac
    identity = PacketIdentity(number: packets, parent: question.number)
    packets += 1
    let end = receive(answer, on: question.device, observer: &observer)
    self.end(end, observer: &observer)
    recordUnknownAnswers(&observer)
    switch end {
    case .unknown(let place, let reason): outbox.search[hop].obstacle = (place, reason)
    case .queued(_, let place):
      outbox.search[hop].obstacle = (place, "the advertisement of \(target) went to a user-space queue")
    default: outbox.search[hop].failure = .advertisement(end)
    }
  }

  private func discoveryClass(on device: InterfaceName) -> UInt8 {
    UInt8(clamping: configuration.sysctls.ipv6(.discoveryTrafficClass, device))
  }

  /// A message of neighbour discovery on its way out: its route is the link, whatever the routes say (kernel:
  /// `ndisc_send_skb`, `icmp6_dst_alloc`).
  private mutating func discoveryFlight(_ bytes: [UInt8], on device: InterfaceName) -> Flight? {
    guard let header = IPHeader(bytes) else { return nil }
    let route = EgressRoute(
      kind: .output, device: device, gateway: nil, mtu: configuration.mtu(of: device), source: header.source,
      type: header.destination.isMulticast ? .multicast : .unicast, isLocal: false)
    var flight = answerFlight(.packet(bytes), route: route, mark: 0, attachedTo: nil, fillsAddresses: false)
    flight?.arrival = device
    flight?.hasDevice = true
    return flight
  }

  /// Whether a packet for the host is the link's own business, which also a host that answers nothing else does.
  func isDiscoveryOfLink(_ flight: Flight, on input: InterfaceName) -> Bool {
    let context = flight.context
    guard context.header.protocolNumber == .icmpv6, configuration.hasLinkLayer(input) else { return false }
    return (133...136).contains(ICMPv6Message.type(in: context.packet.bytes, at: context.transportOffset).rawValue)
  }

  /// What the host makes of a message of neighbour discovery (kernel: `ndisc_rcv`). Routers tell nothing that it learns but
  /// where they are.
  mutating func receiveDiscovery(_ flight: Flight, at start: Int, on input: InterfaceName) {
    let header = flight.context.header
    // Fragmented messages are not taken (RFC 6980 §5; kernel: `ndisc_suppress_frag_ndisc`).
    let isFragmented = flight.origin != nil || flight.wasFragment
    if isFragmented, configuration.sysctls.ipv6(.suppressFragmentedDiscovery, input) != 0 { return }
    switch NeighbourDiscovery(flight.context.packet.bytes, header, at: start) {
    case nil: return
    case .solicitation(let target, let mac): answerSolicitation(header, target, mac: mac, on: input)
    case .advertisement(let target, let mac, let overrides):
      let neighbour = Neighbour(address: target, device: input)
      guard let mac, !configuration.isOwn(target, on: input) else { return }
      if isReachable(neighbour) || outbox.search.isLooking(for: neighbour)
        || acceptsUntracked(from: header.source, on: input)
      {
        learn(neighbour, mac, overrides: overrides)
      }
    case .sender(let isRouter, let mac):
      if isRouter || configuration.forwardsIPv6(on: input) {
        learn(Neighbour(address: header.source, device: input), mac)
      }
    }
  }

  /// Only where there is a link layer there is something to learn.
  private mutating func learn(_ neighbour: Neighbour, _ mac: [UInt8], overrides: Bool = true) {
    guard configuration.hasLinkLayer(neighbour.device) else { return }
    state.neighbours.learn(neighbour, mac, overrides: overrides)
  }

  /// Whether a router takes an advertisement that it did not ask for (RFC 9131; kernel: `accept_untracked_na`).
  private func acceptsUntracked(from source: IPAddress, on device: InterfaceName) -> Bool {
    guard configuration.forwardsIPv6(on: device) else { return false }
    switch configuration.sysctls.ipv6(.acceptUntrackedAdvertisements, device) {
    case 1: return true
    case 2:
      return configuration.interface(device)?.addresses.contains {
        $0.address.family == .ipv6 && $0.network.contains(source)
      } ?? false
    default: return false
    }
  }

  /// The advertisement of one of the host's own addresses, or nothing (kernel: `ndisc_recv_ns`, `ndisc_send_na`).
  private mutating func answerSolicitation(
    _ header: IPHeader, _ target: IPAddress, mac: [UInt8]?, on input: InterfaceName
  ) {
    let isOwn = configuration.isOwn(target, on: input)
    guard isOwn || configuration.isAnycast(target, on: input) else { return }
    let isDuplicateSearch = header.source.isZero
    let isToGroup = header.destination.isMulticast
    let sender = Neighbour(address: header.source, device: input)
    if let mac, !isDuplicateSearch { learn(sender, mac) }
    // To a group without an address of its own: nobody knows where to.
    if isToGroup, !isDuplicateSearch, mac == nil, configuration.hasLinkLayer(input), !isReachable(sender) { return }
    let destination = isDuplicateSearch ? IPAddress.v6(0xff02_0000_0000_0000, 1) : header.source
    guard let source = isOwn ? target : configuration.ipv6Source(towards: destination, on: input) else { return }
    var flags: NeighbourAdvertisementFlags = isDuplicateSearch ? [] : .solicited
    if configuration.forwardsIPv6(on: input) { flags.insert(.router) }
    if isOwn, isToGroup { flags.insert(.override) }
    let isTold = isToGroup || configuration.sysctls.ipv6(.forceTargetAddress, input) != 0
    let bytes = NeighbourDiscovery.advertisement(
      of: target, from: source, to: destination, flags, mac: isTold ? configuration.interface(input)?.mac : nil,
      trafficClass: discoveryClass(on: input))
    if let answer = discoveryFlight(bytes, on: input) { post(answer) }
  }
}
