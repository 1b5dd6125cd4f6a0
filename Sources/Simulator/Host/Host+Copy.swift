// Hosts that are made alike and compared: a second one like one that no packet has walked through yet, without reading or compiling
// anything again, and whether what two such hosts went through has left a difference.

import NetfilterModel

extension Host {
  /// A host of its own with the same interfaces, routing, settings and rules.
  ///
  /// Counters, match states and stores are copied as they are; connections, time and waiting packets begin anew, so that
  /// this is only right for a host that no packet has walked through.
  package func unusedCopy() -> Host {
    let host = Host(name: name, stack: stack)
    host.interfaces = interfaces
    host.ownAddresses = ownAddresses
    host.routing = routing
    host.sysctls = sysctls
    host.wallClockStart = wallClockStart
    host.randomState = randomState
    host.chanceIsInjected = chanceIsInjected
    host.tableOrder = tableOrder
    host.hookRows = hookRows
    host.undecided = undecided
    for family in AddressFamily.allCases { host.programs[family] = programs[family].map { $0?.copy() } }
    host.stores = stores.mapValues { $0.copy() }
    host.connections.settings = connections.settings
    host.connections.isEnabled = connections.isEnabled
    return host
  }

  /// Whether packets from now on meet the same in both: time, connections, match states and chance. Counters may differ, as nothing asks them.
  ///
  /// Both hosts must have begun as copies of one and been given the same rules; hosts with lists (`recent`, `hashlimit`) or fragments
  /// that wait are never held to be the same.
  package func hasSameState(as other: Host) -> Bool {
    now == other.now && randomState == other.randomState && nextIdentification == other.nextIdentification
      && stores.isEmpty && other.stores.isEmpty && defragmenter.isUnused && other.defragmenter.isUnused
      && icmpLimiter == other.icmpLimiter && connections.hasSameConnections(as: other.connections)
      && AddressFamily.allCases.allSatisfy { family in
        zip(programs[family], other.programs[family]).allSatisfy { $0?.matchStates == $1?.matchStates }
      }
  }
}

extension ICMPRateLimiter: Equatable {
  static func == (left: ICMPRateLimiter, right: ICMPRateLimiter) -> Bool {
    left.peers == right.peers && left.credit == right.credit && left.stamp == right.stamp
  }
}

extension TableProgram {
  /// What the matches remember.
  var matchStates: [MatchState] { Array(UnsafeBufferPointer(start: states, count: matchCount)) }
}

extension ConnectionTable {
  /// Whether both tables track the same connections in the same states.
  func hasSameConnections(as other: ConnectionTable) -> Bool {
    entries.count == other.entries.count
      && entries.allSatisfy { tuple, entry in
        guard let twin = other.entries[tuple] else { return false }
        return twin.direction == entry.direction && twin.connection.isLike(entry.connection)
      }
  }
}

extension Connection {
  /// Whether another connection has the same tuples and the same state.
  func isLike(_ other: Connection) -> Bool {
    original == other.original && reply == other.reply && status == other.status && mark == other.mark
      && timeout == other.timeout && tracking == other.tracking && originalCounters == other.originalCounters
      && replyCounters == other.replyCounters && hasCounters == other.hasCounters && helper == other.helper
      && masqueradeInterface == other.masqueradeInterface && master?.original == other.master?.original
  }
}
