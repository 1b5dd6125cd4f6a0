// Asks a rule about a packet that it never saw.

import NetfilterModel

extension RuleMiss {
  /// Asks every condition of a rule without changing anything; what keeps a state is undecided.
  package init(
    asking rule: Rule, _ packet: borrowing PacketContext, on host: borrowing LinuxHost, connection: Connection?
  ) {
    self.init(rule, packet, host.configuration, connection: connection, now: host.now) { condition, packet in
      guard case .opaque(let test) = condition.test, !test.keepsState, !test.mayBeUnknown else { return (.unknown, "") }
      var state = MatchState()
      var memory = HostMemory()
      return (test.evaluate(packet, &state, &memory), test.saw(packet, state, memory))
    }
  }
}
