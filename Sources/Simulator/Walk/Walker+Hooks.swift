// Runs one hook: every row of the hook table in its order (kernel: `nf_hook_slow`).

import NetfilterModel

extension Walker {
  /// Runs a hook on a packet; `output` and `input` stay as they are for all its rows, as in the kernel's `nf_hook_state`.
  mutating func run<Observer: WalkObserver>(
    _ hook: Hook, _ flight: inout Flight, input: InterfaceName, output: InterfaceName, observer: inout Observer
  ) -> HookOutcome {
    flight.context.hook = hook
    flight.context.input = input
    flight.context.output = output
    if Observer.wantsEvents { observer.record(.hookEntered(hook, input: input, output: output), of: identity) }
    let rows = configuration.hookRows[Int(hook.rawValue)]
    for row in rows {
      let outcome: HookOutcome
      switch row.function {
      case .defragment: outcome = defragment(&flight, observer: &observer)
      case .conntrack: outcome = track(&flight, observer: &observer)
      case .conntrackHelper: outcome = .accept
      case .conntrackConfirm: outcome = confirm(&flight, observer: &observer)
      case .table(.nat): outcome = translate(&flight, at: hook, observer: &observer)
      case .table(.mangle) where hook == .output: outcome = mangleOutput(&flight, observer: &observer)
      case .table(let kind): outcome = walk(kind, &flight, at: hook, observer: &observer)
      }
      if !outbox.urgent.isEmpty, flight.reason == .sent { receiveUrgent(&observer) }
      if case .ended = outcome { return outcome }
    }
    return .accept
  }

  /// Walks one table's built-in chain, if the table is loaded.
  mutating func walk<Observer: WalkObserver>(
    _ kind: TableKind, _ flight: inout Flight, at hook: Hook, observer: inout Observer
  ) -> HookOutcome {
    guard let program = configuration.program(kind, flight.context.header.family) else { return .accept }
    flight.context.table = kind
    if Observer.wantsEvents { observer.record(.tableEntered(kind, hook), of: identity) }
    let outcome = run(program, &flight, at: hook, observer: &observer)
    if Observer.wantsEvents { observer.record(.tableLeft(kind, hook, outcome.verdict), of: identity) }
    switch outcome.verdict {
    case .accept: return .accept
    case .drop:
      if outcome.isHotDrop { return .ended(.discarded(.hotDrop)) }
      let place = program.place(outcome.rule)
      if let kind = outcome.rejectedWith { return .ended(.rejected(by: place, with: kind)) }
      return .ended(.dropped(by: place))
    case .queue(let number): return .ended(.queued(number, by: program.place(outcome.rule)))
    case .unknown(let reason): return .ended(.unknown(at: program.place(outcome.rule), reason: reason))
    case .stolen: return .ended(.held)
    }
  }

  /// The mangle table at OUTPUT, after which a changed packet is routed again (kernel: `ipt_mangle_out`).
  private mutating func mangleOutput<Observer: WalkObserver>(
    _ flight: inout Flight, observer: inout Observer
  ) -> HookOutcome {
    let before = flight.context.header
    let mark = flight.context.packet.mark
    let label = IPv6Header.flowLabel(in: flight.context.packet.bytes, at: 0)
    let outcome = walk(.mangle, &flight, at: .output, observer: &observer)
    guard case .accept = outcome else { return outcome }
    let after = flight.context.header
    if before.source != after.source || before.destination != after.destination || mark != flight.context.packet.mark
      || before.tos != after.tos
      || after.family == .ipv6
        && (before.ttl != after.ttl || label != IPv6Header.flowLabel(in: flight.context.packet.bytes, at: 0))
    {
      return reroute(&flight, observer: &observer)
    }
    return .accept
  }

  /// Everything at a nat hook (kernel: `nf_nat_inet_fn` and the IPv4 wrappers around it).
  private mutating func translate<Observer: WalkObserver>(
    _ flight: inout Flight, at hook: Hook, observer: inout Observer
  ) -> HookOutcome {
    guard let id = flight.context.connection, configuration.program(.nat, flight.context.header.family) != nil else {
      return .accept
    }
    var isICMPError = false
    switch flight.context.state {
    case .untracked, .none: return .accept
    case .related, .relatedReply: isICMPError = NATCore.isError(flight.context)
    default: break
    }
    // Kept only for those who ask: while it is, changing the packet copies its bytes.
    var before = Observer.wantsEvents ? flight.context.packet : nil
    let manipulation = NATCore.manipulation(at: hook)
    if !isICMPError {
      let isFirst = flight.context.state == .new || flight.context.state.isRelated
      if isFirst, !NATCore.isSetUp(state.connections.with(id) { $0.status }, manipulation) {
        let walked = walk(.nat, &flight, at: hook, observer: &observer)
        if case .ended = walked { return walked }
        if Observer.wantsEvents { before = flight.context.packet }
        if !NATCore.isSetUp(state.connections.with(id) { $0.status }, manipulation) {
          let bound = state.bindUnchanged(id, at: hook)
          if bound.isByChance, Observer.wantsEvents { observer.record(.chosenByChance, of: identity) }
          if !bound.isAccepted { return .ended(.discarded(.nat)) }
        }
      } else if NATCore.hasMovedInterface(
        flight.context, from: state.connections.with(id) { $0.masqueradeInterface })
      {
        state.connections.remove(id)
        return .ended(.discarded(.nat))
      }
    }
    let destination = flight.context.header.destination
    let verdict =
      isICMPError
      ? NATCore.translateError(&flight.context, state.connections[id])
      : NATCore.translate(&flight.context, of: id, in: state.connections)
    guard verdict == .accept else { return .ended(.discarded(.nat)) }
    if let before, before.bytes != flight.context.packet.bytes {
      observer.record(.translated(manipulation, from: before, to: flight.context.packet), of: identity)
    }
    switch hook {
    case .prerouting: if flight.context.header.destination != destination { flight.route = nil }
    case .output:
      let direction = flight.context.state.direction
      let isTurned =
        state.connections[id].tuple(direction).destination
        != state.connections[id].tuple(direction.opposite).source
      if isTurned { return reroute(&flight, observer: &observer) }
    default: break
    }
    return .accept
  }

  private mutating func track<Observer: WalkObserver>(_ flight: inout Flight, observer: inout Observer) -> HookOutcome {
    guard configuration.isTracking[flight.context.header.family] else { return .accept }
    var shortage: TableShortage?
    let verdict = state.connections.track(&flight.context, configuration.conntrack, now: state.now, &shortage)
    if Observer.wantsEvents, let shortage {
      for connection in shortage.evicted { observer.record(.evicted(connection), of: identity) }
      if shortage.evicted.isEmpty { observer.record(.tableFull(isByChance: shortage.isByChance), of: identity) }
    }
    if Observer.wantsEvents, verdict == .accept {
      observer.record(
        .tracked(flight.context.state, flight.context.connection.map { state.connections[$0] }), of: identity)
    }
    return verdict == .accept ? .accept : .ended(.discarded(.conntrack))
  }

  private mutating func confirm<Observer: WalkObserver>(
    _ flight: inout Flight, observer: inout Observer
  ) -> HookOutcome {
    guard configuration.isTracking[flight.context.header.family] else { return .accept }
    let isNew =
      flight.context.connection.map { !state.connections.with($0) { $0.status.contains(.confirmed) } } ?? false
    let verdict = state.connections.confirm(&flight.context, now: state.now)
    if Observer.wantsEvents, isNew, let id = flight.context.connection,
      state.connections[id].status.contains(.confirmed)
    {
      observer.record(.confirmed(state.connections[id]), of: identity)
    }
    return verdict == .accept ? .accept : .ended(.discarded(.conntrack))
  }

  /// Gathers fragments before anything else sees them, but not those that came back through loopback as untracked (kernel:
  /// `ipv4_conntrack_defrag`).
  private mutating func defragment<Observer: WalkObserver>(
    _ flight: inout Flight, observer: inout Observer
  ) -> HookOutcome {
    let header = flight.context.header
    guard configuration.isTracking[header.family] || configuration.isReassembling[header.family],
      header.isFragment || header.hasFragmentHeader || !header.isProtocolKnown,
      flight.context.state != .untracked
    else { return .accept }
    // Nor those that have a connection already (kernel: `ipv6_defrag`).
    if header.family == .ipv6, flight.context.connection != nil { return .accept }
    let user = flight.context.hook == .prerouting ? DefragmentationUser.trackingInput : .trackingOutput
    return reassemble(&flight, user: user, observer: &observer)
  }

  /// Gives a fragment to the reassembly; the packet goes on when it is complete (kernel: `ip_defrag`).
  mutating func reassemble<Observer: WalkObserver>(
    _ flight: inout Flight, user: DefragmentationUser, observer: inout Observer
  ) -> HookOutcome {
    switch state.fragments[flight.context.header.family].add(
      flight.context.packet, on: flight.context.input, for: user, now: state.now)
    {
    case .queued: return .ended(.held)
    case .dropped, .problem: return .ended(.discarded(.fragment))
    case .passed: return .accept
    case .complete(let packet, _, let origin):
      flight.context.packet = packet
      flight.origin = origin
      flight.context.pieces = origin.lengths
      flight.context.refresh()
      if Observer.wantsEvents { observer.record(.reassembled(packet), of: identity) }
      return .accept
    }
  }

  /// Routes a packet of the host again after a table changed it.
  private mutating func reroute<Observer: WalkObserver>(
    _ flight: inout Flight, observer: inout Observer
  ) -> HookOutcome {
    do throws(RouteError) {
      flight.route =
        flight.context.header.family == .ipv6
        ? try configuration.ipv6RouteHarder(
          flight.context.header, mark: flight.context.packet.mark, on: flight.context.output)
        : try configuration.routeHarder(flight.context.header, mark: flight.context.packet.mark)
    } catch {
      return .ended(.discarded(configuration.cause(of: error)))
    }
    if Observer.wantsEvents, let route = flight.route {
      observer.record(.routed(.output(output: route.device, gateway: route.gateway)), of: identity)
    }
    return .accept
  }
}
