// A second host like one that no packet has walked through yet, without reading or compiling anything again.

import NetfilterModel

extension Host {
  /// A host of its own with the same interfaces, routing, settings and rules.
  ///
  /// Counters, match states and stores are copied as they are; connections, time and waiting packets begin anew, so that
  /// this is only right for a host that no packet has walked through.
  func unusedCopy() -> Host {
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
    for family in AddressFamily.allCases { host.programs[family] = programs[family].map { $0?.copy() } }
    host.stores = stores.mapValues { $0.copy() }
    host.connections.settings = connections.settings
    host.connections.isEnabled = connections.isEnabled
    return host
  }
}
