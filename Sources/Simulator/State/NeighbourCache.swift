// Which neighbours the host can send to (kernel: net/core/neighbour.c; RFC 4861 §5).

import NetfilterModel

/// The neighbours whose link-layer address the host knows.
///
/// One that is known stays known: the kernel asks again, with a solicitation to the neighbour itself, some time (chance chooses 15 to 45
/// seconds, then 5) after it last heard of it, and nothing of that is simulated. Above `capacity` the oldest is forgotten.
struct NeighbourCache: Hashable, Sendable {
  /// How many neighbours the kernel keeps (`net.ipv6.neigh.default.gc_thresh3`).
  static let capacity = 1024

  private var known: [Neighbour: [UInt8]] = [:]
  /// The known ones in a ring; `oldest` is where the next one stands when the ring is full.
  private var order: [Neighbour] = []
  private var oldest = 0

  /// The link-layer address of a neighbour, or nil while it is not known.
  subscript(neighbour: Neighbour) -> [UInt8]? { known[neighbour] }

  /// Notes the link-layer address of a neighbour; another one that is known stays unless the new one overrides it (kernel:
  /// `neigh_update`).
  mutating func learn(_ neighbour: Neighbour, _ mac: [UInt8], overrides: Bool = true) {
    guard known[neighbour] == nil else {
      if overrides { known[neighbour] = mac }
      return
    }
    known[neighbour] = mac
    guard order.count == Self.capacity else { return order.append(neighbour) }
    known[order[oldest]] = nil
    order[oldest] = neighbour
    oldest = (oldest + 1) % Self.capacity
  }
}
