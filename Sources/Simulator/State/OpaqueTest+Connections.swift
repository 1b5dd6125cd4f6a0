// Answers what conditions ask of connections, then asks the conditions.

import NetfilterModel

extension OpaqueTest {
  /// Puts the answer to its question about connections, if it has one, into the second word of its state.
  func prepare(
    _ packet: borrowing PacketContext, _ own: inout MatchState, _ memory: inout HostMemory,
    _ connections: inout ConnectionTable
  ) {
    switch question {
    case nil: return
    case .count(let count):
      let place = Int(truncatingIfNeeded: own.first)
      guard case .connections(var lists) = memory[place], let tuple = connections.countedTuple(of: packet) else {
        own.second = 0
        return
      }
      memory[place] = .none
      let now = memory.now
      let network = count.network(of: packet.header)
      let total = lists.count(tuple, in: network, turn: memory.turn.number) { connections.standing(of: $0, now: now) }
      memory[place] = .connections(lists)
      own.second = UInt64(total)
    case .label(let label):
      guard let id = packet.connection else {
        own.second = 0
        return
      }
      connections[id].labels.insert(label)
      own.second = 1
    }
  }

  /// What it says of a packet.
  func result(
    _ packet: borrowing PacketContext, _ own: inout MatchState, _ memory: inout HostMemory,
    _ connections: inout ConnectionTable
  ) -> ConditionResult {
    prepare(packet, &own, &memory, &connections)
    return evaluate(packet, &own, &memory)
  }
}

extension ConnectionTable {
  /// The tuple under which a packet's connection is counted: that of the connection's first packet, or the packet's own
  /// where it has no connection; nil where it has none, either (kernel: `connlimit_mt`).
  func countedTuple(of packet: borrowing PacketContext) -> ConnectionTuple? {
    if let id = packet.connection { return with(id) { $0.pointee.original } }
    let bytes = packet.packet.bytes
    return TransportLocation(bytes, at: 0, family: packet.header.family).flatMap { ConnectionTuple(bytes, $0) }
  }

  /// What has become of a connection with a tuple (kernel: `find_or_evict`, `already_closed`).
  mutating func standing(of tuple: ConnectionTuple, now: UInt64) -> ConnectionLists.Standing {
    guard let found = find(tuple, now: now) else { return .gone }
    return with(found.id) { connection in
      guard case .tcp(let tracking) = connection.pointee.tracking else { return .open }
      return tracking.state == .timeWait || tracking.state == .close ? .closed : .open
    }
  }
}
