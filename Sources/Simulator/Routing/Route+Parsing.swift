// Routes as `ip route add` takes them.

import NetfilterModel

extension Route {
  /// Parses the words after `ip route add`.
  package static func parse(_ text: String) throws(HostError) -> (route: Route, table: RoutingTableID?) {
    var words = RouteWords(text)
    var type = AddressType.unicast
    var table: RoutingTableID?
    guard var word = words.next() else { throw HostError("the route is empty") }
    let types: [Substring: AddressType] = [
      "unicast": .unicast, "local": .local, "broadcast": .broadcast, "multicast": .multicast, "blackhole": .blackhole,
      "unreachable": .unreachable, "prohibit": .prohibit, "throw": .throw, "anycast": .anycast,
    ]
    if let named = types[word] {
      type = named
      guard let next = words.next() else { throw HostError("the route has no destination") }
      word = next
    }
    var gateway: IPAddress?
    var device = InterfaceName.none
    var source: IPAddress?
    var metric: UInt32 = 0
    var mtu: Int?
    var tos: UInt8 = 0
    var isIPv6 = false
    let destination = word
    while let key = words.next() {
      switch key {
      case "via":
        gateway = try words.address(
          of: words.rest.first == "inet" || words.rest.first == "inet6" ? words.next() ?? key : key)
      case "dev": device = InterfaceName(try words.value(of: key))
      case "src": source = try words.address(of: key)
      case "metric", "preference", "priority": metric = UInt32(try words.number(of: key, in: 0...0xffff_ffff))
      case "mtu":
        if words.rest.first == "lock" { _ = words.next() }
        mtu = Int(try words.number(of: key, in: 68...65535))
      case "tos", "dsfield": tos = UInt8(try words.number(of: key, in: 0...255))
      case "table":
        let name = try words.value(of: key)
        guard let id = RoutingTableID(text: name) else { throw HostError("`\(name)` is not a routing table") }
        table = id
      case "pref":
        // Only routes of IPv6 have one.
        isIPv6 = true
        _ = try words.value(of: key)
      case "scope", "proto", "protocol", "realm", "realms", "advmss", "initcwnd", "initrwnd", "hoplimit", "expires",
        "nhid",
        "rto_min", "rtt", "rttvar", "cwnd", "ssthresh", "window", "reordering", "quickack", "congctl", "error":
        _ = try words.value(of: key)
      case "onlink", "pervasive", "linkdown", "dead", "offload", "trap", "cache": break
      default: throw HostError("`\(key)` is not known in a route")
      }
    }
    let family = (gateway ?? source)?.family ?? (isIPv6 ? .ipv6 : .ipv4)
    let prefix: AddressMatch
    if destination == "default" || destination == "any" || destination == "all" {
      prefix = AddressMatch(.any(family), prefixLength: 0)
    } else {
      guard let parsed = AddressMatch(prefix: destination) else {
        throw HostError("`\(destination)` is not a destination")
      }
      prefix = parsed
    }
    var route = Route(to: prefix, type: type, device: device, gateway: gateway, preferredSource: source)
    route.metric = metric
    route.mtu = mtu
    route.tos = tos
    return (route, table)
  }
}
