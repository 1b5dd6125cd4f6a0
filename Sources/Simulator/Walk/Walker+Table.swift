// The one evaluator: walks a packet through a compiled table (kernel: `ipt_do_table`).

import NetfilterModel

/// What walking a table came to.
struct TableOutcome {
  var verdict: HookVerdict
  /// The compiled rule that decided.
  var rule: Int
  /// A condition asked for an immediate drop.
  var isHotDrop = false
  /// What the sender is told.
  var rejectedWith: RejectKind?
}

extension Walker {
  /// Walks the built-in chain of `hook`. Header first, then matches as written, then the target, as the kernel does.
  mutating func run<Observer: WalkObserver>(
    _ program: TableProgram, _ flight: inout Flight, at hook: Hook, observer: inout Observer
  ) -> TableOutcome {
    let entry = program.entries[Int(hook.rawValue)]
    let nothing = TableOutcome(verdict: .accept, rule: 0)
    guard entry >= 0 else { return nothing }
    let policy = program.policies[Int(hook.rawValue)]
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: FieldVector.count) { slots in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: max(1, program.depth)) { stack in
        program.rules.withUnsafeBufferPointer { rules in
          program.rest.withUnsafeBufferPointer { rest in
            program.lists.withUnsafeBufferPointer { lists in
              guard let slots = slots.baseAddress, let stack = stack.baseAddress, let rules = rules.baseAddress,
                let rest = rest.baseAddress, let lists = lists.baseAddress
              else { return nothing }
              let form = ProgramForm(rules: rules, rest: rest, lists: lists, slots: slots, stack: stack)
              return run(program, form, &flight, from: entry, policy: policy, at: hook, observer: &observer)
            }
          }
        }
      }
    }
  }

  private mutating func run<Observer: WalkObserver>(
    _ program: TableProgram, _ form: ProgramForm, _ flight: inout Flight, from entry: Int, policy: Int, at hook: Hook,
    observer: inout Observer
  ) -> TableOutcome {
    var guards = FieldVector.fill(form.slots, flight.context, program, state.connections)
    var index = entry
    var callers = 0
    // The first rule that is too much, if the walk goes on from rule to rule: a jump moves it, so that no rule is counted.
    var limit = entry &+ rulesLeft
    defer { rulesLeft = max(0, limit &- index &- 1) }
    while true {
      let isCold: Bool
      if Observer.wantsMisses {
        // One rule at a time, as each that does not match is told.
        switch form.result(of: index, guards) {
        case .holds: isCold = false
        case .cold: isCold = true
        case .fails:
          let question = RuleQuestion(rule: index)
          tellMiss(program, question, flight.context, &observer)
          index &+= 1
          continue
        }
      } else {
        (index, isCold) = form.firstNotFailing(from: index, guards)
      }
      if _slowPath(index >= limit) { return tooLong(program, index, limit: limit) }
      let rule = form.rules + index
      if isCold {
        var question = RuleQuestion(rule: index)
        if Observer.wantsMisses, rule.pointee.keepsState { question.before = memory(of: program) }
        let result = slowResult(program, form, guards, flight.context, &question)
        switch result {
        case .holds: break
        case .unknown:
          return TableOutcome(verdict: .unknown(whyUnknown(program, question)), rule: index)
        case .fails, .drops:
          if Observer.wantsMisses { tellMiss(program, question, flight.context, &observer) }
          if result == .drops { return TableOutcome(verdict: .drop, rule: index, isHotDrop: true) }
          index &+= 1
          continue
        }
      }
      count(program, index, length: flight.context.length)
      if Observer.wantsEvents {
        observer.record(
          .ruleHit(
            program.place(index), flight.context.packet, hook: hook, input: flight.context.input,
            output: flight.context.output), of: identity)
      }
      switch rule.pointee.action {
      case .next: index &+= 1
      case .accept: return TableOutcome(verdict: .accept, rule: index)
      case .drop: return TableOutcome(verdict: .drop, rule: index)
      case .queue: return TableOutcome(verdict: .queue(0), rule: index)
      case .return:
        var next = policy
        if callers > 0 {
          callers &-= 1
          next = Int(form.stack[callers]) &+ 1
        }
        limit &+= next &- index &- 1
        index = next
      case .jump:
        // Never, as jumps nest no deeper than `depth` (kernel: the verdict when the jump stack is full).
        guard callers < program.depth else { return TableOutcome(verdict: .drop, rule: index) }
        form.stack[callers] = Int32(truncatingIfNeeded: index)
        callers &+= 1
        fallthrough
      case .goto:
        let next = Int(rule.pointee.operand)
        limit &+= next &- index &- 1
        index = next
      case .target:
        // A target may walk a packet of its own, whose rules count, too.
        rulesLeft = max(0, limit &- index &- 1)
        if let outcome = act(program, rule.pointee.operand, index, &flight, observer: &observer) { return outcome }
        limit = index &+ 1 &+ rulesLeft
        guards = FieldVector.fill(form.slots, flight.context, program, state.connections)
        index &+= 1
      }
    }
  }

  /// The end of a walk that visited too many rules. `index` is where it stands, `limit` the first rule that was too much: in
  /// front of `index` in the same chain, or there.
  private func tooLong(_ program: TableProgram, _ index: Int, limit: Int) -> TableOutcome {
    let start = program.starts[program.origins[index].chain]
    let rule = min(index, max(start, limit))
    let reason =
      "the walk is too long: more than \(configuration.limits.rules) rules, the last in chain `\(program.place(rule).chain)`"
    return TableOutcome(verdict: .unknown(reason), rule: rule)
  }

  /// Tells why a rule did not match, while the observer has room for it.
  private func tellMiss<Observer: WalkObserver>(
    _ program: TableProgram, _ question: RuleQuestion, _ packet: borrowing PacketContext, _ observer: inout Observer
  ) {
    if observer.hasRoomForMisses {
      observer.record(.ruleMissed(program.place(question.rule), miss(program, question, packet)), of: identity)
    } else {
      observer.omitMiss()
    }
  }

  @inline(__always)
  private mutating func count(_ program: TableProgram, _ index: Int, length: Int) {
    let kind = Int(program.kind.rawValue)
    if program.family == .ipv4 {
      state.tables.ipv4[kind].counters[index].count(length: length)
    } else {
      state.tables.ipv6[kind].counters[index].count(length: length)
    }
  }

  /// Performs a target; the outcome where it ends the table, nil where the packet goes on.
  private mutating func act<Observer: WalkObserver>(
    _ program: TableProgram, _ operand: UInt32, _ index: Int, _ flight: inout Flight, observer: inout Observer
  ) -> TableOutcome? {
    let before = Observer.wantsEvents ? flight.context.packet : nil
    var outcome: TableOutcome?
    let effects = program.effects[Int(operand)]
    for effect in effects {
      if Observer.wantsEvents, case .log(let record) = effect {
        observer.record(.logged(record, program.place(index)), of: identity)
      }
      if Observer.wantsEvents, case .outside(let what) = effect {
        observer.record(.outside(what, program.place(index)), of: identity)
      }
      switch perform(effect, &flight, observer: &observer) {
      case .goesOn: continue
      case .accepts: outcome = TableOutcome(verdict: .accept, rule: index)
      case .drops: outcome = TableOutcome(verdict: .drop, rule: index)
      case .rejects(let kind): outcome = TableOutcome(verdict: .drop, rule: index, rejectedWith: kind)
      case .queues(let number): outcome = TableOutcome(verdict: .queue(number), rule: index)
      case .unknown(let reason): outcome = TableOutcome(verdict: .unknown(reason), rule: index)
      }
      break
    }
    if let before, before != flight.context.packet {
      observer.record(.packetChanged(from: before, to: flight.context.packet), of: identity)
    }
    return outcome
  }
}
