// What the host says when fragments did not come in time (kernel: `ip_expire`, `ip6frag_expire_frag_queue`; RFC 792, RFC 4443 §3.3).

import NetfilterModel

extension Walker {
  /// Walks the errors about datagrams whose time was over before the packet that comes now, each at the time that it was due.
  mutating func expireFragments<Observer: WalkObserver>(_ observer: inout Observer) {
    for family in AddressFamily.allCases {
      while let expired = state.fragments[family].takeExpired(now: state.now) {
        let now = state.now
        state.memory.now = expired.time
        // No packet of this walk has caused it.
        identity = PacketIdentity(number: Walker.nobody, parent: nil)
        queueExpiry(of: expired)
        _ = walkConsequences(&observer)
        state.icmpLimiter.endTurn()
        state.memory.now = now
      }
    }
    identity = PacketIdentity()
  }

  /// Tells the sender, when the first fragment came and the datagram was for the host itself, or in IPv6 whoever it was for.
  private mutating func queueExpiry(of expired: ExpiredDatagram) {
    guard let first = expired.first, let header = IPHeader(first.bytes), !expired.input.isNone else { return }
    var flight = flight(first, header, reason: .received, input: expired.input)
    flight.arrival = expired.input
    if header.family == .ipv6 {
      return queueIPv6Error(about: flight, .timeExceeded, code: ICMPCode.ttlZeroInReassembly.rawValue)
    }
    let route = configuration.inputRoute(header, mark: first.mark, on: expired.input)
    if case .error = route.kind { return }
    guard expired.user == .localDelivery || route.type == .local else { return }
    flight.route = route
    if expired.user == .localDelivery, header.transportOffset > IPv4Header.minimumLength {
      // Those of fragments that tracking gathered were not read yet, so that none are repeated.
      outbox.unknownAnswers.append(
        "which IP options an error about fragments that did not come repeats is not simulated")
      return
    }
    queueError(about: flight, type: .timeExceeded, code: .ttlZeroInReassembly, route: route)
  }
}
