// The host's own answers on their way: ICMP errors, REJECT's resets, and what the stack says. Their bytes are built
// elsewhere; here they get a route and wait until the packet that they answer is done.

import NetfilterModel

extension Walker {
  /// The mark of an answer (kernel: `IP4_REPLY_MARK`).
  private func replyMark(_ packet: Packet) -> UInt32 {
    configuration.sysctls[.markReflect] != 0 ? packet.mark : 0
  }

  private var ttl: UInt8 { UInt8(clamping: configuration.sysctls[.defaultTTL]) }

  /// An ICMP error about a packet, ready for OUTPUT; nil when the kernel sends none (kernel: `__icmp_send`).
  ///
  /// `route` is the packet's own route; `bytes` stands for the packet's when only a part of it counts;
  /// `options` are what the host knows of its options, which the error repeats.
  mutating func icmpError(
    about context: PacketContext, type: ICMPType, code: ICMPCode, info: UInt32, route own: EgressRoute?,
    bytes: [UInt8]? = nil, options: IPOptions = IPOptions()
  ) -> Flight? {
    guard !outbox.isSendingICMP, let own, ICMPAnswers.mayAnswer(context.packet, type: type, routeType: own.type) else {
      return nil
    }
    let header = context.header
    guard let echo = EchoedOptions(bytes ?? context.packet.bytes, options, isUnicast: configuration.isUnicast) else {
      return nil
    }
    let target = echo.firstHop ?? header.source
    let mark = replyMark(context.packet)
    // What came back through loopback without being addressed to the host is answered by no address.
    if own.isLocal, !header.destination.isZero, configuration.localType(of: header.destination) != .local {
      return nil
    }
    var fixed = own.isLocal ? header.destination : IPAddress.any(header.family)
    if !own.isLocal, !context.input.isNone, configuration.sysctls[.errorsUseInboundAddress] != 0,
      let address = configuration.selectAddress(on: context.input, towards: header.source, family: header.family)
    {
      fixed = address
    }
    guard
      let route = try? configuration.outputRoute(
        FlowKey(destination: target, source: fixed, mark: mark, tos: TOSByte.ofError(about: header.tos)))
    else { return nil }
    let limit = state.icmpLimiter.allows(
      type: type, code: code, to: target, now: state.now, camesFromLoopback: context.input == .loopback,
      leavesByLoopback: route.device == .loopback,
      mask: UInt32(truncatingIfNeeded: configuration.sysctls[.rateMask]),
      interval: UInt64(clamping: min(configuration.sysctls[.rateLimit], 1_000_000)) * 1_000_000)
    if limit.isByChance {
      outbox.unknownAnswers.append("whether the kernel's limit lets this ICMP error out is a matter of chance")
    }
    guard limit.isAllowed else { return nil }
    let answer = ICMPAnswers.error(
      type: type, code: code, information: info, about: bytes ?? context.packet.bytes, source: route.source,
      mtu: route.mtu, ttl: ttl, echo: echo, timeOfDay: timeOfDay)
    return answerFlight(answer, route: route, mark: mark, attachedTo: context, options: echo.options)
  }

  /// Queues an ICMP error about a packet whose own route is `route`; nothing when the kernel sends none.
  mutating func queueError(
    about flight: Flight, type: ICMPType, code: ICMPCode, info: UInt32 = 0, route: EgressRoute
  ) {
    if let answer = icmpError(
      about: flight.context, type: type, code: code, info: info, route: route, options: flight.options)
    {
      post(answer)
    }
  }

  /// REJECT's answer; it leaves when the rejected packet is done (kernel: `nf_send_unreach`, `nf_send_reset`).
  mutating func reject<Observer: WalkObserver>(
    _ flight: Flight, with kind: RejectKind, observer: inout Observer
  ) {
    if flight.context.header.family == .ipv6 { return rejectIPv6(flight, with: kind) }
    switch kind {
    case .tcpReset: answerReset(flight)
    case .unreachable(let code): answerUnreachable(flight, code: code)
    }
  }

  /// REJECT's ICMP error (kernel: `nf_send_unreach`).
  private mutating func answerUnreachable(_ rejected: Flight, code: UInt8) {
    let packet = rejected.context
    guard
      RejectAnswers.sendsUnreachable(
        packet.packet.bytes, isChecksumTrusted: packet.packet.hasPartialChecksum || packet.hasVerifiedChecksum)
    else { return }
    if let flight = icmpError(
      about: packet, type: .destinationUnreachable, code: ICMPCode(code), info: 0, route: rejected.route,
      options: rejected.options)
    {
      post(flight)
    }
  }

  /// REJECT's reset (kernel: `nf_send_reset`).
  private mutating func answerReset(_ rejected: Flight) {
    guard let own = rejected.route else { return }
    let packet = rejected.context
    // What tracking found right counts in INPUT alone: forwarding forgets it (kernel: `skb_forward_csum`).
    let answer = TCPAnswers.reset(
      for: packet.packet.bytes, routeType: own.type,
      isChecksumTrusted: packet.hasVerifiedChecksum && packet.hook == .input, ttl: ttl)
    guard case .packet(let bytes) = answer, let header = IPHeader(bytes) else { return }
    let mark = replyMark(packet.packet)
    guard
      let route = try? configuration.routeHarder(header, mark: mark),
      var flight = answerFlight(answer, route: route, mark: mark, attachedTo: packet, fillsAddresses: false)
    else { return }
    flight.context.packet.owner = .none
    flight.context.packet.setPartialChecksum()
    if let connection = packet.connection {
      state.connections.setClosing(connection, configuration.conntrack, now: state.now)
    }
    post(flight)
  }

  /// What the host's own stack answers to a delivered packet, with every port closed (kernel: `ip_local_deliver_finish`).
  mutating func answerLocally(_ delivered: Flight) {
    let context = delivered.context
    if configuration.sysctls[.echoIgnoreAll] != 0, context.header.protocolNumber == .icmp,
      ICMPMessage.type(in: context.packet.bytes, at: context.transportOffset) == .echoRequest
    {
      return
    }
    let routeType = delivered.route?.type ?? .local
    guard let echo = EchoedOptions(context.packet.bytes, delivered.options, isUnicast: configuration.isUnicast) else {
      return
    }
    let answer = StackAnswers.answer(
      to: context.packet, routeType: routeType, timeOfDay: timeOfDay, ttl: ttl, echo: echo,
      broadcastSource: routeType == .local ? nil : broadcastSource(for: context))
    switch answer {
    case .none: return
    case .icmpError(let type, let code, let bytes):
      var subject = context
      // UDP lets go of the connection before it looks for a socket (kernel: `udp_rcv`, `nf_reset_ct`).
      if context.header.protocolNumber == .udp || context.header.protocolNumber == .udplite {
        subject.connection = nil
        subject.state = .none
      }
      if let flight = icmpError(
        about: subject, type: type, code: code, info: 0, route: delivered.route, bytes: bytes,
        options: delivered.options)
      {
        post(flight)
      }
    case .packet(let bytes):
      guard let header = IPHeader(bytes) else { return }
      let mark = replyMark(context.packet)
      guard
        let route = try? configuration.outputRoute(
          FlowKey(destination: header.destination, source: header.source, mark: mark, tos: header.tos)),
        let flight = answerFlight(answer, route: route, mark: mark, attachedTo: nil, options: echo.options)
      else { return }
      post(flight)
    case .unknown(let reason): outbox.unknownAnswers.append(reason)
    }
  }

  /// The address that answers a query to a broadcast or multicast address: the one that the host uses towards the sender;
  /// nil when the host ignores such queries (kernel: `icmp_rcv`, `fib_compute_spec_dst`).
  private func broadcastSource(for packet: PacketContext) -> IPAddress? {
    guard configuration.sysctls[.echoIgnoreBroadcasts] == 0, packet.header.family == .ipv4 else {
      return nil
    }
    let key = FlowKey(destination: packet.header.source, source: .v4(0), mark: 0, tos: packet.header.tos)
    return (try? configuration.outputRoute(key))?.source
  }

  /// A packet of the host's own, with the connection of the packet that it answers (kernel: `nf_ct_attach`).
  mutating func answerFlight(
    _ answer: HostAnswer, route: EgressRoute, mark: UInt32, attachedTo original: PacketContext?,
    options: IPOptions = IPOptions(), fillsAddresses: Bool = true
  ) -> Flight? {
    if case .unknown(let reason) = answer { outbox.unknownAnswers.append(reason) }
    guard case .packet(var bytes) = answer, var header = IPHeader(bytes) else { return nil }
    // Nobody's address stands for the host itself (kernel: `ip_route_output_key_hash_rcu`).
    if fillsAddresses, header.family == .ipv4, header.source.isZero || header.destination.isZero {
      if header.source.isZero { IPv4Header.setSource(route.source, in: &bytes, at: 0) }
      if header.destination.isZero { IPv4Header.setDestination(route.source, in: &bytes, at: 0) }
      IPv4Header.updateChecksum(of: &bytes, length: header.transportOffset)
      header = IPHeader(bytes) ?? header
    }
    var packet = Packet(bytes: bytes)
    packet.mark = mark
    packet.owner = .kernel
    var flight = flight(packet, header, reason: .answer, input: .none)
    flight.route = route
    flight.options = options
    if let original {
      flight.context.isAttachedToNothing = original.state == .untracked
      (flight.context.connection, flight.context.state) = ConnectionTable.attachment(of: original)
    }
    return flight
  }
}
