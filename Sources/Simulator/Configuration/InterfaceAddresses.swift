// Answers the questions about a host's addresses without a search, however many there are.

import NetfilterModel

/// What is asked about the addresses of one interface.
struct InterfaceAddresses: Sendable {
  /// A primary address with its place among the interface's addresses.
  private struct Primary: Equatable {
    var place: Int
    var address: IPAddress
  }

  /// The primary address of each network: the first, as later ones of the same network are secondary.
  private var primaries = PerFamily(PrefixTrie<Primary>())
  private var firsts = PerFamily(IPAddress?.none)
  private var usable = PerFamily(IPAddress?.none)
  private var count = 0

  /// Adds an address and says whether it is secondary.
  mutating func add(_ address: InterfaceAddress) -> Bool {
    let family = address.address.family
    let place = count
    count += 1
    if firsts[family] == nil { firsts[family] = address.address }
    if primary(of: address.network) != nil { return true }
    primaries[family].change(address.network, default: Primary(place: place, address: address.address)) { _ in }
    if usable[family] == nil, !address.address.isLoopback { usable[family] = address.address }
    return false
  }

  /// The primary address of a network, or nil.
  func primary(of network: AddressMatch) -> IPAddress? { primaries[network.address.family][network]?.address }

  /// The first address of a family, or nil.
  func first(_ family: AddressFamily) -> IPAddress? { firsts[family] }

  /// The first address of a family that is primary and not a loopback address, or nil.
  func firstUsable(_ family: AddressFamily) -> IPAddress? { usable[family] }

  /// The first primary address, no loopback address, whose network contains a destination; nil when there is none.
  func usable(towards destination: IPAddress) -> IPAddress? {
    var best: Primary?
    let _: Never? = primaries[destination.family].first(containing: destination) { primary in
      if !primary.address.isLoopback, best.map({ primary.place < $0.place }) ?? true { best = copy primary }
      return nil
    }
    return best?.address
  }
}
