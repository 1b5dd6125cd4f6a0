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
    if header.source.isLinkLocal { key.only = receiver(of: context, at: device) }
    if !header.destination.isMulticast, configuration.answersFor(header.destination, on: device) {
      key.source = header.destination
    } else if let own = try? configuration.lookup(key), own.preferredSource.map({ !$0.isZero }) ?? false {
      // The route's own choice (kernel: `icmpv6_rt_has_prefsrc`).
    } else if !input.isNone,
      let source = configuration.ipv6Source(towards: header.source, on: receiver(of: context, at: input))
    {
      key.source = source
    }
    guard let route = try? configuration.ipv6OutputRoute(key),
      allowsICMPv6(type, to: header.source, by: route, at: device),
      !route.isAnycast || configuration.sysctls.ipv6(.errorAnycastAsUnicast) != 0
    else { return }
    let bytes = ICMPv6Answers.error(
      type, code: code, info: info, about: context.packet.bytes, source: route.source, destination: header.source,
      hopLimit: hopLimit(on: route.device))
    if let answer = answerFlight(.packet(bytes), route: route, mark: mark, attachedTo: context) { post(answer) }
  }

  /// Whether the limits let an ICMPv6 message out, about a packet at `device`; both buckets pay for it.
  private mutating func allowsICMPv6(
    _ type: ICMPv6Type, to peer: IPAddress, by route: EgressRoute, at device: InterfaceName
  ) -> Bool {
    let limit = state.icmpLimiter.allowsIPv6(
      type, to: peer, now: state.now, isAtLoopback: device == .loopback,
      leavesByLoopback: route.device == .loopback, mask: configuration.sysctls.icmpv6RateMask,
      interval: UInt64(clamping: min(configuration.sysctls.ipv6(.rateLimit), 1_000_000)) * 1_000_000)
    if limit.isByChance {
      outbox.unknownAnswers.append("whether the kernel's limit lets this ICMPv6 message out is a matter of chance")
    }
    return limit.isAllowed
  }

  /// The interface that counts as the one on which a packet came in: at loopback the one that has its destination (kernel:
  /// `icmp6_dev`).
  private func receiver(of packet: PacketContext, at device: InterfaceName) -> InterfaceName {
    device == .loopback
      ? configuration.ipv6Owner(of: packet.header.destination, mark: packet.packet.mark) : device
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

  /// What the stack answers to the transport header at `delivered`.
  mutating func answerLocallyIPv6(_ flight: Flight, _ delivered: IPv6DeliveryPlace, on input: InterfaceName) {
    var context = flight.context
    context.input = input
    var subject = flight
    subject.context.input = input
    let isForUs = flight.route?.type == .local || flight.route?.type == nil
    let place = IPv6HeaderPlace(
      protocolNumber: IPv6Header.number(in: context.packet.bytes, at: delivered.numberOffset), offset: delivered.offset)
    switch place.protocolNumber {
    case .udp, .udplite:
      guard !context.header.destination.isMulticast,
        let datagram = IPv6StackAnswers.undeliverable(context, place)
      else { return }
      subject.context.connection = nil
      subject.context.state = .none
      subject.context.packet.bytes = datagram
      queueIPv6Error(about: subject, .destinationUnreachable, code: 4)
    case .tcp:
      guard isForUs, context.packet.type == .host || context.packet.type == .loopback else { return }
      var key = FlowKey(
        destination: context.header.source, source: context.header.destination, mark: replyMarkIPv6(context.packet))
      if HostConfiguration.needsInterface(key.destination) { key.only = receiver(of: context, at: input) }
      guard let route = try? configuration.ipv6OutputRoute(key),
        let reset = IPv6StackAnswers.closedPort(
          context, place, source: route.source, hopLimit: hopLimit(on: route.device)),
        var answer = answerFlight(.packet(reset), route: route, mark: key.mark, attachedTo: nil)
      else { return }
      answer.context.packet.owner = .none
      // Computed before the route gave nobody's address another (kernel: `tcp_v6_send_response`).
      answer.context.packet.setPartialChecksum(source: key.source)
      post(answer)
    case .icmpv6: answerICMPv6(subject, place, isForUs: isForUs, on: input)
    // PIM has a receiver, and 255 is what raw sockets are opened with; AH and ESP have none while no IPsec is set up.
    case ProtocolNumber(103), ProtocolNumber(255): return
    default:
      queueIPv6Error(
        about: subject, .parameterProblem, code: ICMPv6ParameterProblem.unknownNextHeader,
        info: UInt32(truncatingIfNeeded: delivered.numberOffset))
    }
  }

  private mutating func answerICMPv6(
    _ flight: Flight, _ place: IPv6HeaderPlace, isForUs: Bool, on input: InterfaceName
  ) {
    let context = flight.context
    let bytes = context.packet.bytes
    guard bytes.count - place.offset >= ICMPMessage.headerLength,
      context.checksumStanding == .right || IPv6StackAnswers.isChecksumValid(bytes, context.header, place, .icmpv6)
    else { return }
    switch ICMPv6Message.type(in: bytes, at: place.offset) {
    case .neighbourSolicitation, .neighbourAdvertisement, .routerSolicitation, .routerAdvertisement:
      receiveDiscovery(flight, at: place.offset, on: input)
    case .echoRequest:
      guard configuration.stack == .answers else { return }
      let sysctls = configuration.sysctls
      if sysctls.ipv6(.echoIgnoreAll) != 0 { return }
      if context.header.destination.isMulticast, sysctls.ipv6(.echoIgnoreMulticast) != 0 { return }
      let isAnycast = flight.route?.isAnycast ?? false
      if isAnycast, sysctls.ipv6(.echoIgnoreAnycast) != 0 { return }
      let keepsAddress = isForUs || isAnycast && sysctls.ipv6(.anycastAnswers) != 0
      var key = FlowKey(
        destination: context.header.source, source: keepsAddress ? context.header.destination : .any(.ipv6),
        mark: replyMarkIPv6(context.packet))
      key.output = receiver(of: context, at: input)
      if HostConfiguration.needsInterface(key.destination) || key.source.isZero {
        key.only = key.destination.isLoopback ? input : key.output
      }
      guard let route = try? configuration.ipv6OutputRoute(key),
        allowsICMPv6(.echoReply, to: key.destination, by: route, at: input)
      else { return }
      var message = Array(bytes[place.offset...])
      ICMPMessage.setType(ICMPType(ICMPv6Type.echoReply.rawValue), in: &message, at: 0)
      ICMPMessage.setChecksum(0, in: &message, at: 0)
      let reply = ICMPv6Answers.packet(
        message, source: route.source, destination: key.destination, hopLimit: hopLimit(on: route.device),
        trafficClass: context.header.tos)
      if var answer = answerFlight(.packet(reply), route: route, mark: key.mark, attachedTo: nil) {
        answer.mayBeCut = true
        post(answer)
      }
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
