// Asks every condition of a rule that did not match.

import NetfilterModel

extension RuleMiss {
  /// Asks every condition of a rule; `opaque` says what came of a function, and what it saw.
  init(
    _ rule: Rule, _ packet: borrowing PacketContext, _ configuration: HostConfiguration, connection: Connection?,
    now: UInt64, opaque: (Condition, borrowing PacketContext) -> (ConditionResult, String)
  ) {
    self.init()
    for (place, condition) in rule.conditions.enumerated() {
      var result: ConditionResult
      var saw = ""
      if case .opaque = condition.test {
        (result, saw) = opaque(condition, packet)
      } else {
        let value = configuration.value(of: condition.field, packet, connection: connection, now: now)
        result = condition.result(value)
        if result != .holds { saw = condition.field.saw(value, packet, connection) }
      }
      if result == .holds {
        holding += 1
        continue
      }
      let miss = ConditionMiss(
        condition: place, option: rule.text(of: condition), saw: saw, field: condition.field)
      if result == .unknown { undecided.append(miss) } else { failed.append(miss) }
    }
  }
}
