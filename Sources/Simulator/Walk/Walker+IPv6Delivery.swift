// What the host does with an IPv6 packet that is for it: header after header, until one has a receiver (kernel:
// `ip6_protocol_deliver_rcu`).

import NetfilterModel

/// How far the receiver of a packet has come.
struct IPv6DeliveryPlace {
  /// Where the number of the next header is written (kernel: `IP6CB(skb)->nhoff`).
  var numberOffset = IPv6Header.nextHeaderOffset(at: 0)
  /// Where the next header begins (kernel: `skb_transport_header`).
  var offset = IPv6Header.length
  /// A fragment header was removed or passed already; another is an error (kernel: `IP6SKB_FRAGMENTED`).
  var isFragmented = false

  /// The place behind the hop-by-hop options, which were read before.
  ///
  /// What tracking put together begins behind the headers that its fragments repeated, but the number is still read in front of them:
  /// the kernel takes the payload for the first of those headers (kernel: `nf_ct_frag6_reasm`).
  init(_ bytes: [UInt8], origin: FragmentOrigin?) {
    if IPv6Header.nextHeader(in: bytes, at: 0) == .ipv6HopByHop {
      offset = IPv6Header.length + IPv6OptionsHeader.length(in: bytes, at: IPv6Header.length)
      numberOffset = IPv6OptionsHeader.nextHeaderOffset(at: IPv6Header.length)
    }
    if let origin {
      offset = origin.payloadOffset
      isFragmented = true
    }
  }

  /// Goes past a header of `length` bytes.
  mutating func pass(_ length: Int) {
    numberOffset = IPv6OptionsHeader.nextHeaderOffset(at: offset)
    offset += length
  }
}

extension Walker {
  /// The rest of local delivery: extension headers, then the stack's answer, with every port closed.
  mutating func finishDeliveryIPv6<Observer: WalkObserver>(
    _ flight: inout Flight, on input: InterfaceName, observer: inout Observer
  ) -> Disposition {
    var place = IPv6DeliveryPlace(flight.context.packet.bytes, origin: flight.origin)
    while true {
      let bytes = flight.context.packet.bytes
      guard place.offset <= bytes.count else { return .discarded(.malformed) }
      let length: Int
      switch IPv6Header.number(in: bytes, at: place.numberOffset) {
      case .ipv6Fragment:
        guard let end = receiveFragment(&flight, &place, on: input, observer: &observer) else { continue }
        return end
      case .ipv6DestinationOptions:
        let limits = configuration.sysctls.ipv6OptionLimits
        switch IPv6OptionParser.parse(
          bytes, at: place.offset, isHopByHop: false, maximumCount: limits.destinationCount,
          maximumLength: limits.destinationLength)
        {
        case .fine: length = IPv6OptionsHeader.length(in: bytes, at: place.offset)
        case .dropped: return .discarded(.ipOptions)
        case .problem(let code, let pointer):
          queueIPv6Error(about: flight, .parameterProblem, code: code, info: UInt32(truncatingIfNeeded: pointer))
          return .discarded(.ipOptions)
        }
      case .ipv6Routing:
        guard let passed = receiveRoutingHeader(flight, at: place.offset) else { return .discarded(.ipOptions) }
        length = passed
      case .ipv6NoNextHeader: return .discarded(.ipOptions)
      default:
        if Observer.wantsEvents { observer.record(.delivered(flight.context.packet), of: identity) }
        answerLocallyIPv6(flight, place, on: input)
        return .delivered
      }
      place.pass(length)
    }
  }

  /// The length in bytes of a routing header that leads no further; nil where the packet ends (kernel: `ipv6_rthdr_rcv`).
  private mutating func receiveRoutingHeader(_ flight: Flight, at offset: Int) -> Int? {
    let bytes = flight.context.packet.bytes
    guard bytes.count - offset >= IPv6RoutingHeader.minimumLength else { return nil }
    let length = IPv6OptionsHeader.length(in: bytes, at: offset)
    guard bytes.count - offset >= length, !flight.context.header.destination.isMulticast,
      flight.context.packet.type == .host || flight.context.packet.type == .loopback
    else { return nil }
    let type = IPv6RoutingHeader.type(in: bytes, at: offset)
    // No interface takes part in a source route unless it is told to (`rpl_seg_enabled`, `seg6_enabled`).
    if type == IPv6RoutingHeader.rpl || type == IPv6RoutingHeader.segmentRouting { return nil }
    if IPv6RoutingHeader.segmentsLeft(in: bytes, at: offset) == 0 { return length }
    queueIPv6Error(
      about: flight, .parameterProblem, code: ICMPv6ParameterProblem.headerField,
      info: UInt32(truncatingIfNeeded: IPv6RoutingHeader.typeOffset(at: offset)))
    return nil
  }

  /// A fragment that no tracking gathered; nil when the packet goes on (kernel: `ipv6_frag_rcv`).
  private mutating func receiveFragment<Observer: WalkObserver>(
    _ flight: inout Flight, _ place: inout IPv6DeliveryPlace, on input: InterfaceName, observer: inout Observer
  ) -> Disposition? {
    let bytes = flight.context.packet.bytes
    func problem(_ code: UInt8, at pointer: Int, _ walker: inout Walker) -> Disposition {
      walker.queueIPv6Error(about: flight, .parameterProblem, code: code, info: UInt32(truncatingIfNeeded: pointer))
      return .discarded(.fragment)
    }
    guard !place.isFragmented, IPv6Header.payloadLength(in: bytes, at: 0) != 0,
      bytes.count - place.offset >= IPv6FragmentHeader.length
    else { return problem(ICMPv6ParameterProblem.headerField, at: place.offset, &self) }
    let fragmentation = IPv6FragmentHeader.fragmentation(in: bytes, at: place.offset)
    if fragmentation.offset == 0, !fragmentation.moreFragments {
      // It is whole.
      place.pass(IPv6FragmentHeader.length)
      place.isFragmented = true
      flight.wasFragment = true
      return nil
    }
    if Defragmenter.isCutOff(bytes, at: place.offset) {
      return problem(ICMPv6ParameterProblem.incompleteHeaders, at: 0, &self)
    }
    switch state.fragments[.ipv6].add(
      flight.context.packet, on: input, for: .localDelivery, now: state.now)
    {
    case .queued: return .held
    case .dropped, .passed: return .discarded(.fragment)
    case .problem(let pointer): return problem(ICMPv6ParameterProblem.headerField, at: pointer, &self)
    case .complete(let packet, _, let origin):
      flight.context.packet = packet
      flight.origin = origin
      flight.context.pieces = origin.lengths
      flight.context.refresh()
      if Observer.wantsEvents { observer.record(.reassembled(packet), of: identity) }
      place.offset = origin.payloadOffset
      place.numberOffset = origin.numberOffset
      place.isFragmented = true
      return nil
    }
  }
}
