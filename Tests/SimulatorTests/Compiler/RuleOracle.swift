// What a rule says of a packet when its conditions are asked one by one, in the order in which they are written.

import NetfilterModel

@testable import Simulator

/// The conditions of a rule with what they remember.
struct RuleOracle {
  let conditions: [Condition]
  /// What each condition that is a function remembers, in order.
  var states: [MatchState]
  var memory: HostMemory
  var connections: ConnectionTable

  /// Takes the memory of the only rule of a host.
  init(_ rule: Rule, on host: LinuxHost, _ table: TableKind, _ family: AddressFamily) {
    conditions = rule.conditions
    states = host.walker.state.tables[family][Int(table.rawValue)].states
    memory = host.state.memory
    connections = host.state.connections
  }

  /// Asks the conditions until one does not hold; the one at `forced` is asked, and counts as held.
  mutating func result(
    _ packet: PacketContext, _ configuration: HostConfiguration, forced: Int? = nil
  ) -> ConditionResult {
    var function = 0
    for (place, condition) in conditions.enumerated() {
      var result: ConditionResult
      if case .opaque(let test) = condition.test {
        result = test.result(packet, &states[function], &memory, &connections)
        function += 1
      } else {
        result = plain(condition, packet, configuration)
      }
      if place == forced { result = .holds }
      switch result {
      case .holds: continue
      case .fails, .drops: return result
      case .unknown: return failsLater(place, packet, configuration) ? .fails : .unknown
      }
    }
    return .holds
  }

  /// What every condition says, also behind one that does not hold.
  mutating func everyResult(_ packet: PacketContext, _ configuration: HostConfiguration) -> [ConditionResult] {
    var function = 0
    return conditions.map { condition in
      guard case .opaque(let test) = condition.test else {
        return plain(condition, packet, configuration)
      }
      defer { function += 1 }
      return test.result(packet, &states[function], &memory, &connections)
    }
  }

  private func plain(
    _ condition: Condition, _ packet: PacketContext, _ configuration: HostConfiguration
  ) -> ConditionResult {
    let connection = packet.connection.map { connections[$0] }
    return condition.result(configuration.value(of: condition.field, packet, connection: connection, now: memory.now))
  }

  /// Whether a condition behind an undecided one fails that can be asked out of turn, before one that cannot.
  private func failsLater(
    _ place: Int, _ packet: PacketContext, _ configuration: HostConfiguration
  ) -> Bool {
    for condition in conditions[(place + 1)...] {
      let result: ConditionResult
      if case .opaque(let test) = condition.test {
        if test.keepsState || test.mayBeUnknown { return false }
        var (state, memory) = (MatchState(), memory)
        result = test.evaluate(packet, &state, &memory)
      } else {
        result = plain(condition, packet, configuration)
      }
      if result == .fails { return true }
      if result == .drops { return false }
    }
    return false
  }
}
