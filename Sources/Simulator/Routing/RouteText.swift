// Routes and rules as `ip route add` and `ip rule add` take them.

import NetfilterModel

/// What is wrong with the description of a host.
public struct HostError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, in lower case.
  public var message: String
  /// Makes an error.
  public init(_ message: String) { self.message = message }
  /// The message.
  public var description: String { message }
}

/// Words that are taken one after the other.
private struct Words {
  var rest: ArraySlice<Substring>

  init(_ text: String) { rest = text.split(whereSeparator: { $0 == " " || $0 == "\t" })[...] }

  mutating func next() -> Substring? { rest.popFirst() }

  mutating func value(of key: Substring) throws(HostError) -> Substring {
    guard let value = rest.popFirst() else { throw HostError("`\(key)` needs a value") }
    return value
  }

  mutating func number(of key: Substring, in range: ClosedRange<UInt64>) throws(HostError) -> UInt64 {
    let text = try value(of: key)
    guard let number = parseUnsigned(text, in: range) else {
      throw HostError("`\(text)` is not a number for `\(key)` (\(range.lowerBound) to \(range.upperBound))")
    }
    return number
  }

  mutating func address(of key: Substring) throws(HostError) -> IPAddress {
    let text = try value(of: key)
    guard let address = IPAddress(text) else { throw HostError("`\(text)` is not an address") }
    return address
  }
}

extension AddressMatch {
  /// Parses `address[/length]`; without a length the whole address counts.
  init?(prefix text: some StringProtocol) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPAddress(parts[0]) else { return nil }
    guard parts.count == 2 else {
      self.init(address, prefixLength: address.family.addressBits)
      return
    }
    guard let length = parseUnsigned(parts[1], in: 0...UInt64(address.family.addressBits)) else { return nil }
    self.init(address, prefixLength: Int(length))
  }
}

/// Parses the words after `ip route add`.
package func parseRoute(_ text: String) throws(HostError) -> (route: Route, table: RoutingTableID?) {
  var words = Words(text)
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

/// Parses the words after `ip rule add`.
package func parseRoutingRule(_ text: String) throws(HostError) -> (rule: RoutingRule, hasPriority: Bool) {
  var words = Words(text)
  var rule = RoutingRule(priority: 0, action: .lookup(.main))
  var hasPriority = false
  let prefix = { (text: Substring) throws(HostError) -> AddressMatch? in
    if text == "all" || text == "any" || text == "default" { return nil }
    guard let match = AddressMatch(prefix: text) else { throw HostError("`\(text)` is not an address or network") }
    return match
  }
  while let key = words.next() {
    switch key {
    case "add": break
    case "not": rule.inverted = true
    case "from": rule.source = try prefix(words.value(of: key))
    case "to": rule.destination = try prefix(words.value(of: key))
    case "fwmark":
      let argument = OptionArgument(String(try words.value(of: key)))
      do { rule.mark = try ValueCodec.masked.parse(argument) } catch { throw HostError(error.message) }
    case "iif", "dev": rule.input = InterfaceName(try words.value(of: key))
    case "oif": rule.output = InterfaceName(try words.value(of: key))
    case "tos", "dsfield": rule.tos = UInt8(try words.number(of: key, in: 0...255))
    case "prio", "priority", "pref", "preference", "order":
      rule.priority = UInt32(try words.number(of: key, in: 0...0xffff_ffff))
      hasPriority = true
    case "table", "lookup":
      let name = try words.value(of: key)
      guard let id = RoutingTableID(text: name) else { throw HostError("`\(name)` is not a routing table") }
      rule.action = .lookup(id)
    case "blackhole": rule.action = .blackhole
    case "unreachable": rule.action = .unreachable
    case "prohibit": rule.action = .prohibit
    case "protocol", "proto": _ = try words.value(of: key)
    default: throw HostError("`\(key)` is not known in a routing rule")
    }
  }
  if let mark = rule.mark, mark.value == 0, mark.mask == .max { rule.mark = MaskedValue(0, mask: 0) }
  return (rule, hasPriority)
}
