// Another host of a network.

import NetfilterModel
import Simulator

/// Another host of a network.
enum Neighbour {
  /// An address of the same network as one of the host's: one above it, or one below.
  static func of(_ address: InterfaceAddress) -> IPAddress? {
    let above = IPAddress(family: address.address.family, high: address.address.high, low: address.address.low &+ 1)
    let below = IPAddress(family: address.address.family, high: address.address.high, low: address.address.low &- 1)
    let network = PacketSet.numbers(address.network)
    return [above, below].first { other in
      let number = PacketSet.single(other)
      return network.contains(number) && number.lowest != network.lowest && number.lowest != network.highest
    }
  }
}
