// What the host does with the routing header of a packet that is for it: nothing is left to visit, or the packet goes on to
// the next segment (kernel: `ipv6_rthdr_rcv`, `ipv6_srh_rcv`; RFC 8754 §4.3.1).

import NetfilterModel

/// What became of a packet at a header.
enum IPv6HeaderStep {
  /// It goes on behind the header, which has so many bytes.
  case passed(Int)
  case ended(Disposition)
}

extension Walker {
  /// Receives a routing header.
  mutating func receiveRoutingHeader<Observer: WalkObserver>(
    _ flight: inout Flight, at offset: Int, on input: InterfaceName, observer: inout Observer
  ) -> IPv6HeaderStep {
    let bytes = flight.context.packet.bytes
    let length = IPv6OptionsHeader.length(in: bytes, at: offset)
    let isWhole = bytes.count - offset >= max(length, IPv6RoutingHeader.minimumLength)
    guard isWhole, !flight.context.header.destination.isMulticast,
      flight.context.packet.type == .host || flight.context.packet.type == .loopback
    else { return .ended(.discarded(.ipOptions)) }
    switch IPv6RoutingHeader.type(in: bytes, at: offset) {
    case IPv6RoutingHeader.segmentRouting:
      return followSegments(&flight, at: offset, length: length, on: input, observer: &observer)
    case IPv6RoutingHeader.rpl:
      guard configuration.sysctls.ipv6Minimum(.rplSourceRoute, input) != 0 else {
        return .ended(.discarded(.ipOptions))
      }
      if IPv6RoutingHeader.segmentsLeft(in: bytes, at: offset) == 0 {
        return pass(flight, at: offset, length: length, unpacks: [.ipv6])
      }
      return .ended(.unknown(at: nil, reason: "the next hop of a source route of RFC 6554 is not simulated"))
    default:
      if IPv6RoutingHeader.segmentsLeft(in: bytes, at: offset) == 0 { return .passed(length) }
      return refuse(flight, about: IPv6RoutingHeader.typeOffset(at: offset))
    }
  }

  /// Whether a packet for the host has another segment to go to, which also a host does that answers nothing.
  func goesOn(_ flight: Flight, from input: InterfaceName) -> Bool {
    let bytes = flight.context.packet.bytes
    let start = IPv6Header.length
    return IPv6Header.nextHeader(in: bytes, at: 0) == .ipv6Routing
      && IPv6RoutingHeader.type(in: bytes, at: start) == IPv6RoutingHeader.segmentRouting
      && IPv6RoutingHeader.segmentsLeft(in: bytes, at: start) > 0
      && configuration.sysctls.ipv6Minimum(.segmentRouting, input) != 0
  }

  private mutating func refuse(_ flight: Flight, about pointer: Int) -> IPv6HeaderStep {
    queueIPv6Error(
      about: flight, .parameterProblem, code: ICMPv6ParameterProblem.headerField,
      info: UInt32(truncatingIfNeeded: pointer))
    return .ended(.discarded(.ipOptions))
  }

  /// Behind a header with nothing left to visit; a packet inside the packet would come in anew.
  private func pass(
    _ flight: Flight, at offset: Int, length: Int, unpacks: [ProtocolNumber]
  ) -> IPv6HeaderStep {
    if unpacks.contains(IPv6OptionsHeader.nextHeader(in: flight.context.packet.bytes, at: offset)) {
      return .ended(.unknown(at: nil, reason: "the packet inside, which comes out of a source route, is not simulated"))
    }
    return .passed(length)
  }

  /// Goes to the next segment, and the next, while they are the host's own addresses (kernel: `ipv6_srh_rcv`).
  private mutating func followSegments<Observer: WalkObserver>(
    _ flight: inout Flight, at offset: Int, length: Int, on input: InterfaceName, observer: inout Observer
  ) -> IPv6HeaderStep {
    let sysctls = configuration.sysctls
    // No keys are known, so that no signature is right (kernel: `seg6_hmac_validate_skb`).
    let demand = sysctls.ipv6(.segmentRoutingSignature, input)
    let isSigned = IPv6RoutingHeader.isSigned(flight.context.packet.bytes, at: offset)
    guard sysctls.ipv6Minimum(.segmentRouting, input) != 0, demand < 0 || demand == 0 && !isSigned else {
      return .ended(.discarded(.ipOptions))
    }
    while true {
      let bytes = flight.context.packet.bytes
      let left = IPv6RoutingHeader.segmentsLeft(in: bytes, at: offset)
      if left == 0 { return pass(flight, at: offset, length: length, unpacks: [.ipv6, .ipencap]) }
      guard Int(left) < IPv6RoutingHeader.addressCount(in: bytes, at: offset) else {
        return refuse(flight, about: IPv6RoutingHeader.segmentsLeftOffset(at: offset))
      }
      guard offset == IPv6Header.length, flight.origin == nil,
        let next = IPv6RoutingHeader.address(Int(left) - 1, in: bytes, at: offset)
      else {
        return .ended(.unknown(at: nil, reason: "a segment routing header behind other headers is not simulated"))
      }
      let before = Observer.wantsEvents ? flight.context.packet : nil
      IPv6RoutingHeader.setSegmentsLeft(left - 1, in: &flight.context.packet.bytes, at: offset)
      IPv6Header.setDestination(next, in: &flight.context.packet.bytes, at: 0)
      flight.context.refresh()
      if let before { observer.record(.changedByHost(from: before, to: flight.context.packet), of: identity) }
      let route = configuration.ipv6InputRoute(
        flight.context.header, mark: flight.context.packet.mark, on: input)
      flight.route = route
      // A group is received by the interface, not by loopback.
      guard route.isLocal, route.type != .multicast else {
        return .ended(routedIPv6(&flight, route, on: input, observer: &observer))
      }
      guard flight.context.header.ttl > 1 else {
        queueIPv6Error(about: flight, .timeExceeded, code: 0)
        return .ended(.discarded(.ttl))
      }
      flight.context.setTTL(flight.context.header.ttl - 1)
    }
  }
}
