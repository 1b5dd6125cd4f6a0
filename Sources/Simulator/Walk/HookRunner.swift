// Runs one hook: every row of the hook table in its order (kernel: `nf_hook_slow`).

import NetfilterModel

extension Host {
  /// The rows of each hook that do something, by the hook's number.
  static func rows(isLoaded: (TableKind) -> Bool) -> [[HookRow]] {
    Hook.allCases.map { hook in
      HookOrder.rows(at: hook).filter { row in
        switch row.function {
        case .table(let kind): isLoaded(kind)
        case .conntrackHelper: false
        case .defragment, .conntrack, .conntrackConfirm: true
        }
      }
    }
  }

  /// Runs a hook on a packet; `output` and `input` stay as they are for all its rows, as in the kernel's `nf_hook_state`.
  func run<Observer: WalkObserver>(
    _ hook: Hook, _ flight: inout Flight, input: InterfaceName, output: InterfaceName, observer: inout Observer
  ) -> HookOutcome {
    flight.context.hook = hook
    flight.context.input = input
    flight.context.output = output
    current = PacketAtHook(
      route: flight.route, options: flight.options, hasVerifiedChecksum: flight.hasVerifiedChecksum)
    if Observer.wantsEvents { observer.record(.hookEntered(hook, input: input, output: output)) }
    for row in hookRows[Int(hook.rawValue)] {
      let outcome: HookOutcome
      switch row.function {
      case .defragment: outcome = defragment(&flight, observer: &observer)
      case .conntrack: outcome = track(&flight, observer: &observer)
      case .conntrackHelper: outcome = .accept
      case .conntrackConfirm: outcome = confirm(&flight, observer: &observer)
      case .table(.nat): outcome = translate(&flight, at: hook, observer: &observer)
      case .table(.mangle) where hook == .output: outcome = mangleOutput(&flight, observer: &observer)
      case .table(let kind): outcome = walk(kind, &flight.context, at: hook, observer: &observer)
      }
      if case .ended = outcome { return outcome }
    }
    return .accept
  }

  /// Walks one table's built-in chain, if the table is loaded.
  func walk<Observer: WalkObserver>(
    _ kind: TableKind, _ context: inout PacketContext, at hook: Hook, observer: inout Observer
  ) -> HookOutcome {
    guard let program = program(kind, context.header.family) else { return .accept }
    context.table = kind
    if Observer.wantsEvents { observer.record(.tableEntered(kind, hook)) }
    let outcome = program.run(&context, at: hook, host: self, observer: &observer)
    if Observer.wantsEvents { observer.record(.tableLeft(kind, hook, outcome.verdict)) }
    let rejectedWith = requests.rejectedWith
    if requests.isWaiting {
      pending.append(contentsOf: requests.answers)
      requests.logs = []
      requests.rejectedWith = nil
      requests.answers = []
    }
    switch outcome.verdict {
    case .accept: return .accept
    case .drop:
      if outcome.isHotDrop { return .ended(.discarded(.hotDrop)) }
      let place = program.place(outcome.rule)
      if let kind = rejectedWith { return .ended(.rejected(by: place, with: kind)) }
      return .ended(.dropped(by: place))
    case .queue(let number): return .ended(.queued(number, by: program.place(outcome.rule)))
    case .unknown(let reason): return .ended(.unknown(at: program.place(outcome.rule), reason: reason))
    case .stolen: return .ended(.held)
    }
  }

  /// The mangle table at OUTPUT, after which a changed packet is routed again (kernel: `ipt_mangle_out`).
  private func mangleOutput<Observer: WalkObserver>(
    _ flight: inout Flight, observer: inout Observer
  ) -> HookOutcome {
    let before = flight.context.header
    let mark = flight.context.packet.mark
    let outcome = walk(.mangle, &flight.context, at: .output, observer: &observer)
    guard case .accept = outcome else { return outcome }
    let after = flight.context.header
    if before.source != after.source || before.destination != after.destination || mark != flight.context.packet.mark
      || before.tos != after.tos
    {
      return reroute(&flight, observer: &observer)
    }
    return .accept
  }

  /// Everything at a nat hook (kernel: `nf_nat_inet_fn` and the IPv4 wrappers around it).
  private func translate<Observer: WalkObserver>(
    _ flight: inout Flight, at hook: Hook, observer: inout Observer
  ) -> HookOutcome {
    guard program(.nat, flight.context.header.family) != nil, flight.context.connection != nil else { return .accept }
    // Kept only for those who ask: while it is, changing the packet copies its bytes.
    let before = Observer.wantsEvents ? flight.context.packet : nil
    var ended: HookOutcome?
    let outcome = nat.process(&flight.context, now: now, random: { self.random32() }) { context in
      let walked = self.walk(.nat, &context, at: hook, observer: &observer)
      guard case .ended(let disposition) = walked else { return .accept }
      ended = walked
      if case .unknown(_, let reason) = disposition { return .unknown(reason) }
      return .drop
    }
    if let ended { return ended }
    if outcome.isByChance || requests.isByChance {
      requests.isByChance = false
      if Observer.wantsEvents { observer.record(.chosenByChance) }
    }
    switch outcome.result {
    case .accept, .next: break
    case .unknown(let reason): return .ended(.unknown(at: nil, reason: reason))
    case .drop, .queue: return .ended(.discarded(.nat))
    }
    if let before, before.bytes != flight.context.packet.bytes {
      let manipulation: NATManipulation = hook == .prerouting || hook == .output ? .destination : .source
      observer.record(.translated(manipulation, from: before, to: flight.context.packet))
    }
    if outcome.destinationChanged { flight.route = nil }
    if outcome.reroutes { return reroute(&flight, observer: &observer) }
    return .accept
  }

  private func track<Observer: WalkObserver>(_ flight: inout Flight, observer: inout Observer) -> HookOutcome {
    guard connections.isEnabled else { return .accept }
    let verdict = connections.track(&flight.context)
    if connections.hasVerifiedChecksum { flight.hasVerifiedChecksum = true }
    if Observer.wantsEvents {
      observer.record(.tracked(flight.context.state, flight.context.connection.map(ConnectionSnapshot.init)))
    }
    return verdict == .accept ? .accept : .ended(.discarded(.conntrack))
  }

  private func confirm<Observer: WalkObserver>(_ flight: inout Flight, observer: inout Observer) -> HookOutcome {
    guard connections.isEnabled else { return .accept }
    let isNew = flight.context.connection.map { !$0.status.contains(.confirmed) } ?? false
    let verdict = connections.confirm(&flight.context)
    if Observer.wantsEvents, isNew, let connection = flight.context.connection, connection.status.contains(.confirmed) {
      observer.record(.confirmed(ConnectionSnapshot(connection)))
    }
    return verdict == .accept ? .accept : .ended(.discarded(.conntrack))
  }

  /// Gathers fragments before anything else sees them, but not those that came back through loopback as untracked (kernel:
  /// `ipv4_conntrack_defrag`).
  private func defragment<Observer: WalkObserver>(_ flight: inout Flight, observer: inout Observer) -> HookOutcome {
    guard connections.isEnabled, flight.context.header.isFragment, flight.context.state != .untracked else {
      return .accept
    }
    let user = flight.context.hook == .prerouting ? DefragmentationUser.trackingInput : .trackingOutput
    return reassemble(&flight, user: user, observer: &observer)
  }

  /// Gives a fragment to the reassembly; the packet goes on when it is complete (kernel: `ip_defrag`).
  func reassemble<Observer: WalkObserver>(
    _ flight: inout Flight, user: DefragmentationUser, observer: inout Observer
  ) -> HookOutcome {
    switch defragmenter.add(flight.context.packet, on: flight.context.input, for: user, now: now) {
    case .queued: return .ended(.held)
    case .dropped: return .ended(.discarded(.fragment))
    case .complete(let packet, _, let origin):
      flight.context.packet = packet
      flight.origin = origin
      flight.context.pieces = origin.lengths
      flight.context.refresh()
      if Observer.wantsEvents { observer.record(.reassembled(packet)) }
      return .accept
    }
  }

  /// Routes a packet of the host again after a table changed it.
  private func reroute<Observer: WalkObserver>(_ flight: inout Flight, observer: inout Observer) -> HookOutcome {
    do {
      flight.route = try routeHarder(flight.context.header, mark: flight.context.packet.mark)
      current.route = flight.route
    } catch {
      return .ended(.discarded(cause(of: error)))
    }
    if Observer.wantsEvents, let route = flight.route {
      observer.record(.routed(.output(output: route.device, gateway: route.gateway)))
    }
    return .accept
  }
}
