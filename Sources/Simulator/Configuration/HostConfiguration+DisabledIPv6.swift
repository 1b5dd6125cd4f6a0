// Interfaces on which IPv6 is turned off (kernel: `addrconf_disable_ipv6`, `addrconf_ifdown`).

import NetfilterModel

extension HostConfiguration {
  /// Whether IPv6 is turned off on an interface.
  func isIPv6Off(on name: InterfaceName) -> Bool { sysctls.ipv6(.disableIPv6, name) != 0 }

  /// Does what follows from a change of `disable_ipv6`: an interface that is turned off loses its addresses and routes of IPv6 for good,
  /// and one that is turned on again gets back what every interface has from the start.
  mutating func updateDisabledIPv6() {
    for index in interfaces.indices {
      let name = interfaces[index].name
      guard isIPv6Off(on: name) != withoutIPv6.contains(name) else { continue }
      if withoutIPv6.remove(name) != nil {
        addIPv6Interface(name)
      } else {
        withoutIPv6.insert(name)
        routing.ipv6.removeRoutes(by: name)
        // Who is on the link does not change; what the host knew of them is gone.
        neighbours = neighbours.filter {
          $0.key.device != name || $0.key.address.family != .ipv6 || $0.value == .absent
        }
        removeAddresses(of: .ipv6, at: index)
      }
    }
    updateAnycast()
  }
}
