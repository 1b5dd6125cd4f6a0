// Routes as `ip route add` takes them.

import NetfilterModel

extension Route {
  /// Parses the words after `ip route add`, or behind `-4` or `-6` first; gives the table where one is named, whether the next hop is `onlink`, and the first
  /// word that changes what happens to packets but is not simulated.
  package static func parse(_ text: String) throws(HostError) -> (
    route: Route, table: RoutingTableID?, isOnLink: Bool, notSimulated: String?, hasRealm: Bool
  ) {
    var words = RouteWords(text)
    var type = AddressType.unicast
    var table: RoutingTableID?
    let named = words.family()
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
    var isMTULocked = false
    var tos: UInt8 = 0
    var isIPv6 = false
    var isOfOtherFamily = false
    var preference: Int8 = 0
    var isOnLink = false
    var notSimulated: String?
    var hasRealm = false
    let destination = word
    while let key = words.next() {
      if words.rest.first == "lock", key != "dev" {
        _ = words.next()
        if key == "mtu" { isMTULocked = true }
      }
      switch key {
      case "via":
        isOfOtherFamily = words.rest.first == "inet" || words.rest.first == "inet6"
        gateway = try words.address(of: isOfOtherFamily ? words.next() ?? key : key)
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
        let word = try words.value(of: key)
        guard let number: Int8 = ["high": 1, "medium": 0, "low": -1][word] else {
          throw HostError("`\(word)` is not a preference", help: "the preferences are high, medium and low")
        }
        preference = number
      case "from":
        throw HostError(
          "routes for some sources alone (`from`) are not simulated",
          help: "a routing rule says the same: rule -6 from PREFIX table N")
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
    // A next hop of the other family says so.
    let hop = isOfOtherFamily ? source : gateway ?? source
    let family = named ?? hop?.family ?? (isIPv6 ? .ipv6 : .ipv4)
    let prefix: AddressMatch
    if destination == "default" || destination == "any" || destination == "all" {
      prefix = AddressMatch(.any(family), prefixLength: 0)
    } else {
      guard let parsed = AddressMatch(prefix: destination) else {
        throw HostError("`\(destination)` is not a destination")
      }
      prefix = parsed
    }
    try check(prefix.address.family, named, gateway: isOfOtherFamily ? nil : gateway, source, tos: tos)
    if prefix.address.family == .ipv4 {
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
    if prefix.address.family == .ipv6, [.blackhole, .unreachable, .prohibit, .throw].contains(type) {
      // The kernel gives them the loopback interface whatever is named.
      device = .none
    }
    var route = Route(to: prefix, type: type, device: device, gateway: gateway, preferredSource: source)
    route.preference = preference
    route.metric = metric
    route.mtu = mtu
    route.isMTULocked = isMTULocked
    route.tos = tos
    return (route, table, isOnLink, notSimulated, hasRealm)
  }

  /// What does not fit the family of a route.
  private static func check(
    _ family: AddressFamily, _ named: AddressFamily?, gateway: IPAddress?, _ source: IPAddress?, tos: UInt8
  ) throws(HostError) {
    if let named, named != family {
      throw HostError("the destination is no \(named == .ipv4 ? "IPv4" : "IPv6") network")
    }
    if let gateway, gateway.family != family {
      throw HostError(
        "the next hop `\(gateway)` is not of the route's family",
        help: family == .ipv4 ? "write `via inet6 \(gateway)` if it is meant so" : nil)
    }
    if let source, source.family != family { throw HostError("`src \(source)` is not of the route's family") }
    if family == .ipv6, tos != 0 { throw HostError("IPv6 routes have no `tos`") }
  }

  private static let scopes: [Substring] = ["global", "site", "link", "host", "nowhere"]
}
