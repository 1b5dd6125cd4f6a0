// Where a packet was seen at the ends of its walk, which is all that an answer to it needs.

import NetfilterModel

/// The packets that left a walk, and the one that the host took.
package struct PacketSightings {
  /// The first packet that reached the host itself.
  package private(set) var delivered: Packet?
  /// The packets that left, loopback among them, in order.
  package private(set) var emitted: [EmittedPacket] = []

  /// The numbers of packets that the host makes itself on the way (a redirect leaves before the packet that it is about,
  /// and so does a copy that a rule asks for), and of what follows from them: nobody converses with these.
  private var answers: [Int] = []

  /// Nothing was seen yet.
  package init() {}

  /// Takes an event of the walk.
  @inline(__always)
  package mutating func take(_ event: WalkEvent, of identity: PacketIdentity) {
    switch event {
    case .packetStarts(_, _, let reason):
      let isAside = reason == .discovery || reason == .answer || reason == .duplicate
      if isAside || identity.parent.map({ answers.contains($0) }) ?? false { answers.append(identity.number) }
    case .delivered(let packet):
      if delivered == nil, !answers.contains(identity.number) { delivered = packet }
    case .emitted(let packet, let output):
      if !answers.contains(identity.number) { emitted.append(EmittedPacket(output: output, packet: packet)) }
    default: break
    }
  }
}
