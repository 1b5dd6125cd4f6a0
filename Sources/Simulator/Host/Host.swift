// A host: interfaces, routing, settings, rules, connections and clock. Packets are given to it and walk through.

import NetfilterModel

/// What the host's own stack does with packets that reach it.
public enum LocalStack: Hashable, Sendable {
  /// They vanish: nothing answers.
  case silent
  /// The kernel's stack answers: echo replies, resets and port unreachables for closed ports.
  case answers
}

/// A simulated Linux host.
///
/// A host is not safe to share between threads; give each thread its own. What every packet touches is read and written in one step, never
/// while a call changes it, and is declared so that Swift does not check that again at each access.
public final class Host {
  /// The name, for reports.
  public let name: String
  /// What the host's own stack does with packets for it.
  public var stack: LocalStack
  /// The interfaces; loopback is the first.
  @exclusivity(unchecked) public internal(set) var interfaces: [Interface] = []
  /// The simulated clock in nanoseconds since the host was made.
  @exclusivity(unchecked) public internal(set) var now: UInt64 = 0
  /// Seconds since 1970 at simulated time zero, or nil when no wall clock was given.
  public var wallClockStart: UInt64?
  /// Whether random numbers count as decided by the input (`seed` was given), not as unknown.
  public internal(set) var chanceIsInjected = false
  /// The connection tracking table.
  public let connections: ConnectionTable

  /// The address of every interface, in the order in which they were added.
  var ownAddresses: [IPAddress] = []
  @exclusivity(unchecked) var routing = PerFamily(RoutingPolicy())
  @exclusivity(unchecked) var sysctls = Sysctls()
  /// The loaded tables, by the number of their kind.
  @exclusivity(unchecked) var programs = PerFamily([TableProgram?](repeating: nil, count: TableKind.allCases.count))
  var tableOrder = PerFamily([TableKind]())
  let nat: NATCore
  var defragmenter = Defragmenter()
  var icmpLimiter = ICMPRateLimiter()
  var stores: [String: any SharedStore] = [:]
  var randomState: UInt64 = 0x9e37_79b9_7f4a_7c15
  var nextIdentification: UInt16 = 1
  /// Packets that wait until the current one is done: answers, and what went out through loopback.
  @exclusivity(unchecked) var pending: [Flight] = []
  /// Why an answer of the host cannot be known, until an observer took it.
  @exclusivity(unchecked) var undecidedAnswers: [String] = []
  /// An ICMP message of the host is on its way out: until it is gone the kernel sends no other (kernel: `icmp_xmit_lock`).
  @exclusivity(unchecked) var isSendingICMP = false
  /// What the target that acts now asked for.
  @exclusivity(unchecked) var requests = TargetRequests()
  /// The packet that is at a hook now, for targets that ask for it.
  @exclusivity(unchecked) var current = PacketAtHook()
  /// What matches say that nothing here can decide, while possibilities are tried.
  package var undecided = UndecidedMatches()
  /// What runs at each hook, by the hook's number: the rows of the hook table without those of tables that nothing loaded.
  var hookRows = Host.rows { _ in false }

  /// Makes a host with a loopback interface that has 127.0.0.1/8, all settings at the kernel's defaults, and no rules.
  public init(name: String = "host", stack: LocalStack = .silent) {
    self.name = name
    self.stack = stack
    let table = ConnectionTable()
    connections = table
    nat = NATCore(table: table)
    addInterface(Interface(.loopback, mtu: 65536))
    addAddress(InterfaceAddress(.v4(0x7f00_0001), prefixLength: 8), to: .loopback)
  }

  /// Seeds the random source; from then on matches that depend on chance are decided by it.
  public func seedRandom(_ seed: UInt64) {
    randomState = seed ^ 0x9e37_79b9_7f4a_7c15
    chanceIsInjected = true
  }

  /// Lets simulated time pass.
  public func wait(nanoseconds: UInt64) { now &+= nanoseconds }

  /// Adds an interface; one of the same name is replaced, its addresses and routes stay.
  public func addInterface(_ interface: Interface) {
    if let index = interfaceIndex(interface.name) {
      var changed = interface
      changed.addresses = interfaces[index].addresses
      interfaces[index] = changed
      return
    }
    interfaces.append(interface)
    sysctls.addInterface(interface.name)
  }

  /// The interface with a name, or nil.
  public func interface(_ name: InterfaceName) -> Interface? { interfaceIndex(name).map { interfaces[$0] } }

  /// The place of an interface, or nil; asked for every packet, so that nothing of the interface is copied.
  func interfaceIndex(_ name: InterfaceName) -> Int? {
    for index in interfaces.indices where interfaces[index].name == name { return index }
    return nil
  }

  /// Adds an address to an interface, which is made when it does not exist, with the routes that the kernel adds (kernel: `fib_add_ifaddr`).
  public func addAddress(_ address: InterfaceAddress, to name: InterfaceName) {
    if interface(name) == nil { addInterface(Interface(name)) }
    guard let index = interfaceIndex(name) else { return }
    var address = address
    let network = address.network
    address.isSecondary = interfaces[index].addresses.contains { $0.network == network && !$0.isSecondary }
    interfaces[index].addresses.append(address)
    ownAddresses.append(address.address)
    let family = address.address.family
    let bits = family.addressBits
    var policy = routing[family]
    let primary =
      address.isSecondary
      ? interfaces[index].addresses.first { $0.network == network && !$0.isSecondary }?.address ?? address.address
      : address.address
    policy.add(
      Route(
        to: AddressMatch(address.address, prefixLength: bits), type: .local, device: name, preferredSource: primary),
      to: .local)
    if !address.isSecondary, address.prefixLength < bits {
      policy.add(
        Route(to: network, type: name == .loopback ? .local : .unicast, device: name, preferredSource: primary),
        to: name == .loopback ? .local : .main)
      if family == .ipv4, address.prefixLength < 31 {
        let broadcast = IPAddress.v4(network.address.v4Bits | ~network.mask.v4Bits)
        policy.add(
          Route(
            to: AddressMatch(broadcast, prefixLength: 32), type: .broadcast, device: name, preferredSource: primary),
          to: .local)
      }
    }
    routing[family] = policy
  }

  /// Adds an address as `ip addr add` takes it (`192.0.2.1/24`) to an interface, which is made when it does not exist.
  ///
  /// - Throws: `HostError` when the text is no address.
  public func addAddress(_ text: String, to name: InterfaceName) throws(HostError) {
    guard let address = InterfaceAddress(text) else {
      throw HostError("`\(text)` is not an address with a prefix length")
    }
    addAddress(address, to: name)
  }

  /// Adds a route as `ip route add` takes it (`default via 192.0.2.1 dev eth0`).
  ///
  /// - Throws: `HostError` when a word is not known or the next hop cannot be reached.
  public func addRoute(_ text: String) throws(HostError) {
    var (route, table) = try parseRoute(text)
    let family = route.destination.address.family
    var policy = routing[family]
    if let gateway = route.gateway, route.device.isNone {
      guard let hop = try? policy.lookup(FlowKey(destination: gateway, source: .any(family))), hop.type == .unicast
      else {
        throw HostError("the next hop `\(gateway)` is not reachable on any interface")
      }
      route.device = hop.device
    }
    if !route.device.isNone, interface(route.device) == nil {
      throw HostError("there is no interface `\(route.device)`")
    }
    let needsDevice = route.type == .unicast || route.type == .local || route.type == .broadcast
    if needsDevice, route.device.isNone { throw HostError("the route has neither `via` nor `dev`") }
    let chosen = table ?? (route.type == .local || route.type == .broadcast ? .local : .main)
    policy.add(route, to: chosen, isCustom: true)
    routing[family] = policy
  }

  /// Whether a table has a route to the same destination by the same interface.
  package func hasRoute(_ route: Route, in table: RoutingTableID) -> Bool {
    routing[route.destination.address.family].hasRoute(route, in: table)
  }

  /// Adds a routing rule as `ip rule add` takes it (`fwmark 1 table 100`).
  ///
  /// - Throws: `HostError` when a word is not known.
  public func addRoutingRule(_ text: String) throws(HostError) {
    let (rule, hasPriority) = try parseRoutingRule(text)
    let family = (rule.source ?? rule.destination)?.address.family ?? .ipv4
    routing[family].add(rule, hasPriority: hasPriority)
  }

  /// Sets a kernel setting (`net.ipv4.ip_forward`, `1`).
  ///
  /// - Throws: `HostError` when the name cannot be one.
  public func setSysctl(_ key: String, _ value: String) throws(HostError) {
    if key.hasPrefix("net.netfilter.nf_conntrack_") || key == "net.nf_conntrack_max" {
      guard connections.settings.set(key, value) else {
        throw HostError("`\(key)` cannot be `\(value)`")
      }
      return
    }
    try sysctls.set(key, value)
  }

  /// Loads a ruleset: each of its tables replaces the one that was there, as iptables-restore does.
  ///
  /// - Throws: `CompileError` when chains are missing or reach themselves; then nothing is loaded.
  public func load(_ ruleset: Ruleset) throws(CompileError) {
    var loaded = programs[ruleset.family]
    var order = tableOrder[ruleset.family]
    for table in ruleset.tables {
      loaded[Int(table.kind.rawValue)] = try TableCompiler.compile(table, services: self)
      if !order.contains(table.kind) { order.append(table.kind) }
    }
    programs[ruleset.family] = loaded
    hookRows = Host.rows { kind in
      self.programs.ipv4[Int(kind.rawValue)] != nil || self.programs.ipv6[Int(kind.rawValue)] != nil
    }
    tableOrder[ruleset.family] = order
    for table in ruleset.tables {
      for rule in table.chains.lazy.flatMap(\.rules) {
        if case .target(let target) = rule.action, target.enablesConntrack { connections.isEnabled = true }
        for match in rule.matches {
          if match.enablesConntrack { connections.isEnabled = true }
          if match.enablesAccounting { connections.settings.acct = true }
        }
      }
    }
  }

  /// The rules as they are now, with their counters.
  public func ruleset(_ family: AddressFamily = .ipv4) -> Ruleset {
    let loaded = programs[family]
    return Ruleset(
      family: family,
      tables: tableOrder[family].compactMap { kind in loaded[Int(kind.rawValue)]?.tableWithCounters })
  }

  func program(_ kind: TableKind, _ family: AddressFamily) -> TableProgram? {
    programs[family][Int(kind.rawValue)]
  }
}
