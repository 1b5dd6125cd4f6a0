// Whose an address is, without a search, however many addresses there are.

import NetfilterModel

/// The addresses of a host, with the interface of each.
struct OwnAddresses: Sendable {
  /// Up to this number a comparison with each is faster than a hash.
  private static let few = 16

  private var addresses: [IPAddress] = []
  /// The first interface that has the address, by its place.
  private var owners: [IPAddress: Int] = [:]

  /// Adds the address of an interface.
  mutating func add(_ address: IPAddress, interface: Int) {
    if let owner = owners[address] {
      owners[address] = min(owner, interface)
    } else {
      addresses.append(address)
      owners[address] = interface
    }
  }

  /// Whether an interface has the address; asked for every packet.
  @inline(__always)
  func contains(_ address: IPAddress) -> Bool {
    if _slowPath(addresses.count > OwnAddresses.few) { return owners[address] != nil }
    for index in addresses.indices where addresses[index] == address { return true }
    return false
  }

  /// The place of the first interface that has an address, or nil.
  func owner(of address: IPAddress) -> Int? { owners[address] }
}
