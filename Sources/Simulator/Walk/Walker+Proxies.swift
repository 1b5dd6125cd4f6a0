// Targets that hand packets to someone else: a proxy on the host, another host that gets a copy, a server that is hidden.

import NetfilterModel

extension Walker {
  /// Hands a packet to a transparent proxy (kernel: `tproxy_tg4`, `tproxy_tg6_v1`).
  func handOver(_ proxy: TransparentProxy, _ flight: inout Flight) -> EffectResult {
    if flight.context.transportLength < UDPHeader.length || state.memory.facts.hasNoSockets { return .drops }
    let place = proxy.address.isZero ? "port \(proxy.port)" : "\(proxy.address) port \(proxy.port)"
    return .unknown(
      proxy.port == 0
        ? "whether a transparent proxy listens at the packet's own port is not known"
        : "whether a transparent proxy listens at \(place) is not known")
  }

  /// Sends a copy of a packet before the packet itself goes on (kernel: `nf_dup_ipv4`, `nf_dup_ipv6`). A copy causes no
  /// further copies on its way out.
  mutating func sendCopy<Observer: WalkObserver>(
    _ duplicate: PacketDuplicate, of flight: Flight, observer: inout Observer
  ) {
    guard !outbox.isDuplicating else { return }
    let header = flight.context.header
    var copy = flight
    copy.context.packet.owner = .none
    copy.context.connection = nil
    copy.context.state = .untracked
    copy.context.template = nil
    copy.context.isAttachedToNothing = false
    // The fragments that the packet was put together from are shared with it, and then it is cut anew (kernel:
    // `ip_do_fragment`, `ip6_fragment`: `skb_shared`).
    copy.context.pieces = []
    if header.family == .ipv4 {
      let fragmentation = IPv4Header.fragmentation(in: copy.context.packet.bytes, at: 0)
      IPv4Header.setFragmentation(
        IPv4Fragmentation(rawValue: fragmentation.rawValue | 0x4000), in: &copy.context.packet.bytes, at: 0)
    }
    if flight.context.hook == .prerouting || flight.context.hook == .input { copy.context.setTTL(header.ttl &- 1) }
    if header.family == .ipv4 {
      IPv4Header.updateChecksum(of: &copy.context.packet.bytes, length: header.transportOffset)
    }
    copy.context.refresh()
    let output = configuration.interfaceIndex(duplicate.interface) == nil ? InterfaceName.none : duplicate.interface
    guard let route = copyRoute(to: duplicate.gateway, over: output, tos: header.tos) else { return }
    copy.route = route
    copy.reason = .duplicate
    copy.isForwarded = false
    copy.hasDevice = true
    copy.arrival = route.device
    let outer = identity
    identity = PacketIdentity(number: packets, parent: outer.number)
    packets += 1
    if Observer.wantsEvents {
      observer.record(.packetStarts(copy.context.packet, input: .none, reason: .duplicate), of: identity)
    }
    outbox.isDuplicating = true
    outbox.isFromProcess = flight.reason == .sent
    let end = sent(&copy, observer: &observer)
    self.end(end, observer: &observer)
    while var answer = outbox.takeAnswer() { walkConsequence(&answer, observer: &observer) }
    outbox.isDuplicating = false
    identity = outer
  }

  /// The route of a copy; without one IPv4 takes a host to be on the link of the interface that the rule names (kernel:
  /// `ip_route_output_key_hash_rcu`).
  private func copyRoute(to gateway: IPAddress, over output: InterfaceName, tos: UInt8) -> EgressRoute? {
    var key = FlowKey(destination: gateway, source: .any(gateway.family), output: output, tos: tos)
    if gateway.family == .ipv6 {
      key.only = output
      return try? configuration.ipv6OutputRoute(key)
    }
    if let route = try? configuration.outputRoute(key) { return route }
    if output == .none { return nil }
    return EgressRoute(
      kind: .output, device: output, gateway: nil, mtu: configuration.mtu(of: output), source: .any(.ipv4),
      type: .unicast, isLocal: output == .loopback)
  }

  /// Takes the packets of a handshake (kernel: `synproxy_tg4`, `synproxy_tg6`): what is answered depends on a cookie that
  /// is made with a secret of the kernel.
  mutating func answerHandshake(_ flight: borrowing Flight) -> EffectResult {
    let packet = flight.context.packet
    let (bytes, start) = (packet.bytes, flight.context.transportOffset)
    guard flight.context.hasRightTCPChecksum, bytes.count &- start >= TCPHeader.minimumLength else { return .drops }
    let length = TCPHeader.length(in: bytes, at: start)
    guard length >= TCPHeader.minimumLength, bytes.count &- start >= length else { return .drops }
    let flags = TCPHeader.flags(in: bytes, at: start).intersection([.syn, .ack, .fin, .rst])
    if flags == .syn {
      outbox.unknownAnswers.append(
        "SYNPROXY answers with SYN and ACK, whose sequence number is made with a secret of the kernel")
      return .drops
    }
    if flags == .ack {
      outbox.unknownAnswers.append(
        "SYNPROXY opens the connection to the server if the acknowledged number is its own, which is not known")
      return .drops
    }
    return .goesOn
  }
}

extension PacketContext {
  /// Whether the checksum of a TCP segment is right, or was found right, or is still to be computed (kernel:
  /// `nf_ip_checksum`, `nf_ip6_checksum`).
  fileprivate var hasRightTCPChecksum: Bool {
    packet.hasPartialChecksum || hasVerifiedChecksum || AnswersHeader.isChecksumValid(packet.bytes, header)
  }
}
