// Routes as `ip route add` takes them.

import NetfilterModel

extension Route {
  /// Parses the words after `ip route add`; gives the table where one is named, whether the next hop is `onlink`, and the first
  /// word that changes what happens to packets but is not simulated.
  package static func parse(_ text: String) throws(HostError) -> (
    route: Route, table: RoutingTableID?, isOnLink: Bool, notSimulated: String?, hasRealm: Bool
  ) {
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
    var isOnLink = false
    var notSimulated: String?
    var hasRealm = false
    let destination = word
    while let key = words.next() {
      if words.rest.first == "lock", key != "dev" { _ = words.next() }
      switch key {
      case "via":
        gateway = try words.address(
          of: words.rest.first == "inet" || words.rest.first == "inet6" ? words.next() ?? key : key)
      case "dev": device = try words.interface(of: key)
      case "src": source = try words.address(of: key)
      case "metric", "preference", "priority": metric = UInt32(try words.number(of: key, in: 0...0xffff_ffff))
      case "mtu":
        mtu = Int(try words.number(of: key, in: 68...65535))
      case "tos", "dsfield": tos = try words.tos(of: key)
      case "table":
        table = try words.table(of: key)
      case "pref":
        // Only routes of IPv6 have one.
        isIPv6 = true
        _ = try words.value(of: key)
      case "scope":
        let scope = try words.value(of: key)
        guard scopes.contains(scope) || parseUnsigned(scope, in: 0...255) != nil else {
          throw HostError("`\(scope)` is not a scope", help: "the scopes are " + scopes.joined(separator: " "))
        }
      case "hoplimit":
        _ = try words.number(of: key, in: 0...255)
        notSimulated = "hoplimit"
      case "realm", "realms":
        _ = try words.value(of: key)
        hasRealm = true
      case "proto", "protocol", "advmss", "initcwnd", "initrwnd", "expires", "nhid", "rto_min",
        "rtt",
        "rttvar", "cwnd", "ssthresh", "window", "reordering", "quickack", "congctl", "error", "features",
        "fastopen_no_cookie":
        _ = try words.value(of: key)
      case "onlink": isOnLink = true
      case "pervasive", "linkdown", "offload", "trap", "cache": break
      case "dead": throw HostError("`dead` says that the kernel does not use the route", help: "leave the route out")
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
    if family == .ipv4 {
      if let slash = destination.firstIndex(of: "/"), IPAddress(destination[..<slash]) != prefix.address,
        let length = prefix.mask.prefixLength
      {
        throw HostError(
          "`\(destination)` is an address inside a network", help: "the network is \(prefix.address)/\(length)")
      }
      let isDeadEnd = type == .blackhole || type == .unreachable || type == .prohibit || type == .throw
      if isDeadEnd, !device.isNone || gateway != nil {
        throw HostError("a `\(words.first)` route takes neither `via` nor `dev`")
      }
    }
    var route = Route(to: prefix, type: type, device: device, gateway: gateway, preferredSource: source)
    route.metric = metric
    route.mtu = mtu
    route.tos = tos
    return (route, table, isOnLink, notSimulated, hasRealm)
  }

  private static let scopes: [Substring] = ["global", "site", "link", "host", "nowhere"]
}
