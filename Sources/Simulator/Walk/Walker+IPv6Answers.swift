// The host's own answers in IPv6 on their way (kernel: `icmp6_send`, `nf_send_reset6`).

import NetfilterModel

extension Walker {
  /// The hop limit of packets that leave on an interface (kernel: `ip6_dst_hoplimit`).
  private func hopLimit(on device: InterfaceName) -> UInt8 {
    UInt8(clamping: configuration.sysctls.ipv6(.hopLimit, device))
  }

  private func replyMarkIPv6(_ packet: Packet) -> UInt32 {
    configuration.sysctls.ipv6(.markReflect) != 0 ? packet.mark : 0
  }

  /// Queues an ICMPv6 error about a packet; nothing when the kernel sends none (kernel: `icmp6_send`).
  ///
  /// `device` is the interface that the packet is at: the one that it came in on unless another is named.
  mutating func queueIPv6Error(
    about flight: Flight, _ type: ICMPv6Type, code: UInt8, info: UInt32 = 0, device: InterfaceName? = nil
  ) {
    let context = flight.context
    let header = context.header
    guard !outbox.isSendingICMP,
      ICMPv6Answers.mayAnswer(context.packet, header, type: type, code: code, info: info)
    else { return }
    let input = flight.isForwarded ? flight.arrival : context.input
    let device = device ?? (input.isNone ? .loopback : input)
    let mark = replyMarkIPv6(context.packet)
    var key = FlowKey(destination: header.source, source: .any(.ipv6), mark: mark)
    if header.source.isLinkLocal {
      key.only =
        device == .loopback ? configuration.ipv6Owner(of: header.destination, mark: context.packet.mark) : device
    }
    if configuration.answersFor(header.destination, on: device) {
      key.source = header.destination
    } else if !input.isNone, let source = configuration.ipv6Source(towards: header.source, on: input) {
      key.source = source
    }
    guard let route = try? configuration.ipv6OutputRoute(key), route.type != .anycast else { return }
    let limit = state.icmpLimiter.allowsIPv6(
      type, to: header.source, now: state.now, isAtLoopback: device == .loopback,
      leavesByLoopback: route.device == .loopback, prefixLength: route.prefixLength,
      interval: UInt64(clamping: min(configuration.sysctls.ipv6(.rateLimit), 1_000_000)) * 1_000_000)
    if limit.isByChance {
      outbox.unknownAnswers.append("whether the kernel's limit lets this ICMPv6 error out is a matter of chance")
    }
    guard limit.isAllowed else { return }
    let bytes = ICMPv6Answers.error(
      type, code: code, info: info, about: context.packet.bytes, source: route.source, destination: header.source,
      hopLimit: hopLimit(on: route.device))
    if let answer = answerFlight(.packet(bytes), route: route, mark: mark, attachedTo: context) { post(answer) }
  }

  /// REJECT's answer (kernel: `nf_send_unreach6`, `nf_send_reset6`).
  mutating func rejectIPv6(_ flight: Flight, with kind: RejectKind) {
    let bytes = flight.context.packet.bytes
    let isTrusted = flight.context.packet.hasPartialChecksum || flight.context.hasVerifiedChecksum
    switch kind {
    case .unreachable(let code):
      guard IPv6RejectAnswers.sendsUnreachable(bytes, isChecksumTrusted: isTrusted) else { return }
      queueIPv6Error(about: flight, .destinationUnreachable, code: code)
    case .tcpReset:
      let context = flight.context
      guard context.header.source.isIPv6Unicast, context.header.destination.isIPv6Unicast else { return }
      let mark = replyMarkIPv6(context.packet)
      let key = FlowKey(destination: context.header.source, source: context.header.destination, mark: mark)
      guard let route = try? configuration.ipv6OutputRoute(key),
        let reset = IPv6RejectAnswers.reset(
          for: bytes, isChecksumTrusted: context.hasVerifiedChecksum && context.hook == .input,
          hopLimit: hopLimit(on: route.device)),
        let answer = answerFlight(.packet(reset), route: route, mark: mark, attachedTo: context, fillsAddresses: false)
      else { return }
      var reply = answer
      reply.context.packet.owner = .none
      if let connection = context.connection {
        state.connections.setClosing(connection, configuration.conntrack, now: state.now)
      }
      post(reply)
    }
  }

  /// The rest of local delivery: extension headers, then the stack's answer, with every port closed (kernel:
  /// `ip6_protocol_deliver_rcu`).
  mutating func finishDeliveryIPv6<Observer: WalkObserver>(
    _ flight: inout Flight, on input: InterfaceName, observer: inout Observer
  ) -> Disposition {
    var place = IPv6HeaderPlace.first(in: flight.context.packet.bytes)
    if place.protocolNumber == .ipv6HopByHop { place.advance(flight.context.packet.bytes) }
    while true {
      let bytes = flight.context.packet.bytes
      switch place.protocolNumber {
      case .ipv6Fragment:
        // A packet that was put together is no fragment again (kernel: `IP6SKB_FRAGMENTED`).
        if flight.origin != nil {
          queueIPv6Error(
            about: flight, .parameterProblem, code: ICMPv6ParameterProblem.headerField, info: UInt32(IPv6Header.length))
          return .discarded(.fragment)
        }
        switch state.fragments[flight.context.header.family].add(
          flight.context.packet, on: input, for: .localDelivery, now: state.now)
        {
        case .queued: return .held
        case .dropped, .passed: return .discarded(.fragment)
        case .complete(let packet, _, let origin):
          flight.context.packet = packet
          flight.origin = origin
          flight.context.pieces = origin.lengths
          flight.context.refresh()
          if Observer.wantsEvents { observer.record(.reassembled(packet), of: identity) }
          place = IPv6HeaderPlace.first(in: packet.bytes)
          if place.protocolNumber == .ipv6HopByHop { place.advance(packet.bytes) }
          continue
        }
      case .ipv6DestinationOptions:
        let limits = IPv6OptionLimits(configuration.sysctls)
        switch IPv6OptionParser.parse(
          bytes, at: place.offset, isHopByHop: false, maximumCount: limits.destinationCount,
          maximumLength: limits.destinationLength)
        {
        case .fine: break
        case .dropped: return .discarded(.ipOptions)
        case .problem(let code, let pointer):
          queueIPv6Error(about: flight, .parameterProblem, code: code, info: UInt32(pointer))
          return .discarded(.ipOptions)
        }
      case .ipv6Routing:
        guard bytes.count - place.offset >= 8 else { return .discarded(.ipOptions) }
        let left = IPv6RoutingHeader.segmentsLeft(in: bytes, at: place.offset)
        if left != 0 {
          // No interface takes part in a source route unless it is told to (`accept_source_route`, `seg6_enabled`).
          let type = IPv6RoutingHeader.type(in: bytes, at: place.offset)
          if type != 2, type != 3, type != 4 {
            queueIPv6Error(
              about: flight, .parameterProblem, code: ICMPv6ParameterProblem.headerField,
              info: UInt32(place.offset + 2))
          }
          return .discarded(.ipOptions)
        }
      case .ipv6NoNextHeader: return .discarded(.ipOptions)
      default:
        if Observer.wantsEvents { observer.record(.delivered(flight.context.packet), of: identity) }
        answerLocallyIPv6(flight, place, on: input)
        return .delivered
      }
      guard place.offset + place.length(in: bytes) <= bytes.count
      else { return .discarded(.malformed) }
      place.advance(bytes)
    }
  }

  /// What the stack answers to the transport header at `place`.
  private mutating func answerLocallyIPv6(_ flight: Flight, _ place: IPv6HeaderPlace, on input: InterfaceName) {
    var context = flight.context
    context.input = input
    var subject = flight
    subject.context.input = input
    let isForUs = flight.route?.type == .local || flight.route?.type == nil
    switch place.protocolNumber {
    case .udp, .udplite:
      guard !context.header.destination.isMulticast,
        let datagram = IPv6StackAnswers.undeliverable(context.packet.bytes, context.header, place)
      else { return }
      subject.context.connection = nil
      subject.context.state = .none
      subject.context.packet.bytes = datagram
      queueIPv6Error(about: subject, .destinationUnreachable, code: 4)
    case .tcp:
      guard isForUs, context.packet.type == .host || context.packet.type == .loopback else { return }
      let key = FlowKey(
        destination: context.header.source, source: context.header.destination, mark: replyMarkIPv6(context.packet))
      guard let route = try? configuration.ipv6OutputRoute(key),
        let reset = IPv6StackAnswers.closedPort(
          context.packet.bytes, context.header, place, source: route.source, hopLimit: hopLimit(on: route.device)),
        var answer = answerFlight(.packet(reset), route: route, mark: key.mark, attachedTo: nil)
      else { return }
      answer.context.packet.owner = .none
      answer.context.packet.setPartialChecksum()
      post(answer)
    case .icmpv6: answerICMPv6(context, place, isForUs: isForUs, on: input)
    // PIM has a receiver; AH and ESP have none while no IPsec is set up.
    case ProtocolNumber(103): return
    default:
      queueIPv6Error(
        about: subject, .parameterProblem, code: ICMPv6ParameterProblem.unknownNextHeader,
        info: UInt32(IPv6StackAnswers.numberOffset(of: place, in: context.packet.bytes)))
    }
  }

  private mutating func answerICMPv6(
    _ context: PacketContext, _ place: IPv6HeaderPlace, isForUs: Bool, on input: InterfaceName
  ) {
    let bytes = context.packet.bytes
    guard bytes.count - place.offset >= ICMPMessage.headerLength,
      IPv6StackAnswers.isChecksumValid(bytes, context.header, place, .icmpv6)
    else { return }
    switch ICMPv6Message.type(in: bytes, at: place.offset) {
    case .echoRequest:
      let sysctls = configuration.sysctls
      if sysctls.ipv6(.echoIgnoreAll) != 0 { return }
      if context.header.destination.isMulticast, sysctls.ipv6(.echoIgnoreMulticast) != 0 { return }
      var key = FlowKey(
        destination: context.header.source, source: isForUs ? context.header.destination : .any(.ipv6),
        mark: replyMarkIPv6(context.packet))
      if HostConfiguration.needsInterface(key.destination) || !isForUs { key.only = input }
      guard let route = try? configuration.ipv6OutputRoute(key) else { return }
      var message = Array(bytes[place.offset...])
      ICMPMessage.setType(ICMPType(ICMPv6Type.echoReply.rawValue), in: &message, at: 0)
      ICMPMessage.setChecksum(0, in: &message, at: 0)
      let reply = ICMPv6Answers.packet(
        message, source: route.source, destination: key.destination, hopLimit: hopLimit(on: route.device),
        trafficClass: context.header.tos)
      if let answer = answerFlight(.packet(reply), route: route, mark: key.mark, attachedTo: nil) { post(answer) }
    default: return
    }
  }

  /// Puts another prefix in place of one (kernel: `ip6t_snpt_tg`, `ip6t_dnpt_tg`).
  mutating func translatePrefix(_ translation: PrefixTranslation, _ flight: inout Flight) -> EffectResult {
    let header = flight.context.header
    let isSource = translation.manipulation == .source
    guard let new = translation.applied(to: isSource ? header.source : header.destination) else {
      queueIPv6Error(
        about: flight, .parameterProblem, code: ICMPv6ParameterProblem.headerField,
        info: UInt32(isSource ? IPv6Header.sourceOffset : IPv6Header.destinationOffset))
      return .drops
    }
    if isSource {
      IPv6Header.setSource(new, in: &flight.context.packet.bytes, at: 0)
    } else {
      IPv6Header.setDestination(new, in: &flight.context.packet.bytes, at: 0)
    }
    flight.context.refresh()
    translateQuoted(translation, &flight.context.packet.bytes)
    return .goesOn
  }

  /// The other end of the packet that an ICMPv6 error quotes, if it has the prefix (kernel: `icmpv6_bounced_ipv6hdr`).
  private func translateQuoted(_ translation: PrefixTranslation, _ bytes: inout [UInt8]) {
    guard IPv6Header.nextHeader(in: bytes, at: 0) == .icmpv6,
      (1...4).contains(ICMPv6Message.type(in: bytes, at: IPv6Header.length).rawValue)
    else { return }
    let start = IPv6Header.length + ICMPMessage.headerLength
    guard bytes.count >= start + IPv6Header.length else { return }
    let isSource = translation.manipulation == .source
    let old = isSource ? IPv6Header.destination(in: bytes, at: start) : IPv6Header.source(in: bytes, at: start)
    guard let old, translation.from.contains(old), let new = translation.applied(to: old) else { return }
    if isSource {
      IPv6Header.setDestination(new, in: &bytes, at: start)
    } else {
      IPv6Header.setSource(new, in: &bytes, at: start)
    }
  }
}
