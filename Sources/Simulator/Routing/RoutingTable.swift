// A routing table.

import NetfilterModel

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

/// One routing table: the routes of each prefix in the kernel's order, found by the longest prefix.
struct RoutingTable: Equatable, Sendable {
  private var prefixes = PrefixTrie<[Route]>()
  /// Whether a route is for certain sources alone.
  private var hasSources = false

  /// Adds a route behind those of the same prefix, TOS and metric; a larger TOS comes first, then a lower metric (kernel:
  /// `fib_find_alias`).
  mutating func add(_ route: Route) {
    if route.sources != nil { hasSources = true }
    prefixes.change(route.destination, default: []) { routes in
      var lower = 0
      // Mostly the last; what the kernel lists is in this order.
      if let last = routes.last, !RoutingTable.precedes(route, last) { lower = routes.count }
      var upper = routes.count
      while lower < upper {
        let middle = (lower + upper) / 2
        if RoutingTable.precedes(route, routes[middle]) { upper = middle } else { lower = middle + 1 }
      }
      routes.insert(route, at: lower)
    }
  }

  /// Removes routes.
  mutating func remove(where isRemoved: (Route) -> Bool) {
    let kept = routes.filter { !isRemoved($0) }
    self = RoutingTable()
    for route in kept { add(route) }
  }

  private static func precedes(_ route: Route, _ other: Route) -> Bool {
    if route.tos != other.tos { return route.tos > other.tos }
    return route.metric == other.metric ? route.preference > other.preference : route.metric < other.metric
  }

  /// The best route for a flow (kernel: `fib_table_lookup`), or nil.
  func lookup(_ flow: FlowKey) -> Route? {
    if hasSources { return lookupBySource(flow) }
    return prefixes.first(containing: flow.destination) { RoutingTable.best(of: $0, for: flow) }
  }

  private static func best(of routes: [Route], for flow: FlowKey) -> Route? {
    if !flow.preferred.isNone, let route = routes.first(where: { $0.device == flow.preferred && $0.leads(flow) }) {
      return route
    }
    for index in routes.indices where routes[index].leads(flow) { return routes[index] }
    return nil
  }

  /// The best route where some are for certain sources alone (kernel: `fib6_node_lookup`, `fib6_backtrack`).
  ///
  /// A destination that has such routes is passed over when the source fits none of them, with its routes for every source, too,
  /// unless it is the default or the search has begun at a longer prefix.
  private func lookupBySource(_ flow: FlowKey) -> Route? {
    var hasBegun = false
    return prefixes.first(containing: flow.destination) { routes in
      let fitting = routes.filter { $0.sources?.contains(flow.source) ?? false }
      let isForAll = routes.allSatisfy { $0.sources == nil }
      let isDefault = routes.first?.destination.mask.isZero ?? true
      guard isForAll || !fitting.isEmpty || hasBegun || isDefault else { return nil }
      hasBegun = true
      let lengths = Set(fitting.map { $0.sources?.mask.prefixLength ?? 0 }).sorted(by: >)
      for length in lengths {
        let group = fitting.filter { $0.sources?.mask.prefixLength == length }
        if let route = RoutingTable.best(of: group, for: flow) { return route }
      }
      return RoutingTable.best(of: routes.filter { $0.sources == nil }, for: flow)
    }
  }

  /// Whether there is a route to the same destination by the same interface.
  func hasRoute(_ route: Route) -> Bool {
    prefixes[route.destination]?.contains {
      $0.device == route.device && $0.type == route.type && $0.sources == route.sources
    } ?? false
  }

  /// The routes in the order of their prefixes.
  var routes: [Route] { prefixes.ordered.flatMap { $0 } }
}
