// A host: a configuration, and a state that packets change. A value: a copy goes its own way.

import NetfilterModel

/// A simulated Linux host. Packets are given to it and walk through.
///
/// A host is a value: assigning it copies it, and two are equal when they are configured alike and have gone through the same.
public struct LinuxHost: Sendable {
  /// What packets walk through; between packets nothing waits in it.
  var walker: Walker
  /// The packets that were given to it as text, which `reply` and `again` follow; packets that were given as values are no part of it.
  public var conversation = Conversation()

  /// What the host is.
  public var configuration: HostConfiguration {
    _read { yield walker.configuration }
    _modify { yield &walker.configuration }
  }

  /// What changes while packets walk.
  public var state: HostState {
    _read { yield walker.state }
    _modify { yield &walker.state }
  }

  /// Makes a host with a loopback interface that has 127.0.0.1/8, all settings at the kernel's defaults, and no rules.
  public init(name: String = "host", stack: LocalStack = .silent) {
    walker = Walker(HostConfiguration(name: name, stack: stack))
    addInterface(Interface(.loopback, mtu: 65536))
    addAddress(InterfaceAddress(.v4(0x7f00_0001), prefixLength: 8), to: .loopback)
  }

  /// The name, for reports.
  public var name: String { configuration.name }
  /// What the host's own stack does with packets for it.
  public var stack: LocalStack {
    get { configuration.stack }
    set { configuration.stack = newValue }
  }
  /// What bounds the walk of a packet.
  public var limits: WalkLimits {
    get { configuration.limits }
    set { configuration.limits = newValue }
  }
  /// The interfaces; loopback is the first.
  public var interfaces: [Interface] { configuration.interfaces }
  /// The tracked connections.
  public var connections: ConnectionTable { state.connections }
  /// The simulated clock in nanoseconds since the host was made.
  public var now: UInt64 { state.memory.now }
  /// What is known of the host that rules can ask.
  public var facts: HostFacts {
    get { state.memory.facts }
    set { state.memory.facts = newValue }
  }

  /// The sets that rules ask and change.
  public var sets: SetCollection {
    get { state.memory.sets }
    set { state.memory.sets = newValue }
  }

  /// What the wall clock shows now, in seconds since 1970, or nil when none was given; it goes on with the simulated clock.
  public var wallClock: UInt64? {
    get { state.memory.wallClock }
    set { state.memory.wallClock = newValue }
  }

  /// Seeds the random source; from then on matches that depend on chance are decided by it.
  public mutating func seedRandom(_ seed: UInt64) { state.memory.random = RandomSource(seed: seed) }

  /// Lets simulated time pass; what is due meanwhile, errors about fragments that did not come, walks in front of the next packet. The clock stops at `HostMemory.lastTime`, 292 years after its start.
  public mutating func wait(nanoseconds: UInt64) { state.memory.wait(nanoseconds: nanoseconds) }

  /// Forgets every tracked connection (`conntrack -F`).
  public mutating func flushConnections() { state.connections.flush() }

  /// The connections as `conntrack -L -o extended` lists them, sorted by their text.
  public var connectionListing: [String] { state.connections.listing(now: now) }

  /// The interface with a name, or nil.
  public func interface(_ name: InterfaceName) -> Interface? { configuration.interface(name) }

  /// Adds an interface; one of the same name is replaced, its addresses and routes stay.
  public mutating func addInterface(_ interface: Interface) {
    if let index = configuration.interfaceIndex(interface.name) {
      var changed = interface
      changed.addresses = configuration.interfaces[index].addresses
      configuration.interfaces[index] = changed
      return
    }
    _ = configuration.append(interface)
    configuration.sysctls.addInterface(interface.name)
    configuration.addIPv6Interface(interface.name)
  }

  /// Adds an address to an interface, which is made when it does not exist, with the routes that the kernel adds (kernel: `fib_add_ifaddr`).
  /// An interface on which IPv6 is turned off (`disable_ipv6`) gets no address of IPv6.
  public mutating func addAddress(_ address: InterfaceAddress, to name: InterfaceName) {
    if configuration.interfaceIndex(name) == nil { addInterface(Interface(name)) }
    guard let index = configuration.interfaceIndex(name) else { return }
    // The kernel refuses it (kernel: `inet6_addr_add`).
    if address.address.family == .ipv6, configuration.isIPv6Off(on: name) { return }
    let address = configuration.append(address, at: index)
    if address.address.family == .ipv6 { return configuration.addIPv6Routes(of: address, on: name) }
    let network = address.network
    if address.address.family == .ipv4 { configuration.sysctls.keepValues(of: name) }
    let family = address.address.family
    let bits = family.addressBits
    let primary = configuration.addresses[index].primary(of: network) ?? address.address
    let add = { (route: Route, table: RoutingTableID, host: inout LinuxHost) in
      host.configuration.routing[family].add(route, to: table)
    }
    add(
      Route(
        to: AddressMatch(address.address, prefixLength: bits), type: .local, device: name, preferredSource: primary),
      .local, &self)
    // An interface that is down has its own addresses, but no routes.
    guard configuration.interfaces[index].isUp else { return }
    let addBroadcast = { (broadcast: IPAddress, host: inout LinuxHost) in
      add(
        Route(
          to: AddressMatch(broadcast, prefixLength: 32), type: .broadcast, device: name, preferredSource: primary),
        .local, &host)
    }
    let last = IPAddress.v4(network.address.v4Bits | ~network.mask.v4Bits)
    if family == .ipv4, let broadcast = address.broadcast, broadcast.v4Bits != .max, broadcast != last {
      addBroadcast(broadcast, &self)
    }
    if !address.isSecondary, address.prefixLength < bits {
      if address.hasPrefixRoute {
        var route = Route(
          to: network, type: name == .loopback ? .local : .unicast, device: name, preferredSource: primary)
        route.metric = address.metric ?? 0
        add(route, name == .loopback ? .local : .main, &self)
      }
      if family == .ipv4, address.prefixLength < 31 {
        addBroadcast(last, &self)
      }
    }
  }

  /// Adds an address as `ip addr add` takes it (`192.0.2.1/24`) to an interface, which is made when it does not exist.
  ///
  /// - Throws: `HostError` when the text is no address.
  public mutating func addAddress(_ text: String, to name: InterfaceName) throws(HostError) {
    guard let address = InterfaceAddress(text) else {
      throw HostError("`\(text)` is not an address with a prefix length")
    }
    addAddress(address, to: name)
  }

  /// Adds a route as `ip route add` takes it (`default via 192.0.2.1 dev eth0`).
  ///
  /// - Throws: `HostError` when a word is not known or the next hop cannot be reached.
  public mutating func addRoute(_ text: String) throws(HostError) {
    let parsed = try Route.parse(text)
    if parsed.hasRealm { state.memory.facts.hasRealms = true }
    var route = parsed.route
    let family = route.destination.address.family
    if family == .ipv6, let gateway = route.gateway { try check(gateway, of: route) }
    if let gateway = route.gateway, route.device.isNone {
      guard let hop = try? configuration.lookup(FlowKey(destination: gateway, source: .any(family))),
        hop.type == .unicast, hop.gateway == nil
      else {
        throw HostError("the next hop `\(gateway)` is not reachable on any interface")
      }
      route.device = hop.device
    } else if let gateway = route.gateway, !parsed.isOnLink, family == gateway.family, !gateway.isLinkLocal {
      // Looked for on this interface alone (kernel: `fib_check_nh`, `ip6_route_check_nh`).
      var flow = FlowKey(destination: gateway, source: .any(family))
      if family == .ipv4 { flow.output = route.device } else { flow.only = route.device }
      guard let hop = try? configuration.lookup(flow), hop.type == .unicast, hop.gateway == nil else {
        throw HostError(
          "the next hop `\(gateway)` is in no network of `\(route.device)`",
          help: "write `onlink` behind it if it is there nevertheless")
      }
    }
    if !route.device.isNone {
      guard let interface = interface(route.device) else { throw noInterface(route.device.description) }
      if family == .ipv6, configuration.isIPv6Off(on: route.device) {
        throw HostError(
          "IPv6 is off on `\(route.device)`, so that it has no routes",
          help: "set net.ipv6.conf.\(route.device).disable_ipv6 to 0, or leave the route out")
      }
      if !interface.isUp, route.type == .unicast {
        throw HostError("the interface `\(route.device)` is down, so that it has no routes")
      }
    }
    if let source = route.preferredSource, !isOwn(source) {
      throw HostError("`src \(source)` is not an address of the host")
    }
    let needsDevice = route.type == .unicast || route.type == .local || route.type == .broadcast
    if needsDevice, route.device.isNone { throw HostError("the route has neither `via` nor `dev`") }
    let chosen = parsed.table ?? route.usualTable
    if family == .ipv6, route.metric == 0 { route.metric = 1024 }
    // In place: a copy of the table for each route would make many routes slow.
    configuration.routing[family].add(route, to: chosen, isCustom: true)
  }

  /// What is wrong with the next hop of an IPv6 route (kernel: `ip6_validate_gw`).
  private func check(_ gateway: IPAddress, of route: Route) throws(HostError) {
    // A link-local address is one of its link alone.
    let isOwn =
      gateway.isLinkLocal
      ? interface(route.device)?.addresses.contains { $0.address == gateway } ?? false
      : configuration.ownAddresses.contains(gateway)
    if gateway.family == .ipv6, isOwn {
      throw HostError("the next hop `\(gateway)` is an address of the host itself")
    }
    if gateway.isLinkLocal, route.device.isNone {
      throw HostError(
        "the next hop `\(gateway)` is link-local", help: "name its interface: via \(gateway) dev INTERFACE")
    }
  }

  /// Whether the host has an address that routes may name as a source.
  private func isOwn(_ address: IPAddress) -> Bool {
    if address.family == .ipv4 { return configuration.localType(of: address) == .local }
    return address.isLoopback || configuration.ownAddresses.contains(address)
  }

  /// Whether a table has a route to the same destination by the same interface.
  package func hasRoute(_ route: Route, in table: RoutingTableID) -> Bool {
    configuration.routing[route.destination.address.family].hasRoute(route, in: table)
  }

  /// The interfaces that a route to everywhere leads to, in any routing table, in the order of the interfaces.
  package func interfacesWithDefaultRoute(_ family: AddressFamily) -> [InterfaceName] {
    let devices = configuration.routing[family].defaultDevices
    return interfaces.map { $0.name }.filter { devices.contains($0) }
  }

  /// Says who is at an address on the link of an Ethernet interface, in the words of ip-neighbour(8): `2001:db8::5 dev lan none` for
  /// nobody, `2001:db8::5 dev lan lladdr 02:00:00:00:00:05` for one whom the host knows from the start.
  ///
  /// Everybody else is there and answers when the host asks.
  /// - Throws: `HostError` when the text says something else, or the host has no such interface with an Ethernet address.
  public mutating func addNeighbour(_ text: String) throws(HostError) {
    let words = try NeighbourWords(text)
    guard let interface = interface(words.neighbour.device) else {
      throw noInterface(words.neighbour.device.description)
    }
    guard interface.mac != nil else {
      throw HostError(
        "`\(interface.name)` has no Ethernet address, so that it has no neighbours to ask for",
        help: "write `mac` and an address where the interface is described")
    }
    configuration.neighbours[words.neighbour] = words.knowledge
  }

  /// Reads what `addNeighbour` takes.
  ///
  /// - Throws: `HostError` when it would be refused whatever the host.
  package static func checkNeighbour(_ text: String) throws(HostError) { _ = try NeighbourWords(text) }

  /// Adds a routing rule as `ip rule add` takes it (`fwmark 1 table 100`).
  ///
  /// - Throws: `HostError` when a word is not known.
  public mutating func addRoutingRule(_ text: String) throws(HostError) {
    let (rule, hasPriority, family) = try RoutingRule.parse(text)
    configuration.routing[family].add(rule, hasPriority: hasPriority)
  }

  /// Sets a kernel setting (`net.ipv4.ip_forward`, `1`), as writing to `/proc/sys` does.
  ///
  /// - Returns: whether a walk may ask for it; a setting that is real but changes nothing here is taken without effect.
  /// - Throws: `HostError` when the kernel has no such setting, refuses the value, or the host has no such interface.
  @discardableResult
  public mutating func setSysctl(_ key: String, _ value: String) throws(HostError) -> Bool {
    let setting: KernelSetting
    do throws(KernelSettingError) { setting = try KernelSetting(key, value) } catch {
      throw HostError(error.message, help: error.help)
    }
    return try set(setting)
  }

  /// Makes a setting that was read.
  ///
  /// - Returns: whether a walk may ask for it.
  /// - Throws: `HostError` when the host has no such interface.
  @discardableResult
  package mutating func set(_ setting: KernelSetting) throws(HostError) -> Bool {
    if let name = setting.interface, name.utf8.count > 15 || interface(InterfaceName(name)) == nil {
      throw noInterface(name)
    }
    if case .conntrack(let key, let value) = setting.target {
      guard configuration.conntrack.set(key, value) else { throw HostError("`\(key)` cannot be `\(value)`") }
    } else {
      configuration.sysctls.set(setting.target)
      switch setting.target {
      case .ipv6Interface(.forwarding, _, _): configuration.updateAnycast()
      case .ipv6Interface(.disableIPv6, _, _):
        configuration.updateDisabledIPv6()
        for name in configuration.withoutIPv6 { state.neighbours.forget(on: name) }
      default: break
      }
      walker.state.fragments.ipv4.bound(by: configuration.sysctls, .ipv4)
      walker.state.fragments.ipv6.bound(by: configuration.sysctls, .ipv6)
    }
    return setting.isUsed
  }

  /// That there is no interface of a name, with those that there are.
  package func noInterface(_ name: String) -> HostError {
    let names = interfaces.map { $0.name.description }
    return HostError(
      "there is no interface `\(name)`",
      help: Spelling.nearest(to: name, among: names).map { "did you mean `\($0)`?" }
        ?? "the host has " + names.joined(separator: ", "))
  }

  /// Loads a ruleset: each of its tables replaces the one that was there, as iptables-restore does.
  ///
  /// - Throws: `RulesetRefusal` with everything that iptables or the kernel would refuse (`RulesetCheck`); then nothing is
  ///   loaded.
  public mutating func load(_ ruleset: Ruleset) throws(RulesetRefusal) {
    let missing = SetCheck.findings(in: ruleset, sets: sets)
    if !missing.isEmpty { throw RulesetRefusal(findings: missing) }
    load(try CompiledRules(ruleset))
  }

  /// Loads rules that were compiled before: each of their tables replaces the one that was there, as iptables-restore does.
  public mutating func load(_ rules: CompiledRules) {
    let family = rules.ruleset.family
    for program in rules.programs {
      let place = Int(program.kind.rawValue)
      configuration.programs[family][place] = program
      state.tables[family][place] = program.initialState(&state.memory)
      if !configuration.tableOrder[family].contains(program.kind) {
        configuration.tableOrder[family].append(program.kind)
      }
      if program.enablesConntrack { configuration.isTracking[family] = true }
      if program.enablesAccounting { configuration.conntrack.acct = true }
      if program.enablesReassembly { configuration.isReassembling[family] = true }
    }
    let programs = configuration.programs
    configuration.hookRows = HostConfiguration.rows { kind in
      programs.ipv4[Int(kind.rawValue)] != nil || programs.ipv6[Int(kind.rawValue)] != nil
    }
  }

  /// Whether anything that is loaded makes a row of the hook table do something for packets of a family.
  package func runs(_ row: HookRow, _ family: AddressFamily) -> Bool {
    switch row.function {
    case .table(let kind): configuration.programs[family][Int(kind.rawValue)] != nil
    case .defragment, .conntrack, .conntrackHelper, .conntrackConfirm: configuration.isTracking[family]
    }
  }

  /// Whether a table of a family is loaded.
  package func hasRules(_ family: AddressFamily) -> Bool { !configuration.tableOrder[family].isEmpty }

  /// The rules as they are now, with their counters.
  public func ruleset(_ family: AddressFamily = .ipv4) -> Ruleset {
    Ruleset(
      family: family,
      tables: configuration.tableOrder[family].compactMap { kind in
        let place = Int(kind.rawValue)
        return configuration.programs[family][place]?.table(with: state.tables[family][place].counters)
      })
  }
}

extension LinuxHost {
  /// Whether packets from now on meet the same in both; counters do not count, as nothing asks them.
  package func isLike(_ other: LinuxHost) -> Bool {
    conversation == other.conversation && configuration == other.configuration
      && state.withoutCounters == other.state.withoutCounters
  }
}

extension LinuxHost: Equatable {
  /// Whether two hosts are configured alike and have gone through the same.
  public static func == (left: LinuxHost, right: LinuxHost) -> Bool {
    left.configuration == right.configuration && left.state == right.state
      && left.conversation == right.conversation
  }
}
