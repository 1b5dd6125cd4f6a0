// The redirect that a router sends when a packet leaves by the interface that it came in on (kernel: `ip6_forward`,
// `ndisc_send_redirect`).

import NetfilterModel

extension Walker {
  /// Tells the sender of a better next hop; the redirect walks before the packet goes on.
  mutating func redirectIPv6<Observer: WalkObserver>(
    _ flight: Flight, _ route: EgressRoute, on device: InterfaceName, observer: inout Observer
  ) {
    let header = flight.context.header
    let target = route.gateway ?? header.destination
    guard state.icmpLimiter.allowsRedirect(about: header.destination, now: state.now),
      let own = configuration.interface(device)?.addresses.first(where: { $0.address.isLinkLocal })?.address,
      header.destination == target || target.isLinkLocal,
      let way = try? configuration.ipv6OutputRoute(
        FlowKey(
          destination: header.source, source: own, output: device,
          only: HostConfiguration.needsInterface(header.source) ? device : .none)),
      way.gateway == nil, state.icmpLimiter.allowsRedirect(about: header.source, now: state.now)
    else { return }
    let message = ICMPv6Redirect.make(
      target: target, mac: knownAddress(of: Neighbour(address: target, device: device)),
      destination: header.destination, about: flight.context.packet.bytes,
      room: IPv6Header.minimumMTU - IPv6Header.length)
    let bytes = ICMPv6Answers.packet(message, source: own, destination: header.source, hopLimit: 255)
    guard var redirect = answerFlight(.packet(bytes), route: way, mark: 0, attachedTo: nil) else { return }
    redirect.arrival = device
    redirect.hasDevice = true
    let outer = identity
    identity = PacketIdentity(number: packets, parent: outer.number)
    packets += 1
    if Observer.wantsEvents {
      observer.record(.packetStarts(redirect.context.packet, input: .none, reason: .answer), of: identity)
    }
    let end = sent(&redirect, observer: &observer)
    self.end(end, observer: &observer)
    identity = outer
  }
}
