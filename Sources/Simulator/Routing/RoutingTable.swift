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

/// One routing table: routes by prefix length, longest first.
struct RoutingTable: Hashable, Sendable {
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
