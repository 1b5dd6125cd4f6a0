// Where a packet was seen at the ends of its walk, which is all that an answer to it needs.

import NetfilterModel

/// The packets that left a walk, and the one that the host took.
package struct PacketSightings {
  /// The first packet that reached the host itself.
  package private(set) var delivered: Packet?
  /// The packets that left, loopback among them, in order.
  package private(set) var emitted: [EmittedPacket] = []

  /// Nothing was seen yet.
  package init() {}

  /// Takes an event of the walk.
  @inline(__always)
  package mutating func take(_ event: WalkEvent) {
    switch event {
    case .delivered(let packet): if delivered == nil { delivered = packet }
    case .emitted(let packet, let output): emitted.append(EmittedPacket(output: output, packet: packet))
    default: break
    }
  }
}
