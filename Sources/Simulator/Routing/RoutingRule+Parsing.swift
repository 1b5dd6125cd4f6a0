// Routing rules as `ip rule add` takes them.

import NetfilterModel

extension RoutingRule {
  /// Parses the words after `ip rule add`, or behind `-4` or `-6` first; without an address it is a rule of IPv4.
  package static func parse(
    _ text: String
  ) throws(HostError) -> (rule: RoutingRule, hasPriority: Bool, family: AddressFamily) {
    var words = RouteWords(text)
    let named = words.family()
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
      case "iif", "dev": rule.input = try words.interface(of: key)
      case "oif": rule.output = try words.interface(of: key)
      case "tos", "dsfield": rule.tos = try words.tos(of: key)
      case "prio", "priority", "pref", "preference", "order":
        rule.priority = UInt32(try words.number(of: key, in: 0...0xffff_ffff))
        hasPriority = true
      case "table", "lookup":
        rule.action = .lookup(try words.table(of: key))
      case "blackhole": rule.action = .blackhole
      case "unreachable": rule.action = .unreachable
      case "prohibit": rule.action = .prohibit
      case "protocol", "proto": _ = try words.value(of: key)
      default: throw HostError("`\(key)` is not known in a routing rule")
      }
    }
    if let mark = rule.mark, mark.value == 0, mark.mask == .max { rule.mark = MaskedValue(0, mask: 0) }
    let families = [named, rule.source?.address.family, rule.destination?.address.family].compactMap { $0 }
    let family = families.first ?? .ipv4
    guard families.allSatisfy({ $0 == family }) else { throw HostError("the rule has addresses of both families") }
    return (rule, hasPriority, family)
  }
}
