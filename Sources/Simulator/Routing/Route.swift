// A route, and where it leads.

import NetfilterModel

/// A route of a routing table (kernel: `struct fib_alias` + `fib_info`).
public struct Route: Hashable, Sendable {
  /// The destination.
  public var destination: AddressMatch
  /// What the route does: unicast, local, broadcast, blackhole, unreachable, prohibit, throw.
  public var type: AddressType
  /// The interface, or `none` for routes without one.
  public var device: InterfaceName
  /// The next hop, or nil when the destination is on the link.
  public var gateway: IPAddress?
  /// The source address that the host prefers with this route.
  public var preferredSource: IPAddress?
  /// The metric; lower wins.
  public var metric: UInt32 = 0
  /// The MTU that overrides the device's, or nil.
  public var mtu: Int?
  /// The TOS that packets must have, or 0 for any.
  public var tos: UInt8 = 0

  /// Makes a route.
  public init(
    to destination: AddressMatch, type: AddressType = .unicast, device: InterfaceName = .none,
    gateway: IPAddress? = nil,
    preferredSource: IPAddress? = nil
  ) {
    self.destination = destination
    self.type = type
    self.device = device
    self.gateway = gateway
    self.preferredSource = preferredSource
  }
}

extension Route {
  /// Whether the route is one for a flow.
  func leads(_ flow: FlowKey) -> Bool {
    destination.contains(flow.destination) && (tos == 0 || tos == flow.tos & 0x1c)
      && (flow.output.isNone || device.isNone || device == flow.output)
  }
}

/// The number of a routing table (kernel: `RT_TABLE_*`).
public struct RoutingTableID: RawRepresentable, Hashable, Sendable {
  /// The number.
  public var rawValue: UInt32
  /// Makes a table number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// The host's own and broadcast addresses.
  public static let local = RoutingTableID(rawValue: 255)
  /// Where routes without a table go.
  public static let main = RoutingTableID(rawValue: 254)
  /// After main; usually empty.
  public static let `default` = RoutingTableID(rawValue: 253)

  /// The table with a name or number as `ip route` takes it, or nil.
  public init?(text: some StringProtocol) {
    switch text {
    case "local": self = .local
    case "main": self = .main
    case "default": self = .default
    default:
      guard let number = parseUnsigned(text, in: 1...0xffff_ffff) else { return nil }
      rawValue = UInt32(number)
    }
  }
}

/// The questions that a route lookup answers (kernel: `struct flowi4`).
struct FlowKey {
  var destination: IPAddress
  var source: IPAddress
  var input: InterfaceName = .none
  var output: InterfaceName = .none
  var mark: UInt32 = 0
  var tos: UInt8 = 0
}

/// One routing table: routes by prefix length, longest first.
struct RoutingTable {
  private(set) var routes: [Route] = []

  /// Adds a route behind those of the same prefix and metric.
  mutating func add(_ route: Route) {
    let key = { (route: Route) in (-(route.destination.mask.prefixLength ?? 0), Int(route.metric)) }
    let position = routes.firstIndex { key($0) > key(route) || (key($0) == key(route) && $0.tos < route.tos) }
    routes.insert(route, at: position ?? routes.count)
  }

  /// The best route for a flow (kernel: `fib_table_lookup`), or nil.
  func lookup(_ flow: FlowKey) -> Route? {
    for index in routes.indices where routes[index].leads(flow) { return routes[index] }
    return nil
  }

  /// Whether a route with this destination prefix and metric exists.
  func hasRoute(to destination: AddressMatch, metric: UInt32) -> Bool {
    routes.contains { $0.destination == destination && $0.metric == metric }
  }
}

/// What a routing rule does.
package enum RoutingRuleAction: Hashable {
  case lookup(RoutingTableID)
  case blackhole
  case unreachable
  case prohibit
}

/// A rule of the routing policy (ip-rule(8)).
package struct RoutingRule {
  var priority: UInt32
  var source: AddressMatch?
  var destination: AddressMatch?
  var mark: MaskedValue?
  var input: InterfaceName?
  var output: InterfaceName?
  var tos: UInt8 = 0
  var inverted = false
  var action: RoutingRuleAction

  func matches(_ flow: FlowKey) -> Bool {
    var result = true
    if let source, !source.contains(flow.source) { result = false }
    if let destination, !destination.contains(flow.destination) { result = false }
    if let mark, (flow.mark ^ mark.value) & mark.mask != 0 { result = false }
    if let input, input != (flow.input.isNone ? .loopback : flow.input) { result = false }
    if let output, output != flow.output { result = false }
    if tos != 0, tos != flow.tos & 0x1c { result = false }
    return result != inverted
  }
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
struct RoutingPolicy {
  private var local = RoutingTable()
  private var main = RoutingTable()
  private var others: [RoutingTableID: RoutingTable] = [:]
  private(set) var rules: [RoutingRule] = [
    RoutingRule(priority: 0, action: .lookup(.local)), RoutingRule(priority: 32766, action: .lookup(.main)),
    RoutingRule(priority: 32767, action: .lookup(.default)),
  ]
  private(set) var hasCustomRules = false
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

  /// Whether a table has a route to the same destination by the same interface.
  func hasRoute(_ route: Route, in table: RoutingTableID) -> Bool {
    let routes = table == .local ? local.routes : table == .main ? main.routes : others[table]?.routes ?? []
    return routes.contains { $0.destination == route.destination && $0.device == route.device && $0.type == route.type }
  }

  /// Adds a rule; without a priority it goes before the first rule that has one above 0, as `ip rule add` does.
  mutating func add(_ rule: RoutingRule, hasPriority: Bool) {
    var rule = rule
    if !hasPriority {
      let next = rules.dropFirst().first?.priority ?? 32766
      rule.priority = next > 0 ? next - 1 : 0
    }
    let position = rules.firstIndex { $0.priority > rule.priority } ?? rules.count
    rules.insert(rule, at: position)
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
    case .local: local.lookup(flow)
    case .main: main.lookup(flow)
    default: others[table]?.lookup(flow)
    }
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
