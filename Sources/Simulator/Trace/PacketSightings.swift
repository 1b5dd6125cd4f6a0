// Where a packet was seen at the ends of its walk, which is all that an answer to it needs.

import NetfilterModel

/// The packets that left a walk, and the one that the host took.
package struct PacketSightings {
  /// The first packet that reached the host itself.
  package private(set) var delivered: Packet?
  /// The packets that left, loopback among them, in order.
  package private(set) var emitted: [EmittedPacket] = []

  /// The packets that ask for neighbours, by their numbers, and the answers to them: nobody converses with these.
  private var discovery: [Int] = []

  /// Nothing was seen yet.
  package init() {}

  /// Takes an event of the walk.
  @inline(__always)
  package mutating func take(_ event: WalkEvent, of identity: PacketIdentity) {
    switch event {
    case .packetStarts(_, _, let reason):
      if reason == .discovery || identity.parent.map({ discovery.contains($0) }) ?? false {
        discovery.append(identity.number)
      }
    case .delivered(let packet):
      if delivered == nil, !discovery.contains(identity.number) { delivered = packet }
    case .emitted(let packet, let output):
      if discovery.contains(identity.number) { return }
      emitted.append(EmittedPacket(output: output, packet: packet))
    default: break
    }
  }
}
