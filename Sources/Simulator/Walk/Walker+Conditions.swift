// Conditions that need more than a uniform test: functions, fields of the host, headers that are cut off; and why a rule
// did not match.

import NetfilterModel

/// What the conditions of a rule may have changed, as it was before they were asked.
struct MemoryBefore {
  var memory: HostMemory
  var states: [MatchState]
}

/// A rule whose conditions are asked.
struct RuleQuestion {
  /// The compiled rule.
  var rule: Int
  /// What it may have changed; nil where it keeps no state, or nobody asks.
  var before: MemoryBefore?
  /// Conditions that nothing here can decide, and what was answered for them.
  var settled: [Int: Bool] = [:]
  /// The condition that stays undecided.
  var undecided = 0
}

extension Walker {
  /// A copy of what the conditions of a table may change.
  func memory(of program: TableProgram) -> MemoryBefore {
    MemoryBefore(
      memory: state.memory, states: state.tables[program.family][Int(program.kind.rawValue)].states)
  }

  /// Asks the conditions of a rule one after the other (kernel: `ip_packet_match`, `xt_match.match`).
  mutating func slowResult(
    _ program: TableProgram, _ form: ProgramForm, _ guards: UInt16, _ packet: borrowing PacketContext,
    _ question: inout RuleQuestion
  ) -> ConditionResult {
    let rule = form.rules[question.rule]
    var record = rule.head
    var next = Int(rule.rest)
    let end = next + Int(rule.restCount)
    while true {
      switch withUnsafePointer(to: &record, { form.result($0, guards) }) {
      case .fails: return .fails
      case .holds: break
      case .cold:
        let result =
          record.guards & guards != 0
          ? demanded(program, question.rule, packet) : ask(record, program, packet, &question)
        if result != .holds { return result }
      }
      if next == end { return .holds }
      record = form.rest[next]
      next += 1
    }
  }

  /// What a rule says of a packet that has not the header that it needs: the first condition before the matches, or
  /// demand of a match, that is not met decides.
  private func demanded(_ program: TableProgram, _ rule: Int, _ packet: borrowing PacketContext) -> ConditionResult {
    for condition in program.source(of: rule)?.conditions ?? [] where condition.option.isEmpty {
      if case .header = condition.origin {
        if packet.header.isProtocolKnown { continue }
        let result = condition.result(value(of: condition.field, packet))
        if result != .holds { return result }
        continue
      }
      switch condition.field {
      case .fragmentOffset, .transportLength:
        let result = condition.result(packet.value(of: condition.field, connection: nil, now: 0))
        if result != .holds { return result }
      default: continue
      }
    }
    return .fails
  }

  private mutating func ask(
    _ record: ConditionRecord, _ program: TableProgram, _ packet: borrowing PacketContext,
    _ question: inout RuleQuestion
  ) -> ConditionResult {
    if record.kind == .whole {
      let whole = program.wholes[Int(record.reference)]
      return whole.condition.result(value(of: whole.condition.field, packet))
    }
    let opaque = program.opaques[Int(record.reference)]
    let kind = Int(program.kind.rawValue)
    var own = state.tables[program.family][kind].states[opaque.state]
    let result = opaque.test.result(packet, &own, &state.memory, &state.connections)
    state.tables[program.family][kind].states[opaque.state] = own
    return result == .unknown ? settle(opaque.condition, program, packet, &question) : result
  }

  /// The value of a field of the packet that walks.
  func value(of field: Field, _ packet: borrowing PacketContext) -> FieldValue {
    let connection = field.isOfConnection ? packet.connection.map { state.connections[$0] } : nil
    return configuration.value(of: field, packet, connection: connection, now: state.now)
  }

  /// What is to be said of a condition that nothing here can decide: the rule does not match when a later condition fails that
  /// can be asked out of turn; otherwise what is assumed, or what the walk was told to answer.
  private mutating func settle(
    _ place: Int, _ program: TableProgram, _ packet: borrowing PacketContext, _ question: inout RuleQuestion
  ) -> ConditionResult {
    guard let rule = program.source(of: question.rule) else { return .unknown }
    let conditions = rule.conditions
    later: for condition in conditions[(place + 1)...] {
      if case .opaque(let test) = condition.test {
        if test.keepsState || test.mayBeUnknown { break later }
        var own = MatchState()
        var memory = state.memory
        switch test.evaluate(packet, &own, &memory) {
        case .fails: return .fails
        case .drops: break later
        case .holds, .unknown: continue
        }
      }
      switch condition.result(value(of: condition.field, packet)) {
      case .fails: return .fails
      case .drops: break later
      case .holds, .unknown: continue
      }
    }
    var answer: Bool?
    if case .match(let match) = conditions[place].origin, rule.matches.indices.contains(match) {
      answer = configuration.assumptions.answer(for: rule.matches[match])
    }
    guard let answer = answer ?? chosen.next() else {
      if chosen.openMatch == nil, case .match(let match) = conditions[place].origin,
        rule.matches.indices.contains(match)
      {
        chosen.openMatch = rule.matches[match].text
      }
      question.undecided = place
      return .unknown
    }
    question.settled[place] = answer
    return ConditionResult(answer)
  }

  /// Why a condition could not be decided.
  func whyUnknown(_ program: TableProgram, _ question: RuleQuestion) -> String {
    guard let rule = program.source(of: question.rule), rule.conditions.indices.contains(question.undecided),
      case .match(let place) = rule.conditions[question.undecided].origin, rule.matches.indices.contains(place)
    else { return "a condition cannot be decided" }
    let match = rule.matches[place]
    return match.kind == nil
      ? "match `\(match.name)` is not known here" : "match `\(match.name)` depends on something outside the input"
  }

  /// Every condition of a rule that does not hold, with what the packet has there, as the rule saw it; asking changes nothing.
  func miss(_ program: TableProgram, _ question: RuleQuestion, _ packet: borrowing PacketContext) -> RuleMiss {
    guard let rule = program.source(of: question.rule) else { return RuleMiss() }
    var before = question.before ?? memory(of: program)
    var connections = state.connections
    var opaques = program.opaques(of: question.rule)[...]
    return RuleMiss(
      rule, packet, configuration, connection: packet.connection.map { state.connections[$0] }, now: state.now
    ) {
      condition, packet in
      guard case .opaque(let test) = condition.test else { return (.unknown, "") }
      guard let opaque = opaques.popFirst() else { return (.unknown, "") }
      if let answer = question.settled[opaque.condition] {
        return (ConditionResult(answer), "held to be \(answer ? "so" : "not so")")
      }
      test.prepare(packet, &before.states[opaque.state], &before.memory, &connections)
      let saw = before.states[opaque.state]
      let result = test.evaluate(packet, &before.states[opaque.state], &before.memory)
      return (result, test.saw(packet, saw, before.memory))
    }
  }
}
