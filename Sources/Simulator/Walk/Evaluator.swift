// The one evaluator: walks a packet through a compiled table (kernel: `ipt_do_table`).

import NetfilterModel

/// What walking a table came to.
struct TableOutcome {
  var verdict: HookVerdict
  /// The compiled rule that decided.
  var rule: Int
  /// A match asked for an immediate drop.
  var isHotDrop = false
}

extension TableProgram {
  /// The place of a compiled rule.
  func place(_ rule: Int) -> RulePlace {
    let origin = origins[rule]
    return RulePlace(
      table: kind, chain: table.chains[Int(origin.chain)].name, kind: origin.kind, number: Int(origin.rule) + 1)
  }

  /// The first header condition that fails, in the kernel's order (kernel: `ip_packet_match`), or nil.
  @inline(__always)
  func failedHeader(_ rule: UnsafeMutablePointer<CompiledRule>, _ packet: borrowing PacketContext) -> FailedCondition? {
    let flags = rule.pointee.flags
    if rule.pointee.source.differs(packet.header.source) != flags.contains(.invertSource) { return .source }
    if rule.pointee.destination.differs(packet.header.destination) != flags.contains(.invertDestination) {
      return .destination
    }
    if rule.pointee.input != 0,
      patterns[Int(rule.pointee.input)].matches(packet.input) == flags.contains(.invertInput)
    {
      return .input
    }
    if rule.pointee.output != 0,
      patterns[Int(rule.pointee.output)].matches(packet.output) == flags.contains(.invertOutput)
    {
      return .output
    }
    if rule.pointee.protocolNumber != 0,
      (rule.pointee.protocolNumber == packet.header.protocolNumber.rawValue) == flags.contains(.invertProtocol)
    {
      return .protocolNumber
    }
    if flags.contains(.fragment), (packet.header.fragmentOffset == 0) != flags.contains(.invertFragment) {
      return .fragment
    }
    return nil
  }

  /// Walks the built-in chain of `hook`. Header first, then matches as written, then the target, as the kernel does.
  func run<Observer: WalkObserver>(
    _ packet: inout PacketContext, at hook: Hook, host: Host, observer: inout Observer
  ) -> TableOutcome {
    let policy = policies[Int(hook.rawValue)]
    var index = entries[Int(hook.rawValue)]
    guard index >= 0 else { return TableOutcome(verdict: .accept, rule: 0) }
    var callers = 0
    packet.hotDrop = false
    while true {
      let rule = rules + index
      if let failed = failedHeader(rule, packet) {
        if Observer.wantsMisses { observer.record(.ruleMissed(place(index), failed)) }
        index += 1
        continue
      }
      var position = Int(rule.pointee.firstMatch)
      let end = position + Int(rule.pointee.matchCount)
      var result = MatchResult.yes
      while position < end {
        result = matches[position]._withUnsafeGuaranteedRef { $0.matches(&packet, &states[position]) }
        if result == .unknown {
          if let failing = laterMatchThatFails(index, position, &packet) {
            position = failing
            result = .no
          } else if let answer = host.undecided.answer(for: match(index, position)) {
            result = MatchResult(answer)
          }
        }
        if result != .yes { break }
        position += 1
      }
      if result == .no {
        if Observer.wantsMisses {
          observer.record(.ruleMissed(place(index), .match(position - Int(rule.pointee.firstMatch))))
        }
        if packet.hotDrop { return TableOutcome(verdict: .drop, rule: index, isHotDrop: true) }
        index += 1
        continue
      }
      if result == .unknown {
        return TableOutcome(verdict: .unknown(undecided(match(index, position))), rule: index)
      }
      counters[index].count(length: packet.length)
      if Observer.wantsEvents {
        observer.record(
          .ruleHit(place(index), packet.packet, hook: hook, input: packet.input, output: packet.output))
      }
      switch rule.pointee.action {
      case .next: index += 1
      case .accept: return TableOutcome(verdict: .accept, rule: index)
      case .drop: return TableOutcome(verdict: .drop, rule: index)
      case .queue: return TableOutcome(verdict: .queue(0), rule: index)
      case .return:
        if callers > 0 {
          callers -= 1
          index = stack[callers] + 1
        } else {
          index = policy
        }
      case .jump:
        // Never, as jumps nest no deeper than `depth` (kernel: the verdict when the jump stack is full).
        guard callers < depth else { return TableOutcome(verdict: .drop, rule: index) }
        stack[callers] = index
        callers += 1
        index = Int(rule.pointee.operand)
      case .goto: index = Int(rule.pointee.operand)
      case .target:
        let before = Observer.wantsEvents ? packet.packet : nil
        let outcome = targets[Int(rule.pointee.operand)].apply(&packet)
        if let before {
          if before != packet.packet { observer.record(.packetChanged(from: before, to: packet.packet)) }
          for record in host.requests.logs { observer.record(.logged(record, place(index))) }
          host.requests.logs = []
        }
        switch outcome {
        case .next: index += 1
        case .accept: return TableOutcome(verdict: .accept, rule: index)
        case .drop: return TableOutcome(verdict: .drop, rule: index)
        case .queue(let number): return TableOutcome(verdict: .queue(number), rule: index)
        case .unknown(let reason): return TableOutcome(verdict: .unknown(reason), rule: index)
        }
        if packet.hotDrop { return TableOutcome(verdict: .drop, rule: index, isHotDrop: true) }
      }
    }
  }

  /// A match of the rule behind an undecided one that fails whatever that one says, so that the rule does not match; nil when there is
  /// none among those that look at nothing but the packet, and so can be asked out of turn.
  private func laterMatchThatFails(_ rule: Int, _ position: Int, _ packet: inout PacketContext) -> Int? {
    let end = Int(rules[rule].firstMatch) + Int(rules[rule].matchCount)
    for later in (position + 1)..<end where match(rule, later).spec?.readsPacketAlone == true {
      let result = matches[later]._withUnsafeGuaranteedRef { $0.matches(&packet, &states[later]) }
      let wantsDrop = packet.hotDrop
      packet.hotDrop = false
      if result == .no, !wantsDrop { return later }
    }
    return nil
  }

  /// A compiled rule's match as it was written, by its place among all.
  private func match(_ rule: Int, _ position: Int) -> Match {
    let origin = origins[rule]
    return table.chains[Int(origin.chain)].rules[Int(origin.rule)].matches[position - Int(rules[rule].firstMatch)]
  }

  /// Why a match could not be decided.
  private func undecided(_ match: Match) -> String {
    if case .unknown(let value) = match { return "match `\(value.name)` is not known here" }
    return "match `\(match.spec?.name ?? "?")` depends on something outside the input"
  }
}
