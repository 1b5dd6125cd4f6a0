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

  /// Adds a route behind those of the same prefix, TOS and metric; a larger TOS comes first, then a lower metric (kernel:
  /// `fib_find_alias`).
  mutating func add(_ route: Route) {
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

  private static func precedes(_ route: Route, _ other: Route) -> Bool {
    if route.tos != other.tos { return route.tos > other.tos }
    return route.metric == other.metric ? route.preference > other.preference : route.metric < other.metric
  }

  /// The best route for a flow (kernel: `fib_table_lookup`), or nil.
  func lookup(_ flow: FlowKey) -> Route? {
    prefixes.first(containing: flow.destination) { routes in
      if !flow.preferred.isNone,
        let route = routes.first(where: { $0.device == flow.preferred && $0.leads(flow) })
      {
        return route
      }
      for index in routes.indices where routes[index].leads(flow) { return routes[index] }
      return nil
    }
  }

  /// Whether there is a route to the same destination by the same interface.
  func hasRoute(_ route: Route) -> Bool {
    prefixes[route.destination]?.contains { $0.device == route.device && $0.type == route.type } ?? false
  }

  /// The routes in the order of their prefixes.
  var routes: [Route] { prefixes.ordered.flatMap { $0 } }
}
