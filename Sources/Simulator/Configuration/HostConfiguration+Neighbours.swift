// Who is on the links of a host.

import NetfilterModel

extension HostConfiguration {
  /// Whether packets need a link-layer address to leave on an interface: it is Ethernet, as it has such an address itself.
  func hasLinkLayer(_ device: InterfaceName) -> Bool {
    interfaceIndex(device).map { interfaces[$0].mac != nil } ?? false
  }

  /// Whether an address is one of an interface's own (kernel: `ipv6_chk_addr_and_flags`, `ipv6_get_ifaddr`).
  func isOwn(_ address: IPAddress, on device: InterfaceName) -> Bool {
    interfaceIndex(device).map { interfaces[$0].addresses.contains { $0.address == address } } ?? false
  }

  /// The link-local address that an interface asks its neighbours with, the first one (kernel: `ipv6_get_lladdr`).
  func linkLocalAddress(of device: InterfaceName) -> IPAddress? {
    interfaceIndex(device).flatMap { interfaces[$0].addresses.first { $0.address.isLinkLocal }?.address }
  }

  /// Whether an interface listens to the anycast address of one of its networks (kernel: `ipv6_chk_acast_addr`).
  func isAnycast(_ address: IPAddress, on device: InterfaceName) -> Bool {
    anycastAddresses(of: device).contains(address)
  }

  /// The Ethernet address of who has an address on a link; nil where nobody has it.
  ///
  /// Everybody is there about whom nothing is said; the Ethernet address is 02:00 and the last four bytes of the address then.
  func linkLayerAddress(of neighbour: Neighbour) -> [UInt8]? {
    switch neighbours[neighbour] {
    case .absent: nil
    case .permanent(let mac): mac
    case nil: [2, 0] + neighbour.address.bytes.suffix(4)
    }
  }
}
