// The rules and tables of a family, and the lookup in them.

import NetfilterModel

/// The questions that a route lookup answers (kernel: `struct flowi4`).
struct FlowKey {
  var destination: IPAddress
  var source: IPAddress
  var input: InterfaceName = .none
  var output: InterfaceName = .none
  var mark: UInt32 = 0
  var tos: UInt8 = 0
  /// Only routes by this interface count (kernel: `RT6_LOOKUP_F_IFACE`).
  var only: InterfaceName = .none
  /// Of routes to the same prefix, that by this interface is taken if there is one (kernel: `rt6_device_match`).
  var preferred: InterfaceName = .none
}

/// Why no route was found.
enum RouteError: Error {
  /// No route (ENETUNREACH).
  case netUnreachable
  /// An unreachable route (EHOSTUNREACH); an unreachable rule gives ENETUNREACH.
  case hostUnreachable
  /// A prohibit route or rule (EACCES).
  case prohibited
  /// A blackhole route or rule, or an address that cannot be used (EINVAL).
  case invalid
}

/// The routing policy of one family.
struct RoutingPolicy: Equatable, Sendable {
  private var local = RoutingTable()
  private var main = RoutingTable()
  private var others: [RoutingTableID: RoutingTable] = [:]
  private(set) var rules: [RoutingRule] = [
    RoutingRule(priority: 0, action: .lookup(.local)), RoutingRule(priority: 32766, action: .lookup(.main)),
    RoutingRule(priority: 32767, action: .lookup(.default)),
  ]
  /// The host's anycast addresses (IPv6).
  private var anycast = RoutingTable()
  private(set) var hasCustomRules = false

  init(_ family: AddressFamily = .ipv4) {
    // IPv6 has no default table.
    if family == .ipv6 { rules.removeLast() }
  }

  /// Whether the local table holds routes that did not come from an address.
  private(set) var hasCustomLocalRoutes = false

  /// Adds a route.
  mutating func add(_ route: Route, to table: RoutingTableID = .main, isCustom: Bool = false) {
    switch table {
    case .local: local.add(route)
    case .main: main.add(route)
    default: others[table, default: RoutingTable()].add(route)
    }
    if isCustom, table == .local || route.type == .local { hasCustomLocalRoutes = true }
  }

  /// Replaces the anycast routes.
  mutating func replaceAnycast(_ routes: [Route]) {
    anycast = RoutingTable()
    for route in routes { anycast.add(route) }
  }

  /// Whether a table has a route to the same destination by the same interface.
  func hasRoute(_ route: Route, in table: RoutingTableID) -> Bool {
    switch table {
    case .local: local.hasRoute(route) || anycast.hasRoute(route)
    case .main: main.hasRoute(route)
    default: others[table]?.hasRoute(route) ?? false
    }
  }

  /// The routes of a table, those that came with addresses included.
  func routes(in table: RoutingTableID) -> [Route] {
    switch table {
    case .local: local.routes + anycast.routes
    case .main: main.routes
    default: others[table]?.routes ?? []
    }
  }

  /// Adds a rule; without a priority it goes before the first rule that has one above 0, as `ip rule add` does.
  mutating func add(_ rule: RoutingRule, hasPriority: Bool) {
    var rule = rule
    if !hasPriority {
      let next = rules.dropFirst().first?.priority ?? 32766
      rule.priority = next > 0 ? next - 1 : 0
    }
    var lower = 0
    var upper = rules.count
    while lower < upper {
      let middle = (lower + upper) / 2
      if rules[middle].priority > rule.priority { upper = middle } else { lower = middle + 1 }
    }
    rules.insert(rule, at: lower)
    hasCustomRules = true
  }

  /// Finds the route of a flow (kernel: `fib_lookup`, `fib_rules_lookup`).
  func lookup(_ flow: FlowKey) throws(RouteError) -> Route {
    for index in rules.indices where rules[index].matches(flow) {
      switch rules[index].action {
      case .blackhole: throw .invalid
      case .unreachable: throw .netUnreachable
      case .prohibit: throw .prohibited
      case .lookup(let id):
        guard let route = find(flow, in: id) else { continue }
        switch route.type {
        case .throw: continue
        case .blackhole: throw .invalid
        case .unreachable: throw .hostUnreachable
        case .prohibit: throw .prohibited
        default: return route
        }
      }
    }
    throw .netUnreachable
  }

  private func find(_ flow: FlowKey, in table: RoutingTableID) -> Route? {
    switch table {
    case .local:
      if flow.destination.family == .ipv6 { localIPv6(flow) } else { local.lookup(flow) }
    case .main: main.lookup(flow)
    default: others[table]?.lookup(flow)
    }
  }

  /// The host's own addresses come before its anycast addresses, and these before what is less exact.
  private func localIPv6(_ flow: FlowKey) -> Route? {
    let own = local.lookup(flow)
    if let own, own.destination.mask.prefixLength == 128 { return own }
    return anycast.lookup(flow) ?? own
  }

  /// The type that the local table gives an address (kernel: `__inet_dev_addr_type`).
  func localType(of address: IPAddress, on device: InterfaceName?) -> AddressType {
    if address.isZero || (address.family == .ipv4 && address.v4Bits == .max) { return .broadcast }
    if address.isMulticast { return .multicast }
    guard let route = local.lookup(FlowKey(destination: address, source: .any(address.family))) else {
      return .unicast
    }
    if let device, device != route.device { return .unicast }
    return route.type
  }
}
