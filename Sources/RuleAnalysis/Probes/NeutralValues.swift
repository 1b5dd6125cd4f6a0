// Addresses, ports and interfaces that no rule speaks of, so that a packet with them meets only what is meant for all.

import NetfilterModel

/// Values that no rule speaks of.
struct NeutralValues: Sendable {
  /// Addresses far away.
  let sources: [IPAddress]
  /// An address of the host.
  let own: IPAddress
  /// A port that no rule names.
  let port: UInt16
  /// An interface that no rule names.
  let interface: InterfaceName
  /// The interfaces that rules name, each once, in their order; patterns as one name that fits.
  let named: [InterfaceName]

  init(_ views: [TableView], _ family: AddressFamily) {
    var addresses = IntervalSet([])
    var ports = IntervalSet([])
    var interfaces: [InterfacePattern] = []
    var seen: Set<InterfacePattern> = []
    var sourceParts: [IntervalSet.Part] = []
    var portParts: [IntervalSet.Part] = []
    for view in views {
      for rule in view.rules.joined() {
        for dimension in [Dimension.source, .destination] {
          // A network that holds half of all addresses says nothing of one of them.
          guard let numbers = rule.set[dimension], sourceParts.count < 20_000 else { continue }
          sourceParts += numbers.parts.filter { ($0.upper - $0.lower) >> UInt128(family.addressBits - 2) == 0 }
        }
        for dimension in [Dimension.sourcePort, .destinationPort] {
          guard let numbers = rule.set[dimension], portParts.count < 20_000 else { continue }
          portParts += numbers.parts.filter { $0.upper - $0.lower < 16384 }
        }
        for pattern in [rule.rule.header.input?.value, rule.rule.header.output?.value] {
          if let pattern, seen.insert(pattern).inserted { interfaces.append(pattern) }
        }
      }
    }
    addresses = IntervalSet(sourceParts)
    ports = IntervalSet(portParts)
    let candidates =
      family == .ipv4
      ? [
        "198.51.100.7", "192.0.2.77", "203.0.113.77", "93.184.216.34", "151.101.1.69", "185.199.108.153",
        "45.33.32.156",
      ] : ["2001:db8:7::7", "2001:db8:77::77", "2a00:1450:4001:80b::200e", "2606:4700::6810:84e5"]
    let free = candidates.compactMap { IPAddress($0[...], family: family) }.filter { address in
      !addresses.contains(PacketSet.single(address).lowest)
    }
    sources = free
    let owns =
      family == .ipv4
      ? ["203.0.113.1", "192.0.2.1", "198.51.100.1", "203.0.113.99"]
      : ["2001:db8:1::1", "2001:db8:2::1", "2001:db8:3::1"]
    let ownAddresses = owns.compactMap { IPAddress($0[...], family: family) }
    own =
      ownAddresses.first { !addresses.contains(PacketSet.single($0).lowest) } ?? ownAddresses.first ?? .any(family)
    port = [47_808, 34_567, 41_234, 50_321].first { !ports.contains(UInt128($0)) } ?? 47_808
    let names = ["wan9", "net9", "new9", "dev9"]
    interface =
      names.map { InterfaceName($0) }.first { name in
        !interfaces.contains { !$0.mask.isNone && $0.matches(name) }
      } ?? "wan9"
    named = interfaces.compactMap { pattern in
      let name = pattern.text
      if name == "+" { return nil }
      let plain = name.hasSuffix("+") ? String(name.dropLast()) + "0" : name
      return InterfaceName.isValid(plain) && plain != "lo" ? InterfaceName(plain) : nil
    }
  }

  /// A port above all that services use, for the end that asks.
  static let clientPort: UInt16 = 40_000
}
