// Another host of a network.

import NetfilterModel
import Simulator

/// Another host of a network.
enum Neighbour {
  /// An address of the same network as one of the host's, near it; not `other`.
  static func of(_ address: InterfaceAddress, but other: IPAddress? = nil) -> IPAddress? {
    let network = PacketSet.numbers(address.network)
    let near = [UInt64(1), .max, 2, .max - 1].map { step in
      IPAddress(family: address.address.family, high: address.address.high, low: address.address.low &+ step)
    }
    return near.first { candidate in
      let number = PacketSet.single(candidate)
      return candidate != other && network.contains(number) && number.lowest != network.lowest
        && number.lowest != network.highest
    }
  }
}
